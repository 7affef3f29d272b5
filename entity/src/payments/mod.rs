//! The ledger: accounts of a book, and postings between two of them.
pub mod account;
pub mod posting;

pub use account::AccountKind;
pub use posting::Movement;
