//! What the vault can do: one file a verb.
pub mod add_version;
pub mod disable_key;
pub mod grant;
pub mod new_data_key;
pub mod open_document;
pub mod receive;
pub mod rotate_keys;
pub mod store;
pub mod sweep;
pub mod waiting;
pub mod watch;
