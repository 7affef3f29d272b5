//! What does not go on by itself: for the operator of all MSPs, for an MSP's owner and admins of their own. And what Stripe sent,
//! and how the books compare with Stripe's.

use actix_web::web::Query;
use askama::Template;
use entity::{
    Moment, Reach,
    ids::SettlementId,
    payments::{reconciliation, webhook},
};
use serde::Deserialize;

use crate::{
    payments::{
        PayoutLine,
        commands::ask_reconciliation::ask_reconciliation,
        look_again,
        queries::{self, Till, WebhookDetail},
        replay_webhook,
    },
    platform::{
        Error,
        web::{Answer, Ask, Frame, Pager, page, paging::PageQuery, path_id, see_other},
    },
    tenancy::caller::{Operator, TenantAdmin},
};

/// The operator keeps the payments of all tenants going.
const ALL: Reach = Reach::Everything("the operator looks at what is stuck");

#[derive(Template)]
#[template(path = "payments/stuck.html")]
struct StuckPage {
    frame: Frame,
    lines: Vec<PayoutLine>,
    pager: Pager,
    /// Sees all MSPs, and may have it looked at again.
    operator: bool,
    reconciled: Option<Compared>,
    /// Payments are set up on this installation.
    ready: bool,
    now: Moment,
}

/// The last comparison with Stripe.
struct Compared {
    row: reconciliation::Model,
    differences: Vec<String>,
}

pub async fn stuck(ask: Ask<Operator>, query: Query<PageQuery>) -> Answer {
    let platform = ask.platform();
    let tx = platform.read(ALL).await?;
    let (lines, total) = queries::stuck(&tx, &ask.who.caller, query.offset(), Till::of(&platform)).await?;
    let reconciled = match queries::last_reconciliation(&tx).await? {
        Some(row) => Some(Compared { differences: serde_json::from_str(&row.differences)?, row }),
        None => None,
    };
    page(&StuckPage {
        frame: ask.frame(),
        lines,
        pager: Pager::new(query.number(), total, "/operator/payouts"),
        operator: true,
        reconciled,
        ready: platform.config.stripe_secret_key.is_some(),
        now: platform.clock.now(),
    })
}

/// The same for an MSP's owner and admins: what of theirs is stuck.
pub async fn stuck_here(ask: Ask<TenantAdmin>, query: Query<PageQuery>) -> Answer {
    let platform = ask.platform();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let (lines, total) = queries::stuck(&tx, &ask.who.caller, query.offset(), Till::of(&platform)).await?;
    page(&StuckPage {
        frame: ask.frame(),
        lines,
        pager: Pager::new(query.number(), total, "/admin/payouts"),
        operator: false,
        reconciled: None,
        ready: platform.config.stripe_secret_key.is_some(),
        now: platform.clock.now(),
    })
}

pub async fn look(ask: Ask<Operator>) -> Answer {
    let id: SettlementId = path_id(&ask.request, "id")?;
    let mut work = ask.work(ALL).await?;
    look_again(&mut work, &ask.who, id).await?;
    work.commit().await?;
    see_other("/operator/payouts").toast("It is looked at again now").answer()
}

pub async fn reconcile_now(ask: Ask<Operator>) -> Answer {
    let mut work = ask.work(ALL).await?;
    ask_reconciliation(&mut work, &ask.who).await?;
    work.commit().await?;
    see_other("/operator/payouts").toast("The books are compared with Stripe's now; look again in a minute").answer()
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    show: String,
    page: Option<String>,
}

#[derive(Template)]
#[template(path = "payments/webhooks.html")]
struct WebhooksPage {
    frame: Frame,
    rows: Vec<webhook::Model>,
    pager: Pager,
    waiting: bool,
}

pub async fn webhooks(ask: Ask<Operator>, filter: Query<Filter>) -> Answer {
    let waiting = filter.show == "waiting";
    let paging = PageQuery { page: filter.page.clone() };
    let tx = ask.platform().read(ALL).await?;
    let (rows, total) = queries::webhooks(&tx, waiting, paging.offset()).await?;
    let here = if waiting { "/operator/webhooks?show=waiting" } else { "/operator/webhooks" };
    page(&WebhooksPage { frame: ask.frame(), rows, pager: Pager::new(paging.number(), total, here), waiting })
}

#[derive(Template)]
#[template(path = "payments/webhook.html")]
struct WebhookPage {
    frame: Frame,
    detail: WebhookDetail,
}

fn event_of<W, B>(ask: &Ask<W, B>) -> String {
    ask.request.match_info().get("event").unwrap_or_default().to_owned()
}

pub async fn webhook(ask: Ask<Operator>) -> Answer {
    let platform = ask.platform();
    let tx = platform.read(ALL).await?;
    let detail = queries::webhook(&platform, &tx, &event_of(&ask)).await?.ok_or(Error::NotFound)?;
    page(&WebhookPage { frame: ask.frame(), detail })
}

pub async fn replay(ask: Ask<Operator>) -> Answer {
    let mut work = ask.work(ALL).await?;
    replay_webhook(&mut work, &ask.who, &event_of(&ask)).await?;
    work.commit().await?;
    see_other("/operator/webhooks").toast("It is worked off again now").answer()
}

/// `3 days`, for what should not stand still.
fn age(since: &Moment, now: Moment) -> String {
    let past = now.since(*since).max(0);
    let (count, unit) = match past {
        past if past >= Moment::DAY => (past / Moment::DAY, "day"),
        past if past >= Moment::HOUR => (past / Moment::HOUR, "hour"),
        past => (past / Moment::MINUTE, "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
