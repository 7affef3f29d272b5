//! Templates and client policies: the wizard, review, signing, final approval, and who may not.

mod access;
mod inform;
mod lifecycle;
pub mod support;
mod templates;
mod wizard;
