//! A company as the CRM knows it, which client here it is, and what the CRM was told of that client.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{CompanyId, CrmClientId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "crm_client")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CrmClientId,
    pub tenant_id: TenantId,
    /// The CRM's own name of it.
    pub client_ref: String,
    /// As the CRM last told them: what differs here was changed here, and stands.
    pub name: String,
    pub legal_name: String,
    /// JSON: its people as last told, so that they are there once it is decided who it is.
    pub people: String,
    /// None: an admin says who it is.
    pub company_id: Option<CompanyId>,
    /// An admin has said that it is no client of theirs.
    pub ignored: bool,
    /// An admin's name; `its number`, `its name` or `the CRM` where nobody had to.
    pub linked_by: String,
    /// Archived or deleted over there, since.
    pub gone_at: Option<Moment>,
    /// Grows with every change there; what is older than known is left alone.
    pub version: i64,
    pub first_seen_at: Moment,
    /// Grows with every change of its figures here; up to where the CRM was told: behind where they differ.
    pub revision: i64,
    pub told_revision: i64,
    pub changed_at: Option<Moment>,
    pub told_at: Option<Moment>,
    /// SHA-256 of what was told, hex: the same is not told again.
    pub told: String,
    /// Why it could not be told, in a sentence; empty where nothing is in the way.
    pub trouble: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
