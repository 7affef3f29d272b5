//! Payments: what is owed, charged, held and passed on, and the settlement that takes a month's bill from one to the other.
//!
//! Promise: every cent has a source, an owner and a next step, and nothing is ever paid twice. A posting is one amount from one
//! account of a book to another, so each book sums to zero at every instant. A settlement is a state machine in the database that
//! believes nothing but what it has just fetched from Stripe; before each call its idempotency key stands in the row.
//! Owns: `payments_*`. Refuses: an amount of nothing, money of one book in another, passing on what was not charged, a charge
//! that nobody agreed to. Tells: [`events`].
//! It does not know what is paid for: agreement and book are words of the caller (`retainer:ID`).

mod access;
mod api;
mod asked;
mod calendar;
mod cause;
mod commands;
pub mod events;
pub mod jobs;
mod ledger;
mod others;
mod pages;
mod queries;
pub mod routes;
pub mod settlement;
mod signature;
pub mod statement;
mod stripe;

pub use access::{Earner, MethodKeeper, PayoutPayee, PayoutPayer, PayoutSeat, PayoutViewer};
pub use cause::Cause;
pub use commands::{
    advance::{Left, advance},
    approve::approve,
    look_again::look_again,
    open_account::open_account,
    post::{Posting, post},
    receive_webhook::receive_webhook,
    reconcile::{Reconciled, reconcile},
    refresh_payee::refresh_payee,
    refresh_payer::refresh_payer,
    remove_method::remove_method,
    replay_webhook::replay_webhook,
    schedule::{Agreed, Line, NewSettlement, schedule},
    set_up_method::set_up_method,
    try_again::try_again,
    waive::waive,
    work_webhooks::work_webhooks,
};
pub use ledger::{Book, debit_and_credit};
pub use queries::{
    Balances, PaymentsHealth, PayoutLine, PostingLine, Till, account_is_due, balances, health, last_webhook, period_words,
    postings, settled_periods, settled_until, stripe_answers, stuck, waiting_count, waiting_for, waiting_on,
};
pub use signature::is_signed;
pub use stripe::CallError as StripeError;
