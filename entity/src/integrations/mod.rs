//! What we know of other programs beside us, and what goes to them.
pub mod delivery;
pub mod feed_event;
pub mod feed_head;
pub mod hook;
pub mod psa_claim;
pub mod psa_match;
pub mod psa_person;
pub mod psa_refused;
pub mod psa_state;

pub use delivery::DeliveryStatus;
pub use psa_match::MatchKind;
pub use psa_person::PersonWait;
