//! `/portal/mission/prayer`: the prayer wall, as much of it as is for this member.

use actix_web::web::Query;
use askama::Template;
use serde::Deserialize;

use super::{State, page_of};
use crate::{
    mission::{
        MissionMember,
        record::{Prayer, PrayerCategory, PrayerWall},
    },
    platform::web::{
        Answer, Ask, Frame, Pager, page,
        paging::{PAGE_SIZE, PageQuery},
    },
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub category: String,
    /// `open` or `answered`.
    pub state: String,
    pub page: Option<String>,
}

#[derive(Template)]
#[template(path = "mission/prayer.html")]
struct PrayerPage {
    frame: Frame,
    state: State,
    organisation: String,
    filter: Filter,
    filtered: bool,
    any: bool,
    categories: Vec<(&'static str, &'static str)>,
    states: Vec<(&'static str, &'static str)>,
    prayers: Vec<Prayer>,
    pager: Pager,
}

pub async fn list(ask: Ask<MissionMember>, filter: Query<Filter>) -> Answer {
    let filter = filter.into_inner();
    let (record, state, organisation) = page_of::<PrayerWall>(&ask.platform(), &ask.who).await?;
    let any = !record.prayers.is_empty();
    let matching = |prayer: &Prayer| {
        (filter.category.is_empty() || prayer.category.word() == filter.category)
            && match filter.state.as_str() {
                "open" => !prayer.answered,
                "answered" => prayer.answered,
                _ => true,
            }
    };
    let found: Vec<Prayer> = record.prayers.into_iter().filter(matching).collect();
    let paging = PageQuery { page: filter.page.clone() };
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("category", &filter.category)
        .append_pair("state", &filter.state)
        .finish();
    page(&PrayerPage {
        frame: ask.frame(),
        state,
        organisation,
        filtered: !filter.category.is_empty() || !filter.state.is_empty(),
        any,
        categories: PrayerCategory::ALL.iter().map(|(_, word, label)| (*word, *label)).collect(),
        states: vec![("open", "Open"), ("answered", "Answered")],
        pager: Pager::new(paging.number(), found.len() as u64, &format!("/portal/mission/prayer?{query}")),
        prayers: found.into_iter().skip(paging.offset() as usize).take(PAGE_SIZE as usize).collect(),
        filter,
    })
}
