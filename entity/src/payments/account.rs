//! One side of a ledger: what somebody owes, is owed, or where money is held. Its balance is the sum of its postings.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{LedgerAccountId, TenantId},
};

words! {
    /// The sides of a book. The first four stand in the book of an agreement, the last two in the platform's own.
    pub enum AccountKind {
        /// What the MSP owes: debit.
        Payer = "payer" => "Owed by the MSP",
        /// What the attorney is owed: credit.
        Payee = "payee" => "Owed to the attorney",
        /// Charged and not passed on yet; it lies at the payment processor.
        Held = "held" => "Held at Stripe",
        /// Withheld by the processor while a payment is disputed.
        Disputed = "disputed" => "Withheld in a dispute",
        /// What the processor takes for its work.
        ProcessingFees = "processing_fees" => "Stripe's processing fees",
        /// What carries those fees.
        Platform = "platform" => "The platform's own money",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "payments_account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LedgerAccountId,
    pub tenant_id: TenantId,
    /// Whose money this is, and nobody else's: `retainer:ID`, `platform:TENANT`.
    pub book: String,
    pub kind: AccountKind,
    /// ISO 4217.
    pub currency: String,
    pub created_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
