//! Sends a delivery once more: what was given up, or what the other side has lost.

use entity::{
    ids::{DeliveryId, HookId},
    integrations::{DeliveryStatus, delivery},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Unchanged, Set};

use crate::{
    audit,
    integrations::outgoing::{jobs::Deliver, queries},
    platform::{Error, Refusal, Result, Work},
    tenancy::caller::TenantAdmin,
};

pub async fn replay(work: &mut Work, admin: &TenantAdmin, hook: HookId, id: DeliveryId) -> Result<()> {
    let known = queries::hook(work.read(), admin.tenant, hook).await?.ok_or(Error::NotFound)?;
    let row = queries::delivery(work.read(), id).await?.filter(|row| row.hook_id == hook).ok_or(Error::NotFound)?;
    if known.paused_at.is_some() {
        return Err(Refusal::new("hook_paused", "This webhook is paused.", "Let it go on; what waits goes out then.").into());
    }
    if row.status == DeliveryStatus::Waiting {
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
    work.enqueue(&Deliver { tenant: admin.tenant, delivery: id }).await?;
    let line = audit::Line::new("webhook.replayed", format!("webhook:{hook}")).tenant(admin.tenant);
    audit::record(work, line.with("delivery", id.to_string())).await
}
