//! Puts a line under somebody's bell.

use entity::{
    ids::{AccountId, NotificationId, TenantId},
    notifications::notification,
};
use sea_orm::{ActiveModelTrait, Set};

use crate::{
    notifications::listen::TOPIC,
    platform::{Note, Result, Told, Work},
};

/// In the teller's own transaction; open pages look again after the commit.
pub async fn ring(
    work: &mut Work,
    told: &Told,
    tenant: TenantId,
    account: AccountId,
    words: &str,
    href: &str,
) -> Result<NotificationId> {
    let line: NotificationId = work.id();
    notification::ActiveModel {
        id: Set(line),
        tenant_id: Set(tenant),
        event_id: Set(told.id),
        account_id: Set(account),
        event: Set(told.name.clone()),
        words: Set(words.to_owned()),
        href: Set(href.to_owned()),
        created_at: Set(told.at),
        read_at: Set(None),
    }
    .insert(work.write())
    .await?;
    work.note(Note::new(TOPIC, account.0));
    Ok(line)
}
