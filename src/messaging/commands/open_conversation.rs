//! Opens a conversation with a key of its own; nobody is in it yet.

use entity::{
    ids::{ConversationId, TenantId},
    messaging::conversation,
};
use sea_orm::{ActiveModelTrait, Set};

use super::append::GENESIS;
use crate::{
    audit,
    platform::{Result, Work},
    vault,
};

pub async fn open_conversation(work: &mut Work, tenant: TenantId, title: &str) -> Result<ConversationId> {
    let id: ConversationId = work.id();
    let data_key_id = vault::new_data_key(work, tenant, &format!("conversation:{id}")).await?;
    conversation::ActiveModel {
        id: Set(id),
        tenant_id: Set(tenant),
        title: Set(title.to_owned()),
        href: Set(format!("/conversations/{id}")),
        data_key_id: Set(data_key_id),
        head: Set(0),
        head_hash: Set(GENESIS.to_owned()),
        created_at: Set(work.now()),
        active_at: Set(work.now()),
        company_id: Set(None),
    }
    .insert(work.write())
    .await?;
    audit::record(work, audit::Line::new("conversation.opened", format!("conversation:{id}")).tenant(tenant)).await?;
    Ok(id)
}
