//! A person's seat at an MSP.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, StaffId, TenantId},
};

words! {
    pub enum StaffRole {
        Owner = "owner" => "Owner",
        Admin = "admin" => "Admin",
        Member = "member" => "Technician",
        Viewer = "viewer" => "Viewer",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tenancy_staff")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StaffId,
    pub tenant_id: TenantId,
    pub account_id: AccountId,
    pub role: StaffRole,
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
