//! One thing that happened in a conversation. Never updated, never deleted (the database refuses both).

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, ConversationId, TenantId},
};

words! {
    pub enum EventKind {
        Message = "message" => "Message",
        Edited = "edited" => "Edited",
        Deleted = "deleted" => "Deleted",
        Read = "read" => "Read",
        Joined = "joined" => "Joined",
        Left = "left" => "Left",
        Renamed = "renamed" => "Renamed",
        Status = "status" => "Status",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "messaging_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    /// 1, 2, 3 … within the conversation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub tenant_id: TenantId,
    pub kind: EventKind,
    pub at: Moment,
    /// None for the program itself.
    pub actor_id: Option<AccountId>,
    pub actor_name: String,
    /// Whom it happened to, where that is not the actor: who joined, who left.
    pub subject_id: Option<AccountId>,
    pub subject_name: Option<String>,
    /// The author's own id of it, kept for ever: the same again is the same event.
    pub client_id: Option<Uuid>,
    /// The event this one is about: what was edited, deleted, read.
    pub target_seq: Option<i64>,
    pub reply_to: Option<i64>,
    /// Text and attachments under the conversation's key.
    pub sealed: Option<Vec<u8>>,
    /// SHA-256 over the hash before it and all of the above, hex.
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
