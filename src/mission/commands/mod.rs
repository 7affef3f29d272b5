//! What can be done: look at what Mission says, and write down who looked in the wrong place.
pub mod look;
pub mod note_astray;
