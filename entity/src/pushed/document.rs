//! A document that another installation pushed here to be signed; its text and its signers are the envelope's.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{CompanyId, EnvelopeId, PushedId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "pushed_document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PushedId,
    pub tenant_id: TenantId,
    pub company_id: CompanyId,
    /// The other side's own name of it; unique in the tenant.
    pub external_id: String,
    /// SHA-256 of what was sent: the same name with something else is refused.
    pub content: String,
    pub title: String,
    pub envelope_id: EnvelopeId,
    pub pushed_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
