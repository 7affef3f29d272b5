//! The pages of payouts, payment methods, payout accounts and statements.

pub mod account;
pub mod billing;
pub mod leave;
pub mod list;
pub mod operator;
pub mod show;
pub mod statements;
