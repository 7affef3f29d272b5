//! Makes an address that hears events, pauses it, lets it go on, takes it away, sends it a test.

use entity::{
    ids::{HookId, TenantId},
    integrations::{DeliveryStatus, delivery, hook},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Unchanged, ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};
use serde_json::json;

use super::append::append;
use crate::{
    audit,
    integrations::outgoing::{event::TYPES, jobs::DrainHook, queries},
    platform::{Error, FieldErrors, Refusal, Result, Work, outside, random},
    tenancy::caller::TenantAdmin,
};

/// Addresses one MSP may have.
const MOST: usize = 20;

#[derive(Clone, Debug, Default)]
pub struct NewHook {
    pub name: String,
    pub url: String,
    /// Words of [`TYPES`]; empty with `all`.
    pub events: Vec<String>,
    pub all: bool,
}

/// Its id, and the secret, which is shown this once.
pub async fn make(work: &mut Work, admin: &TenantAdmin, input: &NewHook) -> Result<(HookId, String)> {
    let mut errors = FieldErrors::default();
    let name = input.name.trim();
    if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
        errors.add("name", "Name the program that hears it, up to 80 characters.");
    }
    let checked = outside::checked(&work.platform().config, &input.url);
    if let Err(why) = &checked {
        errors.add("url", why.clone());
    }
    let known = |word: &String| TYPES.iter().any(|(known, ..)| known == word);
    if !input.all && (input.events.is_empty() || !input.events.iter().all(known)) {
        errors.add("events", "Choose what it hears; at least one.");
    }
    if queries::hooks(work.read(), admin.tenant).await?.len() >= MOST {
        errors.add("", format!("You have {MOST} webhooks; take one away first."));
    }
    errors.check()?;
    let id: HookId = work.id();
    let secret = format!("olw_{}", random::token());
    let events = if input.all { "*".to_owned() } else { input.events.join(" ") };
    hook::ActiveModel {
        id: Set(id),
        tenant_id: Set(admin.tenant),
        name: Set(name.to_owned()),
        url: Set(checked.map(String::from).unwrap_or_default()),
        secret: Set(work.platform().keyring.seal("hook", id.0.as_bytes(), secret.as_bytes())),
        events: Set(events.clone()),
        created_by_name: Set(admin.caller.name.clone()),
        created_at: Set(work.now()),
        paused_at: Set(None),
        paused_why: Set(None),
        last_ok_at: Set(None),
        failing_since: Set(None),
        last_error: Set(None),
    }
    .insert(work.write())
    .await?;
    let line = audit::Line::new("webhook.created", format!("webhook:{id}")).tenant(admin.tenant).with("events", events);
    audit::record(work, line).await?;
    Ok((id, secret))
}

async fn known(work: &Work, tenant: TenantId, id: HookId) -> Result<hook::Model> {
    queries::hook(work.read(), tenant, id).await?.ok_or(Error::NotFound)
}

async fn note(work: &mut Work, action: &'static str, hook: &hook::Model) -> Result<()> {
    let line = audit::Line::new(action, format!("webhook:{}", hook.id)).tenant(hook.tenant_id).with("name", hook.name.clone());
    audit::record(work, line).await
}

pub async fn pause(work: &mut Work, admin: &TenantAdmin, id: HookId) -> Result<()> {
    let hook = known(work, admin.tenant, id).await?;
    let why = format!("Paused by {}.", admin.caller.name);
    let change =
        hook::ActiveModel { id: Unchanged(id), paused_at: Set(Some(work.now())), paused_why: Set(Some(why)), ..Default::default() };
    change.update(work.write()).await?;
    note(work, "webhook.paused", &hook).await
}

/// What waited in the meantime goes out, the oldest first.
pub async fn resume(work: &mut Work, admin: &TenantAdmin, id: HookId) -> Result<()> {
    let hook = known(work, admin.tenant, id).await?;
    if hook.paused_at.is_none() {
        work.counts_as_audited("it is not paused");
        return Ok(());
    }
    let change = hook::ActiveModel {
        id: Unchanged(id),
        paused_at: Set(None),
        paused_why: Set(None),
        failing_since: Set(None),
        ..Default::default()
    };
    change.update(work.write()).await?;
    delivery::Entity::update_many()
        .col_expr(delivery::Column::NextAt, Expr::value(Option::<i64>::None))
        .col_expr(delivery::Column::Attempts, Expr::value(0))
        .filter(delivery::Column::HookId.eq(id))
        .filter(delivery::Column::Status.eq(DeliveryStatus::Waiting))
        .exec(work.write())
        .await?;
    work.enqueue(&DrainHook { tenant: hook.tenant_id, hook: id }).await?;
    note(work, "webhook.resumed", &hook).await
}

pub async fn remove(work: &mut Work, admin: &TenantAdmin, id: HookId) -> Result<()> {
    let hook = known(work, admin.tenant, id).await?;
    delivery::Entity::delete_many().filter(delivery::Column::HookId.eq(id)).exec(work.write()).await?;
    hook::Entity::delete_many().filter(hook::Column::Id.eq(id)).exec(work.write()).await?;
    note(work, "webhook.removed", &hook).await
}

/// An event of its own, to this address alone.
pub async fn test(work: &mut Work, admin: &TenantAdmin, id: HookId) -> Result<()> {
    let hook = known(work, admin.tenant, id).await?;
    if hook.paused_at.is_some() {
        return Err(Refusal::new("hook_paused", "This webhook is paused.", "Let it go on first, then send the test.").into());
    }
    let event = (random::id(work.now()), work.now());
    append(work, admin.tenant, event, "hook.tested", &json!({ "webhook_id": id }), Some(id)).await?;
    note(work, "webhook.tested", &hook).await
}

/// A webhook with a test on its way, paused before anything is sent: for the story.
pub async fn set_up_for_demo(work: &mut Work, admin: &TenantAdmin) -> Result<(HookId, entity::ids::DeliveryId)> {
    let input = NewHook {
        name: "Slack bridge".to_owned(),
        url: "https://hooks.harbor.example/one-legal".to_owned(),
        events: ["policy.published", "ticket.opened"].map(str::to_owned).to_vec(),
        all: false,
    };
    let (id, _) = make(work, admin, &input).await?;
    let event = (random::id(work.now()), work.now());
    let delivery = append(work, admin.tenant, event, "hook.tested", &json!({ "webhook_id": id }), Some(id)).await?;
    pause(work, admin, id).await?;
    Ok((id, delivery.ok_or(Error::NotFound)?))
}
