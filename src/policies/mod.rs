//! Templates, client policies, the wizard, review and approval.
//!
//! Promise: a policy goes `draft → internal_review → client_review → final_approval → published`, each step by somebody who may;
//! what is published never changes, and a new version supersedes the old one at the moment it is published, never before.
//! Owns: `policies_*`. What was filled in, what it says and what was said about it is sealed under the policy's data key.
//! Refuses: sending what is not complete, approving without being an attorney, editing what was sent.
//! Tells: [`events`].
//!
//! The text handed to signing is sanitized HTML of these elements alone: `section h2 h3 h4 h5 h6 p br strong em del code pre
//! blockquote ul ol(start) li table thead tbody tr th(align) td(align) hr`.

mod access;
mod api;
mod changes;
mod commands;
mod crypt;
mod defaults;
mod draft;
pub mod events;
mod jobs;
mod pages;
mod policy;
mod queries;
mod remark;
mod render;
pub mod routes;
mod template;

pub use access::{
    Approve, ApproveFinally, Archive, Cancel, Comment, Drafter, Edit, May, Named, Reader, Renew, SendBack, SendToClient, Submit,
    may_remind,
};
pub use commands::{
    after_signature::after_signature,
    approve::approve,
    approve_finally::approve_finally,
    archive::archive,
    cancel::cancel,
    choose_signers::{Signers, choose_signers},
    comment::{NewComment, comment, paragraphs},
    create_draft::{Basics, create_draft},
    fill_in::{Filling, fill_in},
    install_defaults::install_defaults,
    renew::renew,
    send_back::send_back,
    send_to_client::send_to_client,
    submit::submit,
};
pub use jobs::LayOutNotice;
pub use policy::{IN_FORCE, PolicyFacts, RequiredPolicy, source, today};
pub use queries::{
    assigned, begun, envelope_for, facts_of, for_information, of_company, required_in_force, required_in_tenant, waiting_for,
    waiting_list, with_attorney_since,
};
