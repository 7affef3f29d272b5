//! How often one source may try to sign in, asked before any password is hashed (generic cell rate algorithm: a burst, then
//! an even pace).

use std::{collections::HashMap, net::IpAddr};

use actix_web::{HttpRequest, http::StatusCode};
use entity::Moment;
use parking_lot::Mutex;

use crate::platform::{Refusal, Result, web};

/// When each source has used up what it was granted.
#[derive(Default)]
pub struct Gate(Mutex<HashMap<String, Moment>>);

/// Sources remembered before those that are at rest are forgotten.
const REMEMBERED: usize = 50_000;

/// Lets the request through, or says how long to wait.
pub fn pass(request: &HttpRequest) -> Result<()> {
    let platform = web::platform(request);
    let rate = i64::from(platform.config.login_rate);
    let (pace, burst) = (Moment::MINUTE / rate, Moment::MINUTE);
    let now = platform.clock.now();
    let gate = platform.shared::<Gate>();
    let mut sources = gate.0.lock();
    if sources.len() > REMEMBERED {
        sources.retain(|_, until| *until > now);
    }
    let until = sources.entry(source(&web::peer_ip(request))).or_insert(now);
    let after = Moment(until.0.max(now.0)).plus(pace.max(1));
    if after.since(now) > burst {
        let wait = (after.since(now) - burst + Moment::SECOND - 1).div_euclid(Moment::SECOND).max(1);
        return Err(Refusal::new(
            "too_many_attempts",
            "Too many attempts to sign in came from your network in a short time.",
            format!("Wait {wait} seconds and try again."),
        )
        .status(StatusCode::TOO_MANY_REQUESTS)
        .retry_after(wait.unsigned_abs())
        .into());
    }
    *until = after;
    Ok(())
}

/// An address; of IPv6 the network that one customer has.
fn source(ip: &str) -> String {
    match ip.parse() {
        Ok(IpAddr::V6(v6)) => v6.segments()[..4].iter().map(|part| format!("{part:x}:")).collect(),
        _ => ip.to_owned(),
    }
}
