//! Something that happened, as programs outside hear of it: ids and words of status, never what was written.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{FeedEventId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "integrations_feed_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FeedEventId,
    pub tenant_id: TenantId,
    /// 1, 2, 3 … within the tenant, without a gap.
    pub seq: i64,
    /// `policy.published`
    pub name: String,
    pub at: Moment,
    /// JSON.
    pub data: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
