//! Encrypted documents and their keys.
//!
//! Promise: no document, version or conversation lies readable on a disk; what does not authenticate is not shown; every opening
//! stands in the audit log before its first byte goes out.
//! Owns: `vault_*` and the blob store. Refuses: files a browser could run, bytes under a disabled key.
//! Tells: `document.added`, `document.opened`, `account.read_in_bulk`.
//!
//! Keys: the key store (local keyring, later Azure Key Vault) wraps one key a tenant, that wraps one data key a document version
//! and a conversation. Other slices take a key by [`new_data_key`] and [`data_key`], or hand whole documents to [`store`].

mod access;
mod api;
mod archive;
mod commands;
mod content;
mod document;
mod events;
pub mod file_name;
mod intake;
mod key;
pub mod kind;
pub mod olv1;
mod pages;
mod queries;
pub mod routes;
mod search;
mod upload;

pub use access::{can_read, may_add};
pub use commands::{
    disable_key::{disable_key, enable_key},
    grant::{grant, grant_all, ungrant, ungrant_all},
    new_data_key::new_data_key,
    receive::{receive, receive_waiting},
    rotate_keys::{rewrap_keys, rotate_keys},
    store::{store, store_version},
    sweep::{sweep, sweep_forever},
    waiting::{all_there, discard, send},
    watch::WINDOW_MINUTES,
};
pub use document::{Audience, DocumentRow, IN_THE_VAULT, NewDocument, VersionRow, clean_title, size_words};
pub use entity::vault::{Category, DocumentStatus};
pub use key::{DataKey, KeyCache, TenantKeyRow};
pub use queries::{data_key, documents_of, documents_of_all, read, sendable, tenant_keys, version_of, versions};
pub use upload::{IncomingFile, Upload};
