//! One event on its way to one address.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{DeliveryId, FeedEventId, HookId, TenantId},
};

words! {
    pub enum DeliveryStatus {
        Waiting = "waiting" => "On its way",
        Delivered = "delivered" => "Delivered",
        /// Nobody tries any more, until somebody sends it again.
        GaveUp = "gave_up" => "Given up",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "integrations_delivery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeliveryId,
    pub tenant_id: TenantId,
    pub hook_id: HookId,
    pub event_id: FeedEventId,
    pub status: DeliveryStatus,
    pub attempts: i32,
    pub next_at: Option<Moment>,
    /// HTTP, of the last try.
    pub last_status: Option<i32>,
    /// The beginning of the last answer, or why there was none.
    pub last_answer: Option<String>,
    pub tried_at: Option<Moment>,
    pub delivered_at: Option<Moment>,
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
