//! What signing can do.
pub mod attest;
pub mod decline;
pub mod record_reading;
pub mod remind;
pub mod replace_signer;
pub mod seal;
pub mod send;
pub mod sign;
pub mod void;
