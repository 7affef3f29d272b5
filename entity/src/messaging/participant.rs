//! One person's place in a conversation; a place left and taken again is the same row.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, ConversationId, ParticipantId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "messaging_participant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ParticipantId,
    pub tenant_id: TenantId,
    pub conversation_id: ConversationId,
    pub account_id: AccountId,
    pub name: String,
    pub joined_at: Moment,
    pub left_at: Option<Moment>,
    /// Everything up to here was read: others are told so.
    pub read_seq: i64,
    /// Nothing up to here counts as unread, read or not: they wrote this themselves, or it was there before they came.
    pub unread_after: i64,
    /// The message this person was last told of as unread; told again only after reading.
    pub told_seq: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl Model {
    /// What is behind this is unread.
    pub fn seen(&self) -> i64 {
        self.read_seq.max(self.unread_after)
    }
}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
