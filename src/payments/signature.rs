//! Stripe's signature of a webhook: HMAC-SHA256 over `timestamp.payload`, hex, in `Stripe-Signature: t=…,v1=…,v1=…`.
//! Source: <https://docs.stripe.com/webhooks#verify-manually>. Several secrets and several `v1` at once, so that a secret can be
//! replaced without a gap; within 300 seconds both ways; compared in constant time.

use entity::Moment;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::platform::config::Secret;

/// Seconds the signature may lie in the past or the future.
pub const TOLERANCE: i64 = 300;
/// More than Stripe ever sends: the header is read no further.
const HEADER_LIMIT: usize = 4_096;

/// Whether one of the secrets has signed exactly these bytes, lately.
pub fn is_signed(header: &str, payload: &[u8], secrets: &[Secret], now: Moment) -> bool {
    if header.len() > HEADER_LIMIT {
        return false;
    }
    let (mut at, mut given) = (None, Vec::new());
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", text)) => at = Some(text),
            Some(("v1", text)) => given.extend(hex::decode(text)),
            _ => {}
        }
    }
    let Some(at) = at else { return false };
    // The very digits that are signed: a number written otherwise is another text.
    let Some(seconds) = at.parse::<i64>().ok().filter(|_| at.bytes().all(|b| b.is_ascii_digit())) else { return false };
    if (now.seconds() - seconds).abs() > TOLERANCE {
        return false;
    }
    secrets.iter().any(|secret| {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) else { return false };
        mac.update(at.as_bytes());
        mac.update(b".");
        mac.update(payload);
        given.iter().any(|given| mac.clone().verify_slice(given).is_ok())
    })
}
