//! Counts tries before they are looked at, so that no burst of guesses gets more than three evaluated.
//!
//! A try is taken first; the right answer gives it back, a wrong one leaves it. The third one taken locks.

use entity::{
    Moment,
    identity::attempt::{ActiveModel, Column, Entity},
    ids::DeviceId,
    wall::Unwalled,
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};

use crate::platform::{Platform, Result, Tx, Work};

/// Consecutive wrong tries that lock.
pub const TRIES: i32 = 3;
pub const LOCKED_FOR: i64 = 15 * Moment::MINUTE;
/// After this long without a try a count is forgotten.
const FORGOTTEN_AFTER: i64 = 90 * Moment::DAY;

/// Names the counter of an e-mail, from a device known to its account or from anywhere else.
pub fn key(platform: &Platform, realm: &str, email: &str, device: Option<DeviceId>) -> String {
    let device = device.map(|id| id.to_string()).unwrap_or_default();
    platform.keyring.sign("sign-in attempt", format!("{realm}\n{email}\n{device}").as_bytes())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Try {
    /// The how-manieth wrong one this will be, unless it is right.
    Taken(i32),
    Locked(Moment),
}

/// Takes one try, or says until when none is to be had. One statement: two that come at once cannot take the same try.
pub async fn take(work: &mut Work, key: &str) -> Result<Try> {
    let now = work.now();
    let until = now.plus(LOCKED_FOR);
    let first = ActiveModel { key: Set(key.to_owned()), failures: Set(1), locked_until: Set(None), last_at: Set(now) };
    let over = Column::LockedUntil.lte(now);
    let locks = Column::LockedUntil.is_null().and(Column::Failures.gte(TRIES - 1));
    let once_more = OnConflict::column(Column::Key)
        .value(Column::Failures, Expr::case(over.clone(), 1).finally(Expr::col((Entity, Column::Failures)).add(1)))
        .value(Column::LockedUntil, Expr::case(locks, until.0).finally(Option::<i64>::None))
        .value(Column::LastAt, now.0)
        .action_and_where(Column::Failures.lt(TRIES).or(over))
        .to_owned();
    let taken = Entity::insert_many([first]).on_conflict(once_more).exec_with_returning(work.write()).await?;
    Ok(match taken.first() {
        Some(count) => Try::Taken(count.failures),
        None => Try::Locked(locked_until(work.read(), key, now).await?.unwrap_or(until)),
    })
}

/// Gives a try back: it was right. The wrong ones before it stay counted.
pub async fn give_back(work: &mut Work, key: &str) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Failures, Expr::col(Column::Failures).sub(1))
        .col_expr(Column::LockedUntil, Expr::value(Option::<i64>::None))
        .filter(Column::Key.eq(key))
        .filter(Column::Failures.gt(0))
        .exec(work.write())
        .await?;
    Ok(())
}

/// Starts the count anew, and forgets counts nobody has touched for long.
pub async fn clear(work: &mut Work, key: &str) -> Result<()> {
    let long_ago = work.now().plus(-FORGOTTEN_AFTER);
    Entity::delete_many().filter(Column::Key.eq(key).or(Column::LastAt.lt(long_ago))).exec(work.write()).await?;
    Ok(())
}

/// Until when this counter is locked now.
pub async fn locked_until(tx: &Tx, key: &str, now: Moment) -> Result<Option<Moment>> {
    let row = Entity::rows().filter(Column::Key.eq(key)).one(tx).await?;
    Ok(row.and_then(|row| row.locked_until).filter(|until| *until > now))
}
