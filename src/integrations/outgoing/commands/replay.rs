//! Sends deliveries once more: what was given up, what nobody tries any more, or what the other side has lost.

use entity::{
    ids::{DeliveryId, HookId},
    integrations::{DeliveryStatus, delivery},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Unchanged, Set};

use crate::{
    audit,
    integrations::outgoing::{event::is_left, jobs::Deliver, queries},
    platform::{Error, Refusal, Result, Work},
    tenancy::caller::TenantAdmin,
};

pub async fn replay(work: &mut Work, admin: &TenantAdmin, hook: HookId, id: DeliveryId) -> Result<()> {
    let known = queries::hook(work.read(), admin.tenant, hook).await?.ok_or(Error::NotFound)?;
    let row = queries::delivery(work.read(), id).await?.filter(|row| row.hook_id == hook).ok_or(Error::NotFound)?;
    if known.paused_at.is_some() {
        return Err(Refusal::new("hook_paused", "This webhook is paused.", "Let it go on; what waits goes out then.").into());
    }
    if row.status == DeliveryStatus::Waiting && !is_left(&row, work.now()) {
        return Err(
            Refusal::new("on_its_way", "It is on its way already.", "Wait for the next try; its time stands beside it.").into()
        );
    }
    delivery::ActiveModel {
        id: Unchanged(id),
        status: Set(DeliveryStatus::Waiting),
        attempts: Set(0),
        next_at: Set(Some(work.now())),
        ..Default::default()
    }
    .update(work.write())
    .await?;
    work.enqueue(&Deliver { tenant: admin.tenant, delivery: id, hook: Some(hook) }).await?;
    let line = audit::Line::new("webhook.replayed", format!("webhook:{hook}")).tenant(admin.tenant);
    audit::record(work, line.with("delivery", id.to_string())).await
}

/// So many at once; the button may be pressed again.
const AT_ONCE: u64 = 1_000;

/// Everything that was given up, the oldest first, to every address that is not paused; answers how many.
pub async fn replay_given_up(work: &mut Work, admin: &TenantAdmin) -> Result<usize> {
    let mut again = 0;
    for hook in queries::hooks(work.read(), admin.tenant).await?.into_iter().filter(|hook| hook.paused_at.is_none()) {
        for id in queries::given_up(work.read(), hook.id, AT_ONCE).await? {
            replay(work, admin, hook.id, id).await?;
            again += 1;
        }
    }
    Ok(again)
}
