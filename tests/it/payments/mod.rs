//! The ledger.

mod ledger;
