//! What we know of other programs beside us.
pub mod psa_claim;
pub mod psa_match;
pub mod psa_state;

pub use psa_match::MatchKind;
