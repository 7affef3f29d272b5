//! Other programs beside us: what goes to them and what comes from them.
//!
//! Promise: what happened here reaches the other program once and in order, also after a day on which it was away; what comes from
//! there is taken once, and never sent back. Each page says what the other side has seen, and why not.
//! Owns: `integrations_*`. Refuses: callers without the key. Hears: events of the slices above, by the outbox.

pub mod crm;
pub mod outgoing;
pub mod psa;
pub mod routes;
