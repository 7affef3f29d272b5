//! Accounts, their sessions, and what a sign-in goes through.
pub mod account;
pub mod arrival;
pub mod attempt;
pub mod ceremony;
pub mod device;
pub mod kept_form;
pub mod link;
pub mod mfa_reset;
pub mod passkey;
pub mod recovery_code;
pub mod session;
pub mod ticket_use;

pub use account::{AccountKind, AccountStatus};
pub use arrival::SsoFace;
pub use link::LinkPurpose;
pub use session::SessionStage;
