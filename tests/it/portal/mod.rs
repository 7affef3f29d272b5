//! The client's first page.

mod waiting;
