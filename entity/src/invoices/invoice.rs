//! An invoice as Books last told it.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{CompanyId, InvoiceId, TenantId},
};

words! {
    pub enum InvoiceStatus {
        /// Not sent yet: nothing is owed, and it may change.
        Draft = "draft" => "Draft",
        Sent = "sent" => "Open",
        Paid = "paid" => "Paid",
        Overdue = "overdue" => "Overdue",
        Void = "void" => "Void",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "invoices_invoice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvoiceId,
    pub tenant_id: TenantId,
    /// None while its client at Books is mapped to nobody here.
    pub company_id: Option<CompanyId>,
    /// Books' name of the client, and of the invoice.
    pub client_ref: String,
    pub external_id: String,
    pub number: String,
    pub status: InvoiceStatus,
    pub currency: String,
    /// `2026-03-31`
    pub issued_on: String,
    pub due_on: Option<String>,
    /// Minor units.
    pub total: i64,
    pub balance: i64,
    /// JSON: lines, tax, note.
    pub detail: String,
    /// Grows with every change at Books; what is older than known is left alone.
    pub version: i64,
    pub taken_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
