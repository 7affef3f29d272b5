//! One try of a delivery: asks the address, and writes down what it said.

use std::sync::Arc;

use entity::{
    Moment, Reach,
    ids::{DeliveryId, TenantId},
    integrations::{DeliveryStatus, delivery, hook},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Unchanged, ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};

use crate::{
    audit,
    integrations::outgoing::{
        event::{LOST, PAUSES, body, signature},
        queries,
    },
    platform::{Actor, Error, Event, Platform, Result, Work, outside},
};

pub enum Delivered {
    Done,
    Later(Moment, String),
    GivenUp,
}

/// To owner and admins: an address takes nothing any more.
#[derive(serde::Serialize)]
struct HookPaused {
    tenant: TenantId,
    hook: entity::ids::HookId,
    name: String,
    why: String,
}

impl Event for HookPaused {
    const NAME: &'static str = "hook.paused";

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant)
    }
}

pub async fn deliver(platform: &Arc<Platform>, tenant: TenantId, id: DeliveryId) -> Result<Delivered> {
    let reach = Reach::Tenants(vec![tenant]);
    let (row, hook, event) = {
        let tx = platform.read(reach.clone()).await?;
        let Some(row) = queries::delivery(&tx, id).await? else { return Ok(Delivered::Done) };
        let Some(hook) = queries::hook(&tx, tenant, row.hook_id).await? else { return Ok(Delivered::Done) };
        let event = queries::event(&tx, row.event_id).await?.ok_or(Error::NotFound)?;
        (row, hook, event)
    };
    let at = platform.clock.now();
    // Of two jobs for one delivery the later goes on.
    if row.status != DeliveryStatus::Waiting || row.next_at.is_some_and(|next| next > at) {
        return Ok(Delivered::Done);
    }
    if hook.paused_at.is_some() && park(platform, tenant, &row).await? {
        return Ok(Delivered::Done);
    }
    let secret = platform.keyring.open_sealed("hook", hook.id.0.as_bytes(), &hook.secret)?;
    let text = body(&event).to_string();
    let headers = [
        ("one-legal-signature", signature(&String::from_utf8_lossy(&secret), at, &text)),
        ("one-legal-event", event.name.clone()),
        ("one-legal-delivery", id.to_string()),
    ];
    let heard = outside::post(&platform.config, &hook.url, &headers, text).await;
    let mut work = platform.work(Actor::program("job deliver_event"), reach).await?;
    work.counts_as_audited("a delivery is its own log");
    let done = match heard {
        Ok(heard) if (200..300).contains(&heard.status) => taken(&mut work, row, hook, heard).await?,
        Ok(heard) => {
            let why = format!("it answered {}", heard.status);
            failed(&mut work, row, hook, Some(heard.status), &heard.text, &why).await?
        }
        Err(why) => failed(&mut work, row, hook, None, &why, &why).await?,
    };
    work.commit().await?;
    Ok(done)
}

/// Nobody tries it until the address goes on, which then finds it; false where it goes on already.
async fn park(platform: &Arc<Platform>, tenant: TenantId, row: &delivery::Model) -> Result<bool> {
    let mut work = platform.work(Actor::program("job deliver_event"), Reach::Tenants(vec![tenant])).await?;
    let paused = queries::held_hook(work.read(), tenant, row.hook_id).await?.is_some_and(|hook| hook.paused_at.is_some());
    if paused {
        delivery::Entity::update_many()
            .col_expr(delivery::Column::NextAt, Expr::value(Option::<i64>::None))
            .filter(delivery::Column::Id.eq(row.id))
            .filter(delivery::Column::Status.eq(DeliveryStatus::Waiting))
            .exec(work.write())
            .await?;
        work.counts_as_audited("a delivery is its own log");
        work.commit().await?;
    }
    Ok(paused)
}

async fn taken(work: &mut Work, row: delivery::Model, hook: hook::Model, heard: outside::Heard) -> Result<Delivered> {
    let now = work.now();
    delivery::ActiveModel {
        id: Unchanged(row.id),
        status: Set(DeliveryStatus::Delivered),
        attempts: Set(row.attempts + 1),
        next_at: Set(None),
        last_status: Set(Some(i32::from(heard.status))),
        last_answer: Set(Some(heard.text)),
        tried_at: Set(Some(now)),
        delivered_at: Set(Some(now)),
        ..Default::default()
    }
    .update(work.write())
    .await?;
    hook::ActiveModel { id: Unchanged(hook.id), last_ok_at: Set(Some(now)), failing_since: Set(None), ..Default::default() }
        .update(work.write())
        .await?;
    Ok(Delivered::Done)
}

async fn failed(
    work: &mut Work,
    row: delivery::Model,
    hook: hook::Model,
    status: Option<u16>,
    answer: &str,
    why: &str,
) -> Result<Delivered> {
    let now = work.now();
    let pause = usize::try_from(row.attempts).ok().and_then(|at| PAUSES.get(at)).copied();
    let next_at = pause.map(|pause| now.plus(pause));
    delivery::ActiveModel {
        id: Unchanged(row.id),
        status: Set(if next_at.is_some() { DeliveryStatus::Waiting } else { DeliveryStatus::GaveUp }),
        attempts: Set(row.attempts + 1),
        next_at: Set(next_at),
        last_status: Set(status.map(i32::from)),
        last_answer: Set(Some(answer.to_owned())),
        tried_at: Set(Some(now)),
        ..Default::default()
    }
    .update(work.write())
    .await?;
    let since = hook.failing_since.unwrap_or(now);
    let lost = next_at.is_none() && now.since(since) >= LOST;
    let words = format!("Nothing was taken since {}: {why}.", since.words());
    let mut change = hook::ActiveModel {
        id: Unchanged(hook.id),
        failing_since: Set(Some(since)),
        last_error: Set(Some(why.to_owned())),
        ..Default::default()
    };
    if lost {
        (change.paused_at, change.paused_why) = (Set(Some(now)), Set(Some(words.clone())));
    }
    change.update(work.write()).await?;
    if lost {
        let line = audit::Line::new("webhook.paused", format!("webhook:{}", hook.id)).tenant(hook.tenant_id);
        audit::record(work, line.with("why", words.clone())).await?;
        work.tell(&HookPaused { tenant: hook.tenant_id, hook: hook.id, name: hook.name, why: words })?;
    }
    Ok(next_at.map_or(Delivered::GivenUp, |at| Delivered::Later(at, why.to_owned())))
}
