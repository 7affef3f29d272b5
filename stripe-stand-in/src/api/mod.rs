//! The resources, one a file: what each address of Stripe's does here. `crate::routes` names them all.

pub mod account_links;
pub mod accounts;
pub mod charges;
pub mod checkout_sessions;
pub mod customers;
pub mod debits;
pub mod disputes;
pub mod external_accounts;
pub mod numbers;
pub mod payment_intents;
pub mod payment_methods;
pub mod payments;
pub mod payouts;
pub mod refunds;
pub mod reversals;
pub mod setup_intents;
pub mod transfers;
pub mod webhook_endpoints;
