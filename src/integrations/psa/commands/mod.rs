//! What is done with the PSA.
pub mod claim;
pub mod compare_now;
pub mod decide;
pub mod follow;
pub mod matching;
pub mod note_person;
pub mod push;
pub mod reconcile;
pub mod refused;
pub mod take;
pub mod take_people;
