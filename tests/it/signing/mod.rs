//! Envelopes from sending to the sealed document, as the people at their browsers see it.

pub mod certificate;
mod decline;
mod paper;
mod read;
mod refuse;
mod remind;
mod replace;
mod sign;
