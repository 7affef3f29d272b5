//! The first screen of staff and attorneys.

use askama::Template;

use super::queries::{self, Waiting};
use crate::{
    compliance,
    matters::MatterOpener,
    payments::Till,
    platform::web::{Answer, Ask, Frame, page},
    policies::{self, Drafter},
    tenancy::caller::Firm,
};

#[derive(Template)]
#[template(path = "home/dashboard.html")]
struct DashboardPage {
    frame: Frame,
    first_name: String,
    is_attorney: bool,
    manages: bool,
    may_open: bool,
    may_draft: bool,
    /// Counsel who see only what they are put on read no figures of the whole.
    sees_whole: bool,
    waiting: Waiting,
}

pub async fn dashboard(ask: Ask<Firm>) -> Answer {
    let platform = ask.platform();
    let caller = &ask.who.caller;
    let frame = ask.frame();
    let tx = platform.read(caller.reach()).await?;
    // The navigation has counted them for a page; a program asks without one.
    let counted = frame.nav.iter().find(|item| item.href == "/legal/policies").map(|item| item.count);
    let policies = match counted {
        Some(count) => count,
        None => policies::waiting_for(&tx, caller).ask(&tx).await?,
    };
    let waiting = queries::waiting(&tx, caller, Till::of(&platform), policies).await?;
    page(&DashboardPage {
        frame,
        first_name: caller.name.split_whitespace().next().unwrap_or_default().to_owned(),
        is_attorney: caller.is_attorney(),
        may_open: caller.is_staff() && MatterOpener::may(caller),
        may_draft: caller.is_staff() && Drafter::may(caller),
        sees_whole: !compliance::tenants(caller).is_empty(),
        manages: caller.home_tenant().is_some_and(|tenant| caller.manages(tenant)),
        waiting,
    })
}
