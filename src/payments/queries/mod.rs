//! Reading settlements, books, and what is known of Stripe.

mod books;
mod filters;
mod history;
mod stripe;

pub use books::{Balances, PostingLine, WantedMoves, balance, balances, moved, moved_in, postings};
pub use filters::{agreements, first_tenant, others, settled_periods, settled_until};
pub use history::{
    PayoutDetail, PayoutLine, Till, WantedPayouts, payout, payouts, payouts_leaf, period_words, stuck, waiting_count, waiting_for,
    waiting_on,
};
pub use stripe::{
    PaymentsHealth, WebhookDetail, account_is_due, health, last_reconciliation, last_webhook, payee_of, payer_of, stripe_answers,
    webhook, webhooks,
};
