//! A conversation: its title, its key, and the end of its sequence.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{CompanyId, ConversationId, DataKeyId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "messaging_conversation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConversationId,
    pub tenant_id: TenantId,
    pub title: String,
    /// The page where people find it.
    pub href: String,
    /// What the bodies are sealed with.
    pub data_key_id: DataKeyId,
    /// The sequence number of the last event; 0 before the first.
    pub head: i64,
    /// The hash of the last event: the chain's end.
    pub head_hash: String,
    pub created_at: Moment,
    /// When something last happened; receipts do not count.
    pub active_at: Moment,
    /// The client it is about: the files sent in it lie with that client's.
    pub company_id: Option<CompanyId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
