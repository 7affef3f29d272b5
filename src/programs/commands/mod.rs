//! What can be done with keys.
pub mod create_key;
pub mod keep_answer;
pub mod revoke_key;
pub mod touch_key;
