//! Rows of compliance.
