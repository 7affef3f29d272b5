//! `/legal/retainers/{id}`: terms and meter; offer, acceptance and what else can be done with it.

use askama::Template;
use entity::retainers::RetainerStatus;

use crate::{
    platform::{
        Result, Tx,
        web::{Answer, Ask, Frame, page},
    },
    retainers::{MeterCard, RetainerViewer, queries},
};

/// What every tab shows above itself, for `retainers/head.html` under the name `head`.
pub struct Header {
    pub card: MeterCard,
    pub tab: &'static str,
    pub is_attorney: bool,
    pub is_party: bool,
    pub may_accept: bool,
    pub terms_version: i32,
    pub accepted: Option<(String, entity::Moment)>,
}

impl Header {
    pub fn is_draft(&self) -> bool {
        self.card.status == RetainerStatus::Draft
    }

    pub fn is_offered(&self) -> bool {
        self.card.status == RetainerStatus::Offered
    }

    pub fn is_active(&self) -> bool {
        self.card.status == RetainerStatus::Active
    }

    /// It was accepted once, so there are months to bill.
    pub fn has_run(&self) -> bool {
        self.accepted.is_some()
    }

    pub fn is_paused(&self) -> bool {
        self.card.status == RetainerStatus::Paused
    }

    /// Either side may end what runs; the attorney also what was not accepted yet.
    pub fn may_cancel(&self) -> bool {
        match self.card.status {
            RetainerStatus::Cancelled => false,
            RetainerStatus::Draft | RetainerStatus::Offered => self.is_attorney,
            RetainerStatus::Active | RetainerStatus::Paused => self.is_party,
        }
    }
}

pub async fn header(tx: &Tx, now: entity::Moment, view: &RetainerViewer, tab: &'static str) -> Result<Header> {
    let row = &view.retainer;
    Ok(Header {
        card: queries::card(tx, now, &view.caller, row.clone()).await?,
        tab,
        is_attorney: view.is_attorney(),
        is_party: view.is_party(),
        may_accept: view.may_accept() && row.status == RetainerStatus::Offered,
        terms_version: row.terms_version,
        accepted: row.accepted_by_name.clone().zip(row.accepted_at),
    })
}

#[derive(Template)]
#[template(path = "retainers/show.html")]
struct ShowPage {
    frame: Frame,
    head: Header,
    attorney_name: String,
}

pub async fn show(ask: Ask<RetainerViewer>) -> Answer {
    let platform = ask.platform();
    let now = platform.clock.now();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let head = header(&tx, now, &ask.who, "overview").await?;
    page(&ShowPage { frame: ask.frame(), head, attorney_name: ask.who.retainer.attorney_name.clone() })
}
