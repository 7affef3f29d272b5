//! The earlier product's two troubleshooting pages, line by line: each cause is impossible, or named by the product itself.
//!
//! Tests anywhere say what they have shown by `causes::named` and `causes::impossible`; those that have no better place are here.
//! `docs/troubleshooting.md` is made of that: `UPDATE_TROUBLESHOOTING=1 cargo test --test it -- troubleshooting::table`.

mod legal;
mod portal;
mod table;
