//! Takes a person into a conversation: from now on they read all of it and write; what was there before is not unread. Twice is
//! once.

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

pub async fn join(work: &mut Work, conversation: ConversationId, account: AccountId, name: &str) -> Result<()> {
    let mut locked = lock_one(work, conversation).await?;
    let (tenant, head) = (locked[&conversation].tenant_id, locked[&conversation].head);
    let place = participant::Entity::within(work.read().reach())
        .filter(participant::Column::ConversationId.eq(conversation))
        .filter(participant::Column::AccountId.eq(account))
        .one(work.read())
        .await?;
    match place {
        Some(place) if place.left_at.is_none() => return Ok(()),
        Some(place) => {
            let mut place = place.into_active_model();
            place.left_at = Set(None);
            place.joined_at = Set(work.now());
            place.name = Set(name.to_owned());
            place.unread_after = Set(head);
            place.update(work.write()).await?;
        }
        None => {
            participant::ActiveModel {
                id: Set(work.id()),
                tenant_id: Set(tenant),
                conversation_id: Set(conversation),
                account_id: Set(account),
                name: Set(name.to_owned()),
                joined_at: Set(work.now()),
                left_at: Set(None),
                read_seq: Set(0),
                unread_after: Set(head),
                told_seq: Set(0),
            }
            .insert(work.write())
            .await?;
        }
    }
    // The files of the conversation go with it.
    vault::grant_all(work, &owner(conversation), Audience::Account(account)).await?;
    let draft = Draft { subject: Some((account, name.to_owned())), ..Draft::of(work, EventKind::Joined) };
    say(work, &mut locked, conversation, draft).await?;
    let line = audit::Line::new("conversation.joined", format!("conversation:{conversation}"))
        .tenant(tenant)
        .with("account", account.to_string())
        .with("name", name);
    audit::record(work, line).await
}
