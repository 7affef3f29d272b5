//! Documents: what needs the person's signature, and what is signed. Files are the vault's own page.

use actix_web::web::Query;
use askama::Template;
use entity::{Moment, ids::DocumentId, policies::PolicyStatus};
use serde::Deserialize;

use super::{Item, zone};
use crate::{
    platform::{
        Result, Tx,
        web::{Answer, Ask, Frame, Pager, page, paging::PageQuery},
    },
    policies,
    signing::{self, SignedFilter},
    tenancy::caller::PortalClient,
    vault,
};

#[derive(Default, Deserialize)]
struct DocumentsQuery {
    #[serde(default)]
    tab: String,
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "portal/documents.html")]
struct DocumentsPage {
    frame: Frame,
    tab: &'static str,
    /// The badge: documents this person can sign now.
    waiting: u64,
    q: String,
    items: Vec<Item>,
    /// What was sent for information; the tab is there when there is something.
    notices: Vec<Notice>,
    pager: Pager,
}

/// A policy that is only to be read.
pub(super) struct Notice {
    pub title: String,
    pub version: i32,
    pub sent: Option<Moment>,
    pub effective: String,
    pub status: PolicyStatus,
    pub document: DocumentId,
}

/// What this person was sent for information, newest first.
pub(super) async fn notices(tx: &Tx, who: &PortalClient) -> Result<Vec<Notice>> {
    let mut found = Vec::new();
    for (facts, document) in policies::for_information(tx, who.company).await? {
        if vault::can_read(tx, &who.caller, document).await? {
            found.push(Notice {
                title: facts.title,
                version: facts.version,
                sent: facts.sent_at,
                effective: Moment::of_day(facts.effective).day_words(),
                status: facts.status,
                document,
            });
        }
    }
    Ok(found)
}

pub async fn list(ask: Ask<PortalClient>) -> Answer {
    let query = Query::<DocumentsQuery>::from_query(ask.request.query_string()).map(Query::into_inner).unwrap_or_default();
    let number = Query::<PageQuery>::from_query(ask.request.query_string()).map(Query::into_inner).unwrap_or_default().number();
    let platform = ask.platform();
    let now = platform.clock.now();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let waiting = signing::waiting_for(&tx, ask.who.contact).await?;
    let count = waiting.iter().filter(|found| found.is_turn).count() as u64;
    let notices = notices(&tx, &ask.who).await?;
    let zone = zone(&tx, ask.who.tenant).await?;
    let (tab, found, pager) = if query.tab == "info" {
        ("info", Vec::new(), Pager::default())
    } else if query.tab == "signed" {
        let company = ask.who.sees_company().then_some(ask.who.company);
        let filter = SignedFilter { contact: ask.who.contact, company, search: query.q.clone(), page: number };
        let (found, total) = signing::signed_for(&tx, &filter).await?;
        let search: String = url::form_urlencoded::byte_serialize(query.q.as_bytes()).collect();
        ("signed", found, Pager::new(number, total, &format!("/portal/documents?tab=signed&q={search}")))
    } else {
        ("sign", waiting, Pager::default())
    };
    page(&DocumentsPage {
        frame: ask.frame(),
        tab,
        waiting: count,
        q: query.q,
        items: found.iter().map(|found| Item::new(found, now, &zone)).collect(),
        notices,
        pager,
    })
}
