//! TOTP (RFC 6238): SHA-1, six digits, 30 s, as every authenticator app takes it.

use totp_rs::{Algorithm, Builder, Secret, Totp};

use crate::platform::Result;

pub const STEP_SECONDS: i64 = 30;

/// What the authenticator app shows as the issuer.
pub const ISSUER: &str = "The One Legal";

/// RFC 4648 base32 without padding, as authenticator apps take it.
pub fn base32(secret: &[u8]) -> String {
    Secret::from(secret.to_vec()).to_base32()
}

fn totp(secret: &[u8], email: &str) -> Result<Totp> {
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(STEP_SECONDS as u64)
        .with_skew(0)
        .with_secret(secret.to_vec())
        .with_account_name(email.to_owned())
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(|e| anyhow::anyhow!("totp: {e}"))?;
    Ok(totp)
}

/// `otpauth://totp/The%20One%20Legal:ada@…`
pub fn address(secret: &[u8], email: &str) -> Result<String> {
    Ok(totp(secret, email)?.to_url().map_err(|e| anyhow::anyhow!("totp: {e}"))?)
}

/// The code of that step (seconds since the epoch divided by 30).
pub fn code(secret: &[u8], step: i64) -> Result<String> {
    Ok(totp(secret, "account")?.generate((step * STEP_SECONDS) as u64).to_string())
}

/// The code of that moment for a base32 secret: what an authenticator app shows.
pub fn code_of_base32(secret: &str, at: entity::Moment) -> Result<String> {
    let secret = Secret::try_from_base32(secret).map_err(|e| anyhow::anyhow!("totp: {e}"))?;
    code(secret.as_ref(), at.seconds().div_euclid(STEP_SECONDS))
}

/// What a typed code is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// The code of this step: one before, now, or one after.
    Right(i64),
    /// A code of so many steps before (negative) or after now: the device's clock is off.
    Drifted(i64),
    Wrong,
}

/// Steps of drift that are measured, though not accepted.
const MEASURED: i64 = 10;

/// Compares with the steps around now; every comparison is made, whatever the earlier ones said.
pub fn judge(secret: &[u8], typed: &str, at: entity::Moment) -> Result<Judged> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let now = at.seconds().div_euclid(STEP_SECONDS);
    let mut judged = Judged::Wrong;
    for away in -MEASURED..=MEASURED {
        let same = crate::platform::secret::same(code(secret, now + away)?.as_bytes(), typed.as_bytes());
        if same && away.abs() <= 1 {
            judged = Judged::Right(now + away);
        } else if same && !matches!(judged, Judged::Right(_)) {
            judged = Judged::Drifted(away);
        }
    }
    Ok(judged)
}

/// `Your device's clock is about 2 minutes behind. …`
pub fn drift_words(steps: i64) -> String {
    let minutes = (steps.abs() * STEP_SECONDS + 30) / 60;
    let about = if minutes <= 1 { "a minute".to_owned() } else { format!("{minutes} minutes") };
    let way = if steps < 0 { "behind" } else { "ahead" };
    format!("Your device's clock is about {about} {way}. Turn on automatic date and time there, then type the next code.")
}
