//! One amount that moved from one account of a book to another of the same book and currency. Never changed, never deleted:
//! what was wrong is put right by another posting.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{LedgerAccountId, PostingId, TenantId},
};

words! {
    /// What happened; it decides which two accounts move.
    pub enum Movement {
        Due = "due" => "Fell due",
        Charged = "charged" => "Charged",
        Transferred = "transferred" => "Transferred to the attorney",
        Reversed = "reversed" => "Transfer taken back",
        Returned = "returned" => "Returned to the MSP",
        Withheld = "withheld" => "Withheld in a dispute",
        Released = "released" => "Dispute won",
        Lost = "lost" => "Dispute lost",
        Waived = "waived" => "Waived",
        Fee = "fee" => "Processing fee, carried by the platform",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "payments_posting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PostingId,
    pub tenant_id: TenantId,
    pub book: String,
    /// ISO 4217.
    pub currency: String,
    /// The account whose balance grows.
    pub debit: LedgerAccountId,
    /// The account whose balance shrinks.
    pub credit: LedgerAccountId,
    /// Minor units, above zero.
    pub amount: i64,
    pub movement: Movement,
    /// What it belongs to: `settlement:ID`.
    pub source: String,
    /// The processor's own name of it (`ch_…`, `tr_…`), or empty.
    pub reference: String,
    /// Unique: the same thing is posted once, however often it is told.
    pub once: String,
    pub at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
