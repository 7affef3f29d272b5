//! Marks lines of the bell read: one, all, or those that lead where their person is.

use entity::{
    ids::{AccountId, NotificationId},
    notifications::notification,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::platform::{Note, Result, Work};

/// The person's own lines only; somebody else's id changes nothing.
pub async fn mark_read(work: &mut Work, account: AccountId, one: Option<NotificationId>) -> Result<()> {
    let now = work.now();
    let mut update = notification::Entity::update_many()
        .col_expr(notification::Column::ReadAt, Expr::value(now.0))
        .filter(notification::Column::AccountId.eq(account))
        .filter(notification::Column::ReadAt.is_null());
    if let Some(id) = one {
        update = update.filter(notification::Column::Id.eq(id));
    }
    update.exec(work.write()).await?;
    work.counts_as_audited("whether a person has looked at their own bell");
    work.note(Note::new(super::super::listen::TOPIC, account.0));
    Ok(())
}

/// The person's unread lines of one kind that lead to one place: a newer one takes their place.
pub async fn mark_earlier(work: &mut Work, account: AccountId, event: &str, href: &str) -> Result<()> {
    let now = work.now();
    notification::Entity::update_many()
        .col_expr(notification::Column::ReadAt, Expr::value(now.0))
        .filter(notification::Column::AccountId.eq(account))
        .filter(notification::Column::Event.eq(event))
        .filter(notification::Column::Href.eq(href))
        .filter(notification::Column::ReadAt.is_null())
        .exec(work.write())
        .await?;
    Ok(())
}

/// The person's unread lines that lead to one of these places: they are there, or are done with it.
pub async fn mark_at(work: &mut Work, account: AccountId, hrefs: &[String]) -> Result<u64> {
    let now = work.now();
    let marked = notification::Entity::update_many()
        .col_expr(notification::Column::ReadAt, Expr::value(now.0))
        .filter(notification::Column::AccountId.eq(account))
        .filter(notification::Column::Href.is_in(hrefs.iter().map(String::as_str)))
        .filter(notification::Column::ReadAt.is_null())
        .exec(work.write())
        .await?
        .rows_affected;
    if marked > 0 {
        work.note(Note::new(super::super::listen::TOPIC, account.0));
    }
    work.counts_as_audited("whether a person has looked at their own bell");
    Ok(marked)
}
