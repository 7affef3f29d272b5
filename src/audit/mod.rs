//! What happened, to what, by whom: append-only, hash-chained per tenant, heads signed outside the database.
//!
//! Promise: a changed, missing, moved or truncated line is found and named by [`verify`].
//! Owns: `audit_entry`, `audit_head`, and the anchor file outside (`AUDIT_ANCHOR`). Refuses: changing a line.

mod anchor;
mod commands;
mod queries;
mod words;

pub use anchor::{anchor, anchor_first, anchor_forever, last_anchored};
pub use commands::record::{Line, record};
pub use queries::{Broken, Search, Verified, acted_on, activity, after, history, page, recorded_since, trail, verify};
pub use words::words;
