//! Puts everything that waited for an address on its way, however much that is, the oldest first.

use std::sync::Arc;

use entity::{
    Reach,
    ids::{HookId, TenantId},
    integrations::{DeliveryStatus, delivery},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    integrations::outgoing::{jobs::Deliver, queries},
    platform::{Actor, Platform, Result},
};

/// Deliveries of one work: others write between two of them.
const AT_ONCE: u64 = 200;

/// Goes on where it stopped, if it is begun again: what is on its way is not parked any more.
pub async fn drain(platform: &Arc<Platform>, tenant: TenantId, id: HookId) -> Result<()> {
    loop {
        let mut work = platform.work(Actor::program("job drain_hook"), Reach::Tenants(vec![tenant])).await?;
        let goes_on = queries::held_hook(work.read(), tenant, id).await?.is_some_and(|hook| hook.paused_at.is_none());
        if !goes_on {
            return Ok(());
        }
        let parked = queries::parked(work.read(), id, AT_ONCE).await?;
        if parked.is_empty() {
            return Ok(());
        }
        let now = work.now();
        delivery::Entity::update_many()
            .col_expr(delivery::Column::NextAt, Expr::value(now.0))
            .filter(delivery::Column::HookId.eq(id))
            .filter(delivery::Column::Id.is_in(parked.iter().copied()))
            .filter(delivery::Column::Status.eq(DeliveryStatus::Waiting))
            .exec(work.write())
            .await?;
        for delivery in parked {
            work.enqueue(&Deliver { tenant, delivery, hook: Some(id) }).await?;
        }
        work.counts_as_audited("that it goes on has its line");
        work.commit().await?;
    }
}
