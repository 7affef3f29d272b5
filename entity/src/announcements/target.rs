//! A company an announcement is for, where it is not for all.

use sea_orm::entity::prelude::*;

use crate::{
    Walled,
    ids::{AnnouncementId, CompanyId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "announcements_target")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub announcement_id: AnnouncementId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub company_id: CompanyId,
    pub tenant_id: TenantId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
