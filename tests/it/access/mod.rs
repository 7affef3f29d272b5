//! Who may open what: every route × every person of the cast.

mod canaries;
mod fields;
pub mod matrix;
mod sockets;
mod standing;
mod strangers;
mod unseen;
