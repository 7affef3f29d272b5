//! What somebody typed into a form whose session had ended is kept for them: sealed, for this browser and this account alone,
//! for a day, and no more than a few.

use std::sync::Arc;

use entity::{
    Moment, Reach,
    identity::kept_form::{ActiveModel, Column, Entity},
    ids::{AccountId, KeptFormId},
    wall::Unwalled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::{
    identity::kept::{KeptForm, PURPOSE},
    platform::{Actor, Platform, Result, random, secret},
};

pub const KEPT_FOR: i64 = Moment::DAY;
/// Of one account; the oldest make room.
const AT_MOST: usize = 5;

const REACH: Reach = Reach::Everything("what a person typed, kept for that person");

/// The kept form's id, and the token this browser keeps (its own, if it has one already).
pub async fn keep_form(
    platform: &Arc<Platform>,
    account: AccountId,
    browser: Option<&str>,
    form: &KeptForm,
) -> Result<(KeptFormId, String)> {
    let mut work = platform.work(Actor::program("kept forms"), REACH).await?;
    let now = work.now();
    Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(work.write()).await?;
    let mine = Entity::rows().filter(Column::AccountId.eq(account)).order_by_desc(Column::CreatedAt).all(work.read()).await?;
    for old in mine.iter().skip(AT_MOST - 1) {
        Entity::delete_many().filter(Column::Id.eq(old.id)).exec(work.write()).await?;
    }
    // Only a token of ours goes on; whatever else a browser brings is replaced.
    let token = browser
        .filter(|token| mine.iter().any(|row| row.browser_hash == secret::token_hash(token)))
        .map_or_else(random::token, str::to_owned);
    let id: KeptFormId = work.id();
    ActiveModel {
        id: Set(id),
        account_id: Set(account),
        browser_hash: Set(secret::token_hash(&token)),
        sealed: Set(platform.keyring.seal(PURPOSE, id.0.as_bytes(), &serde_json::to_vec(form)?)),
        created_at: Set(now),
        expires_at: Set(now.plus(KEPT_FOR)),
    }
    .insert(work.write())
    .await?;
    work.counts_as_audited("a person's own draft; nothing of the firm changed");
    work.commit().await?;
    Ok((id, token))
}

/// Sent again, or not wanted any more. Only one's own.
pub async fn forget_form(platform: &Arc<Platform>, account: AccountId, id: KeptFormId) -> Result<()> {
    let mut work = platform.work(Actor::program("kept forms"), REACH).await?;
    Entity::delete_many().filter(Column::Id.eq(id)).filter(Column::AccountId.eq(account)).exec(work.write()).await?;
    work.counts_as_audited("a person's own draft; nothing of the firm changed");
    work.commit().await
}
