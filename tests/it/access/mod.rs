//! Who may open what: every route × every person of the cast.

mod acts;
mod canaries;
mod doors;
mod fields;
pub mod matrix;
mod model;
mod same;
mod sockets;
mod standing;
mod strangers;
mod unseen;
