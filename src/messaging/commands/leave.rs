//! Takes a person out of a conversation: from the commit on they read, write and hear nothing of it. Twice is once.

use entity::{
    ids::{AccountId, ConversationId},
    messaging::{EventKind, participant},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, Set};

use super::append::{Draft, lock_one, say};
use crate::{
    audit,
    messaging::content::owner,
    platform::{Result, Work},
    vault::{self, Audience},
};

pub async fn leave(work: &mut Work, conversation: ConversationId, account: AccountId) -> Result<()> {
    let mut locked = lock_one(work, conversation).await?;
    let tenant = locked[&conversation].tenant_id;
    let place = participant::Entity::within(work.read().reach())
        .filter(participant::Column::ConversationId.eq(conversation))
        .filter(participant::Column::AccountId.eq(account))
        .filter(participant::Column::LeftAt.is_null())
        .one(work.read())
        .await?;
    let Some(place) = place else { return Ok(()) };
    let name = place.name.clone();
    let mut place = place.into_active_model();
    place.left_at = Set(Some(work.now()));
    place.update(work.write()).await?;
    // The files of the conversation go with it.
    vault::ungrant_all(work, &owner(conversation), Audience::Account(account)).await?;
    let draft = Draft { subject: Some((account, name.clone())), ..Draft::of(work, EventKind::Left) };
    say(work, &mut locked, conversation, draft).await?;
    let line = audit::Line::new("conversation.left", format!("conversation:{conversation}"))
        .tenant(tenant)
        .with("account", account.to_string())
        .with("name", name);
    audit::record(work, line).await
}
