//! `/portal/invoices`: what the company was billed, what is open, and how old this is.

use askama::Template;
use entity::{Moment, invoices::InvoiceStatus};
use serde::Deserialize;

use crate::{
    invoices::{
        InvoiceReader,
        queries::{self, InvoiceLine, Wanted},
    },
    platform::{
        Error, Result, Tx, money,
        web::{Answer, Ask, Frame, Pager, page, paging::PageQuery},
    },
    retainers::day_in,
    tenancy::{self, caller::PortalClient},
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub status: String,
    pub q: String,
    #[serde(flatten)]
    pub paging: PageQuery,
}

impl Filter {
    fn is_set(&self) -> bool {
        !self.status.is_empty() || !self.q.is_empty()
    }
}

/// How old what is shown is.
pub(super) struct Age {
    /// Books was last read to its end.
    pub at: Option<Moment>,
    /// Books does not answer.
    pub stale: bool,
}

pub(super) async fn age(tx: &Tx, client: &PortalClient) -> Result<Age> {
    let seen = queries::sync_of(tx, client.tenant).await?;
    Ok(Age { at: seen.as_ref().and_then(|row| row.taken_at), stale: seen.is_some_and(|row| !row.problem.is_empty()) })
}

#[derive(Template)]
#[template(path = "invoices/list.html")]
struct ListPage {
    frame: Frame,
    filter: Filter,
    statuses: Vec<(String, String)>,
    lines: Vec<InvoiceLine>,
    /// `$1,500.00`, by currency.
    owed: Vec<String>,
    any: bool,
    age: Age,
    msp: String,
    pager: Pager,
}

pub async fn list(ask: Ask<InvoiceReader>) -> Answer {
    let filter: Filter = serde_html_form::from_str(ask.request.query_string()).unwrap_or_default();
    let platform = ask.platform();
    let client = &ask.who.client;
    let tx = platform.read(client.caller.reach()).await?;
    let tenant = tenancy::tenant(&tx, client.tenant).await?.ok_or(Error::NotFound)?;
    let today = day_in(&tenant.zone, platform.clock.now());
    let wanted = Wanted { status: filter.status.parse().ok(), number: filter.q.trim().to_owned(), offset: filter.paging.offset() };
    let (lines, total) = queries::invoices(&tx, client.company, &wanted, today).await?;
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("status", &filter.status)
        .append_pair("q", &filter.q)
        .finish();
    let owed = queries::owed(&tx, client.company).await?;
    page(&ListPage {
        frame: ask.frame(),
        statuses: InvoiceStatus::ALL.iter().map(|status| (status.word().to_owned(), status.label().to_owned())).collect(),
        lines,
        owed: owed.iter().map(|(currency, sum)| money::words(*sum, currency)).collect(),
        any: queries::any(&tx, client.company).await?,
        age: age(&tx, client).await?,
        msp: tenant.name,
        pager: Pager::new(filter.paging.number(), total, &format!("/portal/invoices?{query}")),
        filter,
    })
}
