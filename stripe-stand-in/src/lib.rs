//! A stateful stand-in for Stripe's API, for tests and development on loopback.
//!
//! It answers with objects shaped like Stripe's published examples, refuses what Stripe refuses, keeps idempotency keys
//! for 24 hours of its own clock, moves money between balances by Stripe's rules, and sends signed webhooks. Tests start
//! it with [`StandIn::start`], point `STRIPE_API_BASE` at [`StandIn::url`], and steer it through its methods or through
//! `/_test/…` (see the README). Nothing here may be reached from the product's own code.

#![forbid(unsafe_code)]

mod admin;
mod api;
mod clock;
mod deliveries;
mod door;
mod due;
mod error;
mod events;
mod faults;
mod fixtures;
mod idempotency;
mod ids;
mod money;
mod pages;
mod params;
mod pipeline;
mod render;
mod routes;
mod scenarios;
mod server;
mod signature;
mod snapshot;
mod spec;
mod world;

pub use deliveries::{Delivery, DeliveryMode, DeliveryState};
pub use door::{Endpoint, Options, Scope, StandIn};
pub use faults::{Fault, FaultKind};
pub use fixtures::{API_VERSION, fixture};
pub use pipeline::{Reply, Request};
pub use signature::sign;
pub use world::Settings;
