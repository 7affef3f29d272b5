//! Counts tries before they are looked at, so that no burst of guesses gets more than three evaluated.
//!
//! A try is taken first; the right answer gives it back, a wrong one leaves it. The third one taken locks.

use std::collections::HashMap;

use entity::{
    Moment,
    identity::{
        account,
        attempt::{ActiveModel, Column, Entity},
        device,
    },
    ids::{AccountId, DeviceId},
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

/// Until when each of these accounts is locked now: from anywhere, or on a device of their own.
pub async fn locks_of(
    platform: &Platform,
    tx: &Tx,
    accounts: &[account::Model],
    now: Moment,
) -> Result<HashMap<AccountId, Moment>> {
    let locked: HashMap<String, Moment> = Entity::rows()
        .filter(Column::LockedUntil.gt(now))
        .all(tx)
        .await?
        .into_iter()
        .filter_map(|row| Some((row.key, row.locked_until?)))
        .collect();
    let mut locks = HashMap::new();
    if locked.is_empty() {
        return Ok(locks);
    }
    for (account, keys) in keys_of(platform, tx, accounts).await? {
        if let Some(until) = keys.iter().filter_map(|key| locked.get(key)).max() {
            locks.insert(account, *until);
        }
    }
    Ok(locks)
}

/// Lifts every lock of this account.
pub async fn clear_all(work: &mut Work, account: &account::Model) -> Result<()> {
    for (_, keys) in keys_of(work.platform(), work.read(), std::slice::from_ref(account)).await? {
        Entity::delete_many().filter(Column::Key.is_in(keys)).exec(work.write()).await?;
    }
    Ok(())
}

/// The counters of these accounts: one for everywhere, one for each device they signed in on.
async fn keys_of(platform: &Platform, tx: &Tx, accounts: &[account::Model]) -> Result<Vec<(AccountId, Vec<String>)>> {
    let mut devices: HashMap<AccountId, Vec<DeviceId>> = HashMap::new();
    let rows = device::Entity::rows().filter(device::Column::AccountId.is_in(accounts.iter().map(|account| account.id)));
    for row in rows.all(tx).await? {
        devices.entry(row.account_id).or_default().push(row.id);
    }
    let keys = |account: &account::Model| {
        let own = devices.get(&account.id).into_iter().flatten().copied().map(Some);
        own.chain([None]).map(|device| key(platform, &account.realm, &account.email, device)).collect()
    };
    Ok(accounts.iter().map(|account| (account.id, keys(account))).collect())
}

/// Until when this counter is locked now.
pub async fn locked_until(tx: &Tx, key: &str, now: Moment) -> Result<Option<Moment>> {
    let row = Entity::rows().filter(Column::Key.eq(key)).one(tx).await?;
    Ok(row.and_then(|row| row.locked_until).filter(|until| *until > now))
}
