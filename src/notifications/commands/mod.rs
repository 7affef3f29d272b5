//! What a person does with the bell.
pub mod mark_read;
pub mod opened;
pub mod ring;
pub mod set_preference;
pub mod take_back;
