//! What the audit log can do: take a line.
pub mod record;
