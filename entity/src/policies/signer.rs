//! A contact chosen to sign a policy.

use sea_orm::entity::prelude::*;

use crate::{
    Walled,
    ids::{ContactId, PolicyId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "policies_signer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub policy_id: PolicyId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: ContactId,
    pub tenant_id: TenantId,
    /// Where signing is sequential: 1 signs first.
    pub place: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
