//! A fresh link; older ones of the same purpose die.

use entity::{
    Moment, Unwalled,
    identity::{
        LinkPurpose,
        link::{ActiveModel, Column, Entity},
    },
    ids::AccountId,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set, sea_query::Expr};

use crate::platform::{Result, Tx, Work, random, secret};

/// The token, seen here once. `asked_by` is whom to ask for a new one.
pub async fn make_link(work: &mut Work, account: AccountId, purpose: LinkPurpose, life: i64, asked_by: &str) -> Result<String> {
    write(work, account, purpose, life, asked_by, None).await
}

/// The token of a link that confirms this address.
pub async fn make_email_link(work: &mut Work, account: AccountId, life: i64, new_email: &str) -> Result<String> {
    write(work, account, LinkPurpose::Email, life, "", Some(new_email.to_owned())).await
}

async fn write(
    work: &mut Work,
    account: AccountId,
    purpose: LinkPurpose,
    life: i64,
    asked_by: &str,
    new_email: Option<String>,
) -> Result<String> {
    revoke_links(work, account, Some(purpose)).await?;
    let token = random::token();
    let now = work.now();
    ActiveModel {
        id: Set(work.id()),
        account_id: Set(account),
        purpose: Set(purpose),
        token_hash: Set(secret::token_hash(&token)),
        created_at: Set(now),
        expires_at: Set(now.plus(life)),
        used_at: Set(None),
        revoked_at: Set(None),
        asked_by: Set(asked_by.to_owned()),
        new_email: Set(new_email),
    }
    .insert(work.write())
    .await?;
    Ok(token)
}

/// How many links of this purpose were made for this account since then, whatever became of them.
pub async fn made_since(tx: &Tx, account: AccountId, purpose: LinkPurpose, since: Moment) -> Result<u64> {
    let made = Entity::rows().filter(Column::AccountId.eq(account)).filter(Column::Purpose.eq(purpose));
    Ok(made.filter(Column::CreatedAt.gt(since)).count(tx).await?)
}

/// Unused links of this purpose (or of any) open nothing any more.
pub async fn revoke_links(work: &mut Work, account: AccountId, purpose: Option<LinkPurpose>) -> Result<()> {
    let now = work.now();
    let mut update = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now.0))
        .filter(Column::AccountId.eq(account))
        .filter(Column::UsedAt.is_null())
        .filter(Column::RevokedAt.is_null());
    if let Some(purpose) = purpose {
        update = update.filter(Column::Purpose.eq(purpose));
    }
    update.exec(work.write()).await?;
    Ok(())
}

/// Uses the link up; true for exactly one of several at once.
pub async fn use_link(work: &mut Work, token_hash: &str) -> Result<bool> {
    let now = work.now();
    let used = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now.0))
        .filter(Column::TokenHash.eq(token_hash))
        .filter(Column::UsedAt.is_null())
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .exec(work.write())
        .await?
        .rows_affected;
    Ok(used == 1)
}
