//! How often one source may try to sign in, asked before any password is hashed.

use std::net::IpAddr;

use actix_web::{HttpRequest, http::StatusCode};

use crate::platform::{Refusal, Result, pace::Pace, web};

#[derive(Default)]
pub struct Gate(Pace);

/// Lets the request through, or says how long to wait.
pub fn pass(request: &HttpRequest) -> Result<()> {
    let platform = web::platform(request);
    let gate = platform.shared::<Gate>();
    let passed = gate.0.pass(platform.clock.now(), &source(&web::peer_ip(request)), platform.config.login_rate);
    passed.map_err(|wait| {
        Refusal::new(
            "too_many_attempts",
            "Too many attempts to sign in came from your network in a short time.",
            format!("Wait {wait} seconds and try again."),
        )
        .status(StatusCode::TOO_MANY_REQUESTS)
        .retry_after(wait)
        .into()
    })
}

/// An address; of IPv6 the network that one customer has.
fn source(ip: &str) -> String {
    match ip.parse() {
        Ok(IpAddr::V6(v6)) => v6.segments()[..4].iter().map(|part| format!("{part:x}:")).collect(),
        _ => ip.to_owned(),
    }
}
