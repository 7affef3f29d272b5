//! That somebody has read an announcement, and when.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, AnnouncementId, CompanyId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "announcements_read")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub announcement_id: AnnouncementId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    pub tenant_id: TenantId,
    /// Where they were then.
    pub company_id: CompanyId,
    pub name: String,
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
