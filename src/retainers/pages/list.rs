//! `/legal/retainers`: every retainer this person sees, each with its meter.

use actix_web::web::Query;
use askama::Template;
use entity::retainers::RetainerStatus;
use serde::Deserialize;

use crate::{
    platform::web::{Answer, Ask, Frame, Pager, page, paging::PageQuery},
    retainers::{MeterCard, Seats, queries},
};

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Filter {
    #[serde(default)]
    pub status: String,
    #[serde(default)]
    pub page: Option<String>,
}

#[derive(Template)]
#[template(path = "retainers/list.html")]
struct ListPage {
    frame: Frame,
    cards: Vec<MeterCard>,
    pager: Pager,
    filter: Filter,
    statuses: Vec<(&'static str, &'static str)>,
    attorney: bool,
}

pub async fn list(ask: Ask<Seats>, filter: Query<Filter>) -> Answer {
    let filter = filter.into_inner();
    let platform = ask.platform();
    let now = platform.clock.now();
    let paging = PageQuery { page: filter.page.clone() };
    let tx = platform.read(ask.who.caller.reach()).await?;
    let status = filter.status.parse::<RetainerStatus>().ok();
    let (cards, total) = queries::list(&tx, now, &ask.who, status, paging.offset()).await?;
    let here = status.map_or_else(|| "/legal/retainers".to_owned(), |status| format!("/legal/retainers?status={status}"));
    let attorney = ask.who.caller.is_attorney();
    let statuses = RetainerStatus::ALL
        .iter()
        .filter(|word| attorney || **word != RetainerStatus::Draft)
        .map(|word| (word.word(), word.label()))
        .collect();
    page(&ListPage { frame: ask.frame(), cards, pager: Pager::new(paging.number(), total, &here), filter, statuses, attorney })
}
