//! Admin → Webhooks: who hears what, and what became of each delivery.

use actix_web::http::StatusCode;
use askama::Template;
use entity::{
    ids::{DeliveryId, HookId},
    integrations::{DeliveryStatus, delivery, feed_event, hook},
};
use serde::Deserialize;

use super::{
    commands::{
        hooks::{self, NewHook},
        replay,
    },
    event::{TYPES, is_left},
    queries::{self, Counts},
};
use crate::{
    entrance::Fresh,
    platform::{
        Error, FieldErrors, Platform, Result,
        leaf::query,
        web::{Answer, Ask, Fields, Frame, Pager, page, page_with, paging::PageQuery, path_id, see_other},
    },
    tenancy::caller::TenantAdmin,
};

struct Line {
    hook: hook::Model,
    waiting: u64,
    given_up: u64,
    types: usize,
}

#[derive(Template)]
#[template(path = "integrations/hooks.html")]
struct HooksPage {
    frame: Frame,
    tab: &'static str,
    lines: Vec<Line>,
    types: Vec<(&'static str, &'static str)>,
    typed: NewHook,
    errors: FieldErrors,
}

impl HooksPage {
    fn chosen(&self, word: &str) -> bool {
        self.typed.events.iter().any(|chosen| chosen == word)
    }
}

fn types() -> Vec<(&'static str, &'static str)> {
    TYPES.iter().filter(|(word, ..)| *word != "hook.tested").map(|(word, label, _)| (*word, *label)).collect()
}

async fn hooks_page(
    frame: Frame,
    platform: &Platform,
    who: &TenantAdmin,
    typed: NewHook,
    errors: FieldErrors,
) -> Result<HooksPage> {
    let tx = platform.read(who.caller.reach()).await?;
    let counts = queries::counts(&tx, who.tenant).await?;
    let line = |hook: hook::Model| {
        let Counts { waiting, given_up } = counts.get(&hook.id).copied().unwrap_or_default();
        let types = if hook.events == "*" { 0 } else { hook.events.split(' ').count() };
        Line { hook, waiting, given_up, types }
    };
    let lines = queries::hooks(&tx, who.tenant).await?.into_iter().map(line).collect();
    Ok(HooksPage { frame, tab: "hooks", lines, types: types(), typed, errors })
}

pub async fn list(ask: Ask<TenantAdmin>) -> Answer {
    let typed = NewHook { all: true, ..NewHook::default() };
    page(&hooks_page(ask.frame(), &ask.platform(), &ask.who, typed, FieldErrors::default()).await?)
}

/// The address's page with the secret on it, this once.
pub async fn create(ask: Ask<Fresh<TenantAdmin>, Fields>) -> Answer {
    let text = |name: &str| ask.body.get(name).unwrap_or_default().to_owned();
    let input = NewHook {
        name: text("name"),
        url: text("url"),
        events: ask.body.all("events").map(str::to_owned).collect(),
        all: text("which") != "some",
    };
    let mut work = ask.work(ask.who.caller.reach()).await?;
    match hooks::make(&mut work, &ask.who, &input).await {
        Ok((id, secret)) => {
            work.commit().await?;
            let mut shown = hook_page(ask.frame(), &ask.platform(), &ask.who, id, &Which::default(), 1).await?;
            shown.secret = Some(secret);
            page_with(StatusCode::CREATED, &shown)
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let shown = hooks_page(ask.frame(), &ask.platform(), &ask.who, input, errors).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(error) => Err(error),
    }
}

struct DeliveryLine {
    row: delivery::Model,
    event: feed_event::Model,
    /// It may be sent by hand.
    by_hand: bool,
}

#[derive(Template)]
#[template(path = "integrations/hook.html")]
struct HookPage {
    frame: Frame,
    tab: &'static str,
    hook: hook::Model,
    heard: Vec<&'static str>,
    lines: Vec<DeliveryLine>,
    status: String,
    statuses: Vec<(&'static str, &'static str)>,
    pager: Pager,
    waiting: u64,
    given_up: u64,
    /// Shown this once.
    secret: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Which {
    status: String,
}

async fn hook_page(
    frame: Frame,
    platform: &Platform,
    who: &TenantAdmin,
    id: HookId,
    which: &Which,
    number: u64,
) -> Result<HookPage> {
    let tx = platform.read(who.caller.reach()).await?;
    let hook = queries::hook(&tx, who.tenant, id).await?.ok_or(Error::NotFound)?;
    let status: Option<DeliveryStatus> = which.status.parse().ok();
    let offset = (number - 1) * crate::platform::web::paging::PAGE_SIZE;
    let (rows, total) = queries::deliveries(&tx, id, status, offset).await?;
    let Counts { waiting, given_up } = queries::counts(&tx, who.tenant).await?.get(&id).copied().unwrap_or_default();
    let word = status.map_or("", DeliveryStatus::word);
    let now = platform.clock.now();
    let line = |(row, event): (delivery::Model, feed_event::Model)| DeliveryLine {
        by_hand: row.status != DeliveryStatus::Waiting || (hook.paused_at.is_none() && is_left(&row, now)),
        row,
        event,
    };
    let heard = TYPES.iter().filter(|(word, ..)| hook.events.split(' ').any(|w| w == *word)).map(|(_, label, _)| *label).collect();
    Ok(HookPage {
        frame,
        tab: "hooks",
        heard,
        lines: rows.into_iter().map(line).collect(),
        status: word.to_owned(),
        statuses: DeliveryStatus::ALL.iter().map(|status| (status.word(), status.label())).collect(),
        pager: Pager::new(number, total, &format!("/admin/integrations/hooks/{id}?status={word}")),
        hook,
        waiting,
        given_up,
        secret: None,
    })
}

pub async fn show(ask: Ask<TenantAdmin>) -> Answer {
    let id: HookId = path_id(&ask.request, "hook")?;
    let which: Which = query(&ask.request).unwrap_or_default();
    let number = query::<PageQuery>(&ask.request).unwrap_or_default().number();
    page(&hook_page(ask.frame(), &ask.platform(), &ask.who, id, &which, number).await?)
}

/// `pause`, `resume`, `test` or `remove`.
pub async fn act(ask: Ask<TenantAdmin>) -> Answer {
    let id: HookId = path_id(&ask.request, "hook")?;
    let verb = ask.request.match_info().query("verb").to_owned();
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let words = match verb.as_str() {
        "pause" => hooks::pause(&mut work, &ask.who, id).await.map(|()| "Paused: what happens now waits here.")?,
        "resume" => hooks::resume(&mut work, &ask.who, id).await.map(|()| "It goes on; what waited is on its way.")?,
        "test" => hooks::test(&mut work, &ask.who, id).await.map(|()| "A test is on its way; reload this page in a moment.")?,
        "remove" => hooks::remove(&mut work, &ask.who, id).await.map(|()| "It is gone, and hears nothing more.")?,
        _ => return Err(Error::NotFound),
    };
    work.commit().await?;
    let back = if verb == "remove" { "/admin/integrations/hooks".to_owned() } else { format!("/admin/integrations/hooks/{id}") };
    see_other(back).toast(words).answer()
}

pub async fn send_again(ask: Ask<TenantAdmin>) -> Answer {
    let hook: HookId = path_id(&ask.request, "hook")?;
    let delivery: DeliveryId = path_id(&ask.request, "delivery")?;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    replay::replay(&mut work, &ask.who, hook, delivery).await?;
    work.commit().await?;
    see_other(format!("/admin/integrations/hooks/{hook}")).toast("It is on its way again.").answer()
}
