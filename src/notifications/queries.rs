//! Reading the bell.

use entity::{
    ids::AccountId,
    notifications::{notification, preference},
    wall::{Unwalled, Walled},
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::platform::{Count, Result, Tx, web::paging::PAGE_SIZE};

/// How many lines of this person are unread.
pub fn unread(tx: &Tx, account: AccountId) -> Count {
    let mine = notification::Entity::within(tx.reach()).filter(notification::Column::AccountId.eq(account));
    Count::of(mine.filter(notification::Column::ReadAt.is_null()))
}

/// How many of them lead to this address, with or without what stands behind its question mark.
pub fn unread_at(tx: &Tx, account: AccountId, address: &str) -> Count {
    let mine = notification::Entity::within(tx.reach()).filter(notification::Column::AccountId.eq(account));
    let there = mine.filter(notification::Column::Href.is_in(forms_of(address)));
    Count::of(there.filter(notification::Column::ReadAt.is_null()))
}

/// The address whole, and its path alone.
pub(super) fn forms_of(address: &str) -> Vec<String> {
    let path = address.split('?').next().unwrap_or(address);
    if path == address { vec![address.to_owned()] } else { vec![address.to_owned(), path.to_owned()] }
}

/// A page of this person's lines, newest first, and how many there are.
pub(super) async fn page(tx: &Tx, account: AccountId, offset: u64) -> Result<(Vec<notification::Model>, u64)> {
    let mine = notification::Entity::within(tx.reach()).filter(notification::Column::AccountId.eq(account));
    let total = mine.clone().count(tx).await?;
    let rows = mine
        .order_by_desc(notification::Column::CreatedAt)
        .order_by_desc(notification::Column::Id)
        .offset(offset)
        .limit(PAGE_SIZE)
        .all(tx)
        .await?;
    Ok((rows, total))
}

/// Whether this person takes mail on this topic.
pub(super) async fn wants_mail(tx: &Tx, account: AccountId, topic: &str) -> Result<bool> {
    let row = preference::Entity::rows()
        .filter(preference::Column::AccountId.eq(account))
        .filter(preference::Column::Topic.eq(topic))
        .one(tx)
        .await?;
    Ok(row.is_none_or(|row| row.mail))
}
