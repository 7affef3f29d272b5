//! Known devices: a long-lived random cookie, set where somebody signed in fully.

use entity::{
    identity::device::{ActiveModel, Column, Entity},
    ids::{AccountId, DeviceId},
    wall::Unwalled,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};

use crate::platform::{Result, Tx, Work, random, secret};

/// The device this token names, if that account has signed in on it before.
pub async fn known(tx: &Tx, account: Option<AccountId>, token: Option<&str>) -> Result<Option<DeviceId>> {
    let Some(token) = token else { return Ok(None) };
    let hash = secret::token_hash(token);
    // A nil account has no device; the same query is asked for people who do not exist.
    let account = account.unwrap_or(AccountId(uuid::Uuid::nil()));
    let row = Entity::rows().filter(Column::TokenHash.eq(hash)).filter(Column::AccountId.eq(account)).one(tx).await?;
    Ok(row.map(|row| row.id))
}

/// The account was here: answers the token the device keeps from now on.
pub async fn remember(work: &mut Work, account: AccountId, token: Option<&str>) -> Result<String> {
    let now = work.now();
    if let (Some(id), Some(token)) = (known(work.read(), Some(account), token).await?, token) {
        Entity::update_many().col_expr(Column::LastSeenAt, Expr::value(now.0)).filter(Column::Id.eq(id)).exec(work.write()).await?;
        return Ok(token.to_owned());
    }
    // Only a token of ours is kept for a second person on the same device; any other is replaced.
    let ours = match token {
        Some(token) => Entity::rows().filter(Column::TokenHash.eq(secret::token_hash(token))).one(work.read()).await?.is_some(),
        None => false,
    };
    let token = token.filter(|_| ours).map_or_else(random::token, str::to_owned);
    let device = ActiveModel {
        id: Set(work.id()),
        account_id: Set(account),
        token_hash: Set(secret::token_hash(&token)),
        created_at: Set(now),
        last_seen_at: Set(now),
    };
    Entity::insert(device).exec_without_returning(work.write()).await?;
    Ok(token)
}
