//! Payments: the ledger of what is owed, charged, held and passed on.
//!
//! Promise: every cent has a source and an owner. A posting is one amount from one account of a book to another, so each book
//! sums to zero at every instant; the same thing is posted once, however often it is told.
//! Owns: `payments_*`. Refuses: an amount of nothing, money of one book in another, passing on what was not charged.
//! It does not know whose money it is: a [`Book`] is a word of its caller (`retainer:ID`).

mod commands;
mod ledger;
mod queries;

pub use commands::post::{Posting, post};
pub use ledger::{Book, debit_and_credit};
pub use queries::{Balances, PostingLine, balances, postings};
