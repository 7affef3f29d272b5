//! What can be done with templates and policies: one file per verb.

pub mod after_signature;
pub mod approve;
pub mod approve_finally;
pub mod archive;
pub mod archive_template;
pub mod cancel;
pub mod choose_client;
pub mod choose_signers;
pub mod comment;
pub mod create_draft;
pub mod create_template;
pub mod fill_in;
pub mod install_defaults;
mod publish;
pub mod publish_template;
pub mod put_on;
pub mod recall;
pub mod remind;
pub mod renew;
pub mod replace_signer;
pub mod resolve_comment;
pub mod save_template;
pub mod send_back;
pub mod send_to_client;
pub(in crate::policies) mod step;
pub mod submit;
