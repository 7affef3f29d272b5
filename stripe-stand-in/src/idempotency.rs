//! Idempotency keys as Stripe keeps them: per account, for 24 hours, the first answer stands. Then a key is forgotten, and
//! the same request is executed again.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::ApiError;
use crate::world::World;

pub const LIFETIME: i64 = 24 * 3_600;
pub const LONGEST: usize = 255;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Saved {
    pub fingerprint: String,
    pub at: i64,
    pub request: String,
    /// `None` while the first request is still being executed.
    pub answer: Option<(u16, String)>,
}

/// What a request is, for the comparison with the one that first used its key.
pub fn fingerprint(method: &str, path: &str, pairs: &[(String, String)]) -> String {
    let mut sorted: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
    sorted.sort();
    format!("{method} {path}\n{}", sorted.join("\n"))
}

impl World {
    /// Throws out what is forgotten, now and then: an old key is not remembered whether it still lies here or not.
    pub fn prune_keys(&mut self) {
        if self.count().is_multiple_of(512) {
            let now = self.now();
            self.keys.retain(|_, saved| now - saved.at < LIFETIME);
        }
    }

    /// The answer to give again, nothing when the key is new, or why the key cannot be used.
    pub fn remembered(&self, slot: &str, fingerprint: &str) -> Result<Option<&Saved>, ApiError> {
        let Some(saved) = self.keys.get(slot) else { return Ok(None) };
        if self.now() - saved.at >= LIFETIME {
            return Ok(None);
        }
        let key = slot.split_once('|').map_or(slot, |(_, key)| key);
        if saved.fingerprint != fingerprint {
            let message = format!(
                "Keys for idempotent requests can only be used with the endpoint and parameters they were first used with. \
                 '{key}' was first used otherwise."
            );
            return Err(ApiError::idempotency(400, None, message));
        }
        if saved.answer.is_none() {
            let message = format!("Another request with the idempotency key '{key}' is still in progress.");
            return Err(ApiError::idempotency(409, Some("idempotency_key_in_use"), message));
        }
        Ok(Some(saved))
    }

    pub fn remember(&mut self, slot: &str, fingerprint: &str, request: &str, answer: Option<(u16, String)>) {
        let saved = Saved { fingerprint: fingerprint.to_owned(), at: self.now(), request: request.to_owned(), answer };
        self.keys.insert(slot.to_owned(), saved);
    }

    /// For the tests' eyes.
    pub fn keys_shown(&self) -> Value {
        let mut keys: Vec<Value> = self
            .keys
            .iter()
            .map(|(slot, saved)| {
                serde_json::json!({
                    "key": slot, "at": saved.at, "request": saved.request,
                    "status": saved.answer.as_ref().map(|(status, _)| *status),
                })
            })
            .collect();
        keys.sort_by_key(|entry| entry["at"].as_i64());
        Value::Array(keys)
    }
}
