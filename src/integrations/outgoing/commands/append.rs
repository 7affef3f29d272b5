//! The next event of a tenant's feed, and a delivery for each address that wants it.

use entity::{
    Moment,
    ids::{DeliveryId, FeedEventId, HookId, TenantId},
    integrations::{DeliveryStatus, delivery, feed_event, feed_head, hook},
    wall::Walled,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use serde_json::Value;

use crate::{
    integrations::outgoing::{event::wants, jobs::Deliver, queries},
    platform::{Error, Result, Work},
};

/// `only`: to this one address, whatever it wants.
pub async fn append(
    work: &mut Work,
    tenant: TenantId,
    (id, at): (uuid::Uuid, Moment),
    name: &str,
    data: &Value,
    only: Option<HookId>,
) -> Result<Option<DeliveryId>> {
    let seq = next(work, tenant).await?;
    let id = FeedEventId(id);
    feed_event::ActiveModel {
        id: Set(id),
        tenant_id: Set(tenant),
        seq: Set(seq),
        name: Set(name.to_owned()),
        at: Set(at),
        data: Set(data.to_string()),
    }
    .insert(work.write())
    .await?;
    let mut last = None;
    for hook in queries::hooks(work.read(), tenant).await? {
        if only.map_or_else(|| wants(&hook, name), |only| only == hook.id) {
            last = Some(send(work, &hook, id).await?);
        }
    }
    Ok(last)
}

/// Takes the number and holds it: whoever comes at the same time waits, so that there is no gap and no other order.
async fn next(work: &mut Work, tenant: TenantId) -> Result<i64> {
    let first = feed_head::ActiveModel { tenant_id: Set(tenant), seq: Set(0) };
    feed_head::Entity::insert(first)
        .on_conflict(OnConflict::column(feed_head::Column::TenantId).do_nothing().to_owned())
        .exec_without_returning(work.write())
        .await?;
    feed_head::Entity::update_many()
        .col_expr(feed_head::Column::Seq, Expr::col(feed_head::Column::Seq).add(1))
        .filter(feed_head::Column::TenantId.eq(tenant))
        .exec(work.write())
        .await?;
    let tx = work.read();
    let head = feed_head::Entity::within(tx.reach()).filter(feed_head::Column::TenantId.eq(tenant)).one(tx).await?;
    Ok(head.ok_or(Error::NotFound)?.seq)
}

async fn send(work: &mut Work, hook: &hook::Model, event: FeedEventId) -> Result<DeliveryId> {
    let (id, now): (DeliveryId, _) = (work.id(), work.now());
    delivery::ActiveModel {
        id: Set(id),
        tenant_id: Set(hook.tenant_id),
        hook_id: Set(hook.id),
        event_id: Set(event),
        status: Set(DeliveryStatus::Waiting),
        attempts: Set(0),
        next_at: Set(Some(now)),
        last_status: Set(None),
        last_answer: Set(None),
        tried_at: Set(None),
        delivered_at: Set(None),
        created_at: Set(now),
    }
    .insert(work.write())
    .await?;
    // Whether the address is paused is looked at when it is its turn: a pause may end at this moment.
    work.enqueue(&Deliver { tenant: hook.tenant_id, delivery: id, hook: Some(hook.id) }).await?;
    Ok(id)
}
