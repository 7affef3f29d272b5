//! The ledger (accounts of a book, and postings between two of them); who pays, who is paid, and each period's settlement.
pub mod account;
pub mod approval;
pub mod happening;
pub mod payee;
pub mod payer;
pub mod posting;
pub mod reconciliation;
pub mod settlement;
pub mod statement_month;
pub mod webhook;

pub use account::AccountKind;
pub use payer::MethodKind;
pub use posting::Movement;
pub use settlement::{PayoutStatus, Step, Turn};
