//! What this slice tells the others.

use entity::{
    ids::{AccountId, SettlementId, TenantId},
    payments::settlement,
};
use serde::Serialize;

use super::cause::Cause;
use crate::platform::{Event, events, money};

/// The settlement an event is about.
#[derive(Clone, Debug, Serialize)]
pub struct About {
    pub tenant: TenantId,
    pub settlement: SettlementId,
    pub attorney: AccountId,
    pub attorney_name: String,
    /// `$1,500.00`
    pub amount: String,
    /// `1 Mar 2026 – 31 Mar 2026`
    pub period: String,
    /// Why, in a sentence; empty where all is well.
    pub cause: &'static str,
}

pub fn about(row: &settlement::Model) -> About {
    About {
        tenant: row.tenant_id,
        settlement: row.id,
        attorney: row.payee_id,
        attorney_name: row.payee_name.clone(),
        amount: money::words(row.amount, &row.currency),
        period: super::queries::period_words(row),
        cause: Cause(row.cause.clone()).words(),
    }
}

events! {
    /// To both sides: a month was billed, with its amount.
    PayoutScheduled = "payout.scheduled",
    /// To the MSP: the charge has settled.
    PayoutCharged = "payout.charged",
    /// To both sides: it reached the attorney's bank.
    PayoutPaid = "payout.paid",
    /// To owner and admins: it waits for them.
    PayoutNeedsMsp = "payout.needs_msp",
    /// To the attorney: it waits for them.
    PayoutNeedsAttorney = "payout.needs_attorney",
    /// To both sides: the bank disputes it.
    PayoutDisputed = "payout.disputed",
    /// To both sides: nothing more happens by itself.
    PayoutFailed = "payout.failed",
}

/// To owner and admins: a month has ended, with its sums.
#[derive(Clone, Debug, Serialize)]
pub struct StatementOfMsp {
    pub tenant: TenantId,
    /// `March 2026`, and `2026-03`.
    pub month: String,
    pub word: String,
    pub sums: String,
}

impl Event for StatementOfMsp {
    const NAME: &'static str = "statement.msp";

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant)
    }
}

/// To an attorney: what of it is theirs.
#[derive(Clone, Debug, Serialize)]
pub struct StatementOfAttorney {
    pub tenant: TenantId,
    pub attorney: AccountId,
    pub month: String,
    pub word: String,
    pub sums: String,
}

impl Event for StatementOfAttorney {
    const NAME: &'static str = "statement.attorney";

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant)
    }
}

/// To the attorney: Stripe has stopped transfers to them, or payouts to their bank.
#[derive(Clone, Debug, Serialize)]
pub struct PayoutAccountRestricted {
    pub account: AccountId,
}

impl Event for PayoutAccountRestricted {
    const NAME: &'static str = "payout_account.restricted";

    fn tenant(&self) -> Option<TenantId> {
        None
    }
}

/// To the attorney: payouts go to another bank account. Whoever did not do that must hear of it.
#[derive(Clone, Debug, Serialize)]
pub struct PayoutBankChanged {
    pub account: AccountId,
    pub bank: String,
}

impl Event for PayoutBankChanged {
    const NAME: &'static str = "payout_account.bank_changed";

    fn tenant(&self) -> Option<TenantId> {
        None
    }
}
