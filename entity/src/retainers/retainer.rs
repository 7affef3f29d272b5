//! The monthly agreement between an MSP and one attorney: fee, included time, overage rate.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, RetainerId, TenantId},
};

words! {
    pub enum RetainerStatus {
        /// Being written; the MSP does not see it.
        Draft = "draft" => "Draft",
        /// The MSP is asked to accept.
        Offered = "offered" => "Offered",
        Active = "active" => "Active",
        /// No new hours, no billing.
        Paused = "paused" => "Paused",
        /// Ended; the history is kept.
        Cancelled = "cancelled" => "Cancelled",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "retainers_retainer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RetainerId,
    pub tenant_id: TenantId,
    pub attorney_id: AccountId,
    pub attorney_name: String,
    pub status: RetainerStatus,
    /// Minor units of the currency, a month.
    pub fee: i64,
    /// ISO 4217.
    pub currency: String,
    /// Minutes a month that the fee covers.
    pub included_minutes: i64,
    /// Minor units an hour beyond them.
    pub overage_rate: i64,
    /// Unused time of a month counts in the next one.
    pub rolls_over: bool,
    /// `2026-03-01`, in the tenant's zone.
    pub starts_on: String,
    /// 1 to 28: the day a month of this retainer begins.
    pub billing_day: i32,
    /// Grows with every change of the terms; the MSP accepts the version it has seen.
    pub terms_version: i32,
    pub accepted_by: Option<AccountId>,
    pub accepted_by_name: Option<String>,
    pub accepted_at: Option<Moment>,
    pub created_at: Moment,
    pub updated_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
