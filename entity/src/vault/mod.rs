//! Encrypted documents: what they are called, who may read them, and the wrapped keys of their bytes.
pub mod data_key;
pub mod document;
pub mod grant;
pub mod tenant_key;
pub mod version;

pub use document::{Category, DocumentStatus};
