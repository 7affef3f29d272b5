//! Small tools for secrets: hashing tokens at rest and comparing in constant time.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{Config, Keyring};

/// The key under which session tokens lie in the database: of `SESSION_KEY` where it is set, else of the keyring. Who can write
/// into the database, but holds no key, cannot plant a session; a new `SESSION_KEY` ends them all.
pub struct SessionKey(Zeroizing<[u8; 32]>);

impl SessionKey {
    pub(super) fn of(config: &Config, keyring: &Keyring) -> Self {
        Self(match &config.session_key {
            Some(key) => Zeroizing::new(Sha256::digest(key.expose().as_bytes()).into()),
            None => keyring.derive("session tokens"),
        })
    }

    /// HMAC-SHA-256 of a session's token, hex.
    pub fn hash(&self, token: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0[..]).expect("HMAC takes any key length");
        mac.update(token.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

/// SHA-256 in hex: how tokens of 256 random bits lie in the database (those of sessions: [`SessionKey`]).
pub fn token_hash(token: &str) -> String {
    sha256_hex(token.as_bytes())
}

pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Equal, in time that does not tell where the difference is.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}
