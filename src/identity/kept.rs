//! A form that came after its session had ended, as it is sealed.

use serde::{Deserialize, Serialize};

use crate::platform::web::unsent::Unsent;

/// What the keyring's key for it is derived for.
pub const PURPOSE: &str = "kept form";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeptForm {
    /// Where it was sent, on our own origin.
    pub path: String,
    pub form: Unsent,
}
