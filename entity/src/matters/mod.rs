//! Matters and who takes part in them.
pub mod matter;
pub mod participant;

pub use matter::{MatterKind, MatterStatus, Urgency};
pub use participant::Side;
