//! Keys of an MSP's own programs, and what was answered to them.

pub mod answer;
pub mod key;
