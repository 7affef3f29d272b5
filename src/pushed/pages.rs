//! What other installations pushed here, for the firm: how far it is, and the way to withdraw it.

use askama::Template;
use entity::{ids::TenantId, pushed::document, tenancy::AttorneyRole};

use super::{PushedReader, access::PushedKeeper, queries};
use crate::{
    platform::{
        Error,
        leaf::query,
        web::{Answer, Ask, Frame, Pager, page, paging::PageQuery, see_other},
    },
    signing::{self, EnvelopeView},
    tenancy::{self, Seat, caller::Firm},
};

struct Line {
    row: document::Model,
    client: String,
    view: EnvelopeView,
}

#[derive(Template)]
#[template(path = "pushed/list.html")]
struct ListPage {
    frame: Frame,
    lines: Vec<Line>,
    pager: Pager,
}

pub async fn list(ask: Ask<Firm>) -> Answer {
    let caller = &ask.who.caller;
    let tenants: Vec<TenantId> = match &caller.seat {
        Seat::Staff { tenant, .. } => vec![*tenant],
        Seat::Attorney { engagements } => engagements
            .iter()
            .filter(|(_, role)| !matches!(role, AttorneyRole::OfCounsel | AttorneyRole::OutsideCounsel))
            .map(|(tenant, _)| *tenant)
            .collect(),
        _ => Vec::new(),
    };
    let paging = query::<PageQuery>(&ask.request).unwrap_or_default();
    let tx = ask.platform().read(caller.reach()).await?;
    let (rows, total) = queries::list(&tx, &tenants, paging.offset()).await?;
    let names = tenancy::company_names(&tx, rows.iter().map(|row| row.company_id)).await?;
    let mut lines = Vec::new();
    for row in rows {
        let client = names.get(&row.company_id).cloned().unwrap_or_default();
        if let Some(view) = signing::envelope(&tx, row.envelope_id).await? {
            lines.push(Line { row, client, view });
        }
    }
    page(&ListPage { frame: ask.frame(), lines, pager: Pager::new(paging.number(), total, "/legal/pushed") })
}

#[derive(Template)]
#[template(path = "pushed/show.html")]
struct ShowPage {
    frame: Frame,
    row: document::Model,
    client: String,
    view: EnvelopeView,
    /// `5 Dec 2026`: the last day for signing.
    due: Option<String>,
    may_withdraw: bool,
}

pub async fn show(ask: Ask<PushedReader>) -> Answer {
    let row = ask.who.row.clone();
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let view = signing::envelope(&tx, row.envelope_id).await?.ok_or(Error::NotFound)?;
    let client = tenancy::company_in(&tx, row.company_id).await?.map(|row| row.name).unwrap_or_default();
    let may_withdraw = ask.who.may_withdraw() && view.status.word() == "sent";
    let zone = tenancy::tenant(&tx, row.tenant_id).await?.map(|tenant| tenant.zone).unwrap_or_default();
    let due = view.deadline.map(|at| signing::last_day_words(at, &zone));
    page(&ShowPage { frame: ask.frame(), row, client, view, due, may_withdraw })
}

pub async fn withdraw(ask: Ask<PushedKeeper>) -> Answer {
    let row = &ask.who.reader.row;
    let mut work = ask.work(ask.who.reader.caller.reach()).await?;
    signing::void(&mut work, row.envelope_id, "Withdrawn by the MSP").await?;
    work.commit().await?;
    see_other(format!("/legal/pushed/{}", row.id)).toast("Withdrawn; the signers and the sender are told.").answer()
}
