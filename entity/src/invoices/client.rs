//! A client as Books knows it, and which company here it is.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{BooksClientId, CompanyId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "invoices_client")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BooksClientId,
    pub tenant_id: TenantId,
    /// Books' own name of it.
    pub client_ref: String,
    pub name: String,
    /// None: an admin must say who it is; until then its invoices reach nobody.
    pub company_id: Option<CompanyId>,
    pub mapped_by: String,
    pub mapped_at: Option<Moment>,
    pub first_seen_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
