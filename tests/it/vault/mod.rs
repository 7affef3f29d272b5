//! The vault: format, keys, kinds, storing, receiving, reading, access, pages.

mod bulk;
mod format;
mod keys;
mod kinds;
mod pages;
mod receive;
mod store;
mod stream;
