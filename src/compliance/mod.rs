//! Scores per client, and their reasons.
//!
//! Promise: a score is derived from the policies and signatures as they stand, never stored, so it moves in the transaction of
//! the signature itself; every point opens to the policy, the person, the version and the date.
//! Owns no rows.

mod api;
mod pages;
mod queries;
pub mod routes;
mod score;

pub use pages::tenants;
pub use queries::{of_company, of_tenant};
pub use score::{Band, Requirement, Score};
