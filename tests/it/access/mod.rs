//! Who may open what: every route × every person of the cast.

mod fields;
pub mod matrix;
mod sockets;
mod standing;
mod strangers;
