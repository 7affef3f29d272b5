//! Reading the feed, its addresses and their deliveries.

use std::collections::HashMap;

use entity::{
    ids::{DeliveryId, FeedEventId, HookId, TenantId},
    integrations::{DeliveryStatus, delivery, feed_event, hook},
    wall::Walled,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::platform::{Result, Tx, web::paging::PAGE_SIZE};

pub async fn hooks(tx: &Tx, tenant: TenantId) -> Result<Vec<hook::Model>> {
    Ok(hook::Entity::within(tx.reach())
        .filter(hook::Column::TenantId.eq(tenant))
        .order_by_asc(hook::Column::CreatedAt)
        .order_by_asc(hook::Column::Id)
        .all(tx)
        .await?)
}

pub async fn hook(tx: &Tx, tenant: TenantId, id: HookId) -> Result<Option<hook::Model>> {
    Ok(hook::Entity::within(tx.reach()).filter(hook::Column::TenantId.eq(tenant)).filter(hook::Column::Id.eq(id)).one(tx).await?)
}

/// The same, held until the end of the transaction: it is neither paused nor let go on meanwhile.
pub async fn held_hook(tx: &Tx, tenant: TenantId, id: HookId) -> Result<Option<hook::Model>> {
    let rows = hook::Entity::within(tx.reach()).filter(hook::Column::TenantId.eq(tenant)).filter(hook::Column::Id.eq(id));
    Ok(rows.lock_exclusive().one(tx).await?)
}

pub async fn delivery(tx: &Tx, id: DeliveryId) -> Result<Option<delivery::Model>> {
    Ok(delivery::Entity::within(tx.reach()).filter(delivery::Column::Id.eq(id)).one(tx).await?)
}

pub async fn event(tx: &Tx, id: FeedEventId) -> Result<Option<feed_event::Model>> {
    Ok(feed_event::Entity::within(tx.reach()).filter(feed_event::Column::Id.eq(id)).one(tx).await?)
}

/// The feed after this number, oldest first; `name` is one type, or empty.
pub async fn after(tx: &Tx, tenant: TenantId, seq: i64, name: &str, limit: u64) -> Result<Vec<feed_event::Model>> {
    let mut rows = feed_event::Entity::within(tx.reach())
        .filter(feed_event::Column::TenantId.eq(tenant))
        .filter(feed_event::Column::Seq.gt(seq));
    if !name.is_empty() {
        rows = rows.filter(feed_event::Column::Name.eq(name));
    }
    Ok(rows.order_by_asc(feed_event::Column::Seq).limit(limit).all(tx).await?)
}

/// A page of an address's deliveries with their events, the newest first, and how many there are.
pub async fn deliveries(
    tx: &Tx,
    hook: HookId,
    status: Option<DeliveryStatus>,
    offset: u64,
) -> Result<(Vec<(delivery::Model, feed_event::Model)>, u64)> {
    let mut select = delivery::Entity::within(tx.reach()).filter(delivery::Column::HookId.eq(hook));
    if let Some(status) = status {
        select = select.filter(delivery::Column::Status.eq(status));
    }
    let total = select.clone().count(tx).await?;
    let rows = select
        .order_by_desc(delivery::Column::CreatedAt)
        .order_by_desc(delivery::Column::Id)
        .offset(offset)
        .limit(PAGE_SIZE)
        .all(tx)
        .await?;
    let ids: Vec<uuid::Uuid> = rows.iter().map(|row| row.event_id.0).collect();
    let events = feed_event::Entity::within(tx.reach()).filter(feed_event::Column::Id.is_in(ids)).all(tx).await?;
    let events: HashMap<FeedEventId, feed_event::Model> = events.into_iter().map(|row| (row.id, row)).collect();
    let rows = rows.into_iter().filter_map(|row| events.get(&row.event_id).cloned().map(|event| (row, event))).collect();
    Ok((rows, total))
}

/// Deliveries to an address that did not arrive.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub waiting: u64,
    pub given_up: u64,
}

