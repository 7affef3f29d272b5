//! What the Mission API said last, and who looked for its pages in an MSP's portal.
pub mod astray;
pub mod page;
