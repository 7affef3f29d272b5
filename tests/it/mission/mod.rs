//! Mission mode: what a member sees, on good days and on bad ones, and that nobody else does.

mod pages;
mod standin;
mod troubles;
