//! A person as the CRM knows them, and which contact here they are.

use sea_orm::entity::prelude::*;

use crate::{
    Walled,
    ids::{ContactId, CrmClientId, CrmContactId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "crm_contact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CrmContactId,
    pub tenant_id: TenantId,
    pub client_id: CrmClientId,
    /// The CRM's own name of them.
    pub contact_ref: String,
    pub contact_id: ContactId,
    /// As the CRM last told them: what differs here was changed here, and stands.
    pub name: String,
    pub email: String,
    pub title: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
