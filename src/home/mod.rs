//! The firm's first screen: what waits for me.
//!
//! Promise: it starts from what the person has to do; each figure opens to its list; a new MSP is led to its first policy.
//! Owns no rows: it asks the slices above.

mod pages;
mod queries;
pub mod routes;
mod todo;
