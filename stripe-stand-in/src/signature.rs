//! `Stripe-Signature`: the moment and one HMAC-SHA256 over `moment.payload` for each secret in force.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The header for this payload: `t=…,v1=…`, one `v1` a secret.
pub fn sign(payload: &str, secrets: &[String], at: i64) -> String {
    let mut header = format!("t={at}");
    for secret in secrets {
        // HMAC takes keys of every length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { continue };
        mac.update(format!("{at}.{payload}").as_bytes());
        header.push_str(",v1=");
        header.push_str(&hex::encode(mac.finalize().into_bytes()));
    }
    header
}
