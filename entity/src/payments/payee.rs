//! An attorney's connected account at Stripe, as it was last seen there. The same for all the MSPs they work for.

use sea_orm::entity::prelude::*;

use crate::{Moment, Unwalled, ids::AccountId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "payments_payee")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// `acct_…`; none until it was opened.
    pub stripe_account: Option<String>,
    /// The hosted form was submitted once.
    pub submitted: bool,
    /// Money can be transferred to it.
    pub transfers: bool,
    /// Stripe pays out to the bank.
    pub payouts: bool,
    /// Stripe's names of what it still asks for, a JSON list: `["individual.verification.document"]`.
    pub due: String,
    /// Stripe's reason why it is restricted, `requirements.past_due`; empty where it is not.
    pub disabled_reason: String,
    /// `Test Bank •••• 6789`, empty while there is none.
    pub bank: String,
    /// A payout came back from that bank account.
    pub bank_failed: bool,
    /// When it was last looked at.
    pub seen_at: Moment,
    pub created_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
/// A person's own, whichever MSP they work for.
impl Unwalled for Entity {}
