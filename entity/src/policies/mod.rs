//! Templates and their versions, client policies, comments on them, and the people put on them.
pub mod comment;
pub mod person;
pub mod policy;
pub mod signer;
pub mod template;
pub mod template_version;

pub use policy::{Acknowledgement, PolicyStatus, SignerChoice};
pub use template::{Category, TemplateState};
