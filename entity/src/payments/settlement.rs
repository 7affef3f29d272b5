//! The settlement of one period of one agreement: what is owed, and which step its money has reached.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, SettlementId, TenantId},
};

words! {
    /// The steps of the state machine, in the order of a month that goes well; the last ones are where it may end instead.
    pub enum Step {
        /// Above the limit: two people must have said yes.
        Approval = "approval" => "Waits for approval",
        /// Waits for its moment, the first or the next one.
        Scheduled = "scheduled" => "Scheduled",
        /// The charge was asked for; what became of it is being found out.
        Charging = "charging" => "Being charged",
        /// The MSP's bank wants the holder to confirm.
        Confirming = "confirming" => "Waits for the bank's confirmation",
        /// A bank debit is on its way.
        Settling = "settling" => "Bank debit on its way",
        /// Charged; it is passed on.
        Transferring = "transferring" => "Charged, being passed on",
        /// With the attorney's Stripe account, on the way to the bank.
        PayingOut = "paying_out" => "Passed on, on the way to the bank",
        Paid = "paid" => "Paid",
        /// The payment is disputed; Stripe withholds it.
        Disputed = "disputed" => "Disputed",
        /// Money came back to the MSP; the transfer is taken back.
        Reversing = "reversing" => "Being taken back",
        /// Nothing more happens by itself.
        Failed = "failed" => "Failed",
        /// What Stripe shows is not what we asked for: nothing moves until somebody has looked.
        Halted = "halted" => "Halted",
        /// The attorney let it go.
        Waived = "waived" => "Waived",
    }
}

words! {
    /// What the Payout History says.
    pub enum PayoutStatus {
        Scheduled = "scheduled" => "Scheduled",
        Processing = "processing" => "Processing",
        Paid = "paid" => "Paid",
        Failed = "failed" => "Failed",
        Retrying = "retrying" => "Retrying",
    }
}

words! {
    /// Whose turn it is.
    pub enum Turn {
        /// Goes on by itself.
        Nobody = "nobody" => "Goes on by itself",
        Msp = "msp" => "The MSP",
        Attorney = "attorney" => "The attorney",
        Operator = "operator" => "The platform's operator",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "payments_settlement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SettlementId,
    pub tenant_id: TenantId,
    /// The agreement it is of, in its slice's word: `retainer:ID`. Unique with `period_first`.
    pub agreement: String,
    pub payee_id: AccountId,
    pub payee_name: String,
    /// `2026-03-01`, the first day of the period.
    pub period_first: String,
    /// Inclusive.
    pub period_last: String,
    /// Minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// What the amount is made of, as JSON.
    pub lines: String,
    /// Who agreed to be charged, when, and to which version of the terms.
    pub agreed_by: AccountId,
    pub agreed_by_name: String,
    pub agreed_at: Moment,
    pub agreed_version: i32,
    pub step: Step,
    pub status: PayoutStatus,
    /// Why it waits or failed: a word of `payments::settlement::Cause`, or empty.
    pub cause: String,
    pub turn: Turn,
    /// Charges begun so far.
    pub attempt: i32,
    /// When it goes on by itself.
    pub next_at: Option<Moment>,
    /// Since when the running call's idempotency key is in use; Stripe forgets it after 24 hours.
    pub key_at: Option<Moment>,
    /// Whom and what the running attempt charges.
    pub customer: Option<String>,
    pub method: Option<String>,
    /// Stripe's names of the running attempt's objects.
    pub intent: Option<String>,
    pub charge: Option<String>,
    pub transfer: Option<String>,
    pub payout: Option<String>,
    /// When the payout reaches the bank, or reached it.
    pub arrives_at: Option<Moment>,
    /// What Stripe took, in minor units of its own currency; the platform carries it.
    pub fee: i64,
    /// Grows with every change; of two who would change the same state, the second looks again.
    pub version: i32,
    pub paid_at: Option<Moment>,
    pub created_at: Moment,
    pub updated_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
