//! The stand-in against what Stripe documents.

mod faults;
mod idempotency;
mod lists;
mod money;
mod node;
mod parameters;
mod routes;
mod shapes;
mod snapshot;
mod stage;
mod walk;
mod webhooks;