/// How each address of a tenant does that has any.
pub async fn counts(tx: &Tx, tenant: TenantId) -> Result<HashMap<HookId, Counts>> {
    let rows: Vec<(HookId, DeliveryStatus, i64)> = delivery::Entity::within(tx.reach())
        .filter(delivery::Column::TenantId.eq(tenant))
        .filter(delivery::Column::Status.is_in([DeliveryStatus::Waiting, DeliveryStatus::GaveUp]))
        .select_only()
        .columns([delivery::Column::HookId, delivery::Column::Status])
        .column_as(delivery::Column::Id.count(), "deliveries")
        .group_by(delivery::Column::HookId)
        .group_by(delivery::Column::Status)
        .into_tuple()
        .all(tx)
        .await?;
    let mut found: HashMap<HookId, Counts> = HashMap::new();
    for (hook, status, count) in rows {
        let counts = found.entry(hook).or_default();
        let count = u64::try_from(count).unwrap_or(0);
        match status {
            DeliveryStatus::Waiting => counts.waiting = count,
            _ => counts.given_up = count,
        }
    }
    Ok(found)
}

/// The deliveries to an address that were given up, the oldest first.
pub async fn given_up(tx: &Tx, hook: HookId, limit: u64) -> Result<Vec<DeliveryId>> {
    let rows = delivery::Entity::within(tx.reach())
        .filter(delivery::Column::HookId.eq(hook))
        .filter(delivery::Column::Status.eq(DeliveryStatus::GaveUp))
        .order_by_asc(delivery::Column::CreatedAt)
        .order_by_asc(delivery::Column::Id)
        .limit(limit)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Deliveries to an address that wait and that nobody is to try, the oldest first.
pub async fn parked(tx: &Tx, hook: HookId, limit: u64) -> Result<Vec<DeliveryId>> {
    let rows = delivery::Entity::within(tx.reach())
        .filter(delivery::Column::HookId.eq(hook))
        .filter(delivery::Column::Status.eq(DeliveryStatus::Waiting))
        .filter(delivery::Column::NextAt.is_null())
        .order_by_asc(delivery::Column::CreatedAt)
        .order_by_asc(delivery::Column::Id)
        .limit(limit)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// An address that takes nothing, for the health pages.
#[derive(Clone, Debug)]
pub struct HookHealth {
    pub tenant: TenantId,
    pub name: String,
    pub paused: bool,
    pub since: entity::Moment,
    pub why: String,
}

/// Addresses in trouble, within reach.
pub async fn hooks_health(tx: &Tx) -> Result<Vec<HookHealth>> {
    let rows = hook::Entity::within(tx.reach()).filter(hook::Column::FailingSince.is_not_null()).all(tx).await?;
    let line = |row: hook::Model| {
        let since = row.failing_since?;
        let why = row.paused_why.or(row.last_error).unwrap_or_default();
        Some(HookHealth { tenant: row.tenant_id, name: row.name, paused: row.paused_at.is_some(), since, why })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

/// How all addresses of a tenant do together.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    pub last_ok: Option<entity::Moment>,
    /// Of one of them: since when, and why.
    pub failing: Option<(entity::Moment, String)>,
    pub waiting: u64,
    pub given_up: u64,
}

pub async fn overview(tx: &Tx, tenant: TenantId) -> Result<Overview> {
    let mut all = Overview::default();
    for counts in counts(tx, tenant).await?.values() {
        (all.waiting, all.given_up) = (all.waiting + counts.waiting, all.given_up + counts.given_up);
    }
    for row in hooks(tx, tenant).await? {
        all.last_ok = all.last_ok.max(row.last_ok_at);
        if let Some(since) = row.failing_since {
            let why = format!("{}: {}", row.name, row.paused_why.or(row.last_error).unwrap_or_default());
            all.failing.get_or_insert((since, why));
        }
    }
    Ok(all)
}
