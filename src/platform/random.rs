//! Randomness from the operating system, and ids made of it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::Moment;
use uuid::{NoContext, Timestamp, Uuid};

/// `N` bytes from the operating system's generator.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system's generator answers; without it nothing here is safe");
    bytes
}

/// A 256-bit token for links and cookies, URL-safe.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// A UUIDv7 of that moment.
#[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
pub fn id(at: Moment) -> Uuid {
    let seconds = u64::try_from(at.seconds()).unwrap_or(0);
    let nanos = u32::try_from(at.0.rem_euclid(1_000)).unwrap_or(0) * 1_000_000;
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, nanos))
}
