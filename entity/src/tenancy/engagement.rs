//! An attorney's engagement with a tenant, and in which role.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, EngagementId, TenantId},
};

words! {
    pub enum AttorneyRole {
        Primary = "primary" => "Primary attorney",
        Associate = "associate" => "Associate attorney",
        OfCounsel = "of_counsel" => "Of counsel",
        Paralegal = "paralegal" => "Paralegal",
        OutsideCounsel = "outside_counsel" => "Outside counsel",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tenancy_engagement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EngagementId,
    pub tenant_id: TenantId,
    pub account_id: AccountId,
    pub role: AttorneyRole,
    pub created_at: Moment,
    pub ended_at: Option<Moment>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
