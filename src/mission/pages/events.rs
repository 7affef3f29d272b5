//! `/portal/mission/events`: what comes, what was, and one of them.

use actix_web::web::Query;
use askama::Template;
use serde::Deserialize;

use super::{State, page_of};
use crate::{
    mission::{
        MissionMember,
        record::{Event, Events},
    },
    platform::{
        Error,
        web::{
            Answer, Ask, Frame, Pager, page,
            paging::{PAGE_SIZE, PageQuery},
        },
    },
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// `past`, or what comes.
    pub when: String,
    pub page: Option<String>,
}

#[derive(Template)]
#[template(path = "mission/events.html")]
struct EventsPage {
    frame: Frame,
    state: State,
    organisation: String,
    past: bool,
    events: Vec<Event>,
    pager: Pager,
}

pub async fn list(ask: Ask<MissionMember>, filter: Query<Filter>) -> Answer {
    let platform = ask.platform();
    let now = platform.clock.now();
    let past = filter.when == "past";
    let (record, state, organisation) = page_of::<Events>(&platform, &ask.who).await?;
    let mut events: Vec<Event> = record.events.into_iter().filter(|event| event.is_past(now) == past).collect();
    if past {
        events.reverse();
    }
    let paging = PageQuery { page: filter.page.clone() };
    let address = if past { "/portal/mission/events?when=past" } else { "/portal/mission/events" };
    page(&EventsPage {
        frame: ask.frame(),
        state,
        organisation,
        past,
        pager: Pager::new(paging.number(), events.len() as u64, address),
        events: events.into_iter().skip(paging.offset() as usize).take(PAGE_SIZE as usize).collect(),
    })
}

#[derive(Template)]
#[template(path = "mission/event.html")]
struct EventPage {
    frame: Frame,
    state: State,
    event: Event,
    past: bool,
}

pub async fn show(ask: Ask<MissionMember>) -> Answer {
    let platform = ask.platform();
    let id = ask.request.match_info().get("event").unwrap_or_default().to_owned();
    let (record, state, _) = page_of::<Events>(&platform, &ask.who).await?;
    let event = record.events.into_iter().find(|event| event.id == id).ok_or(Error::NotFound)?;
    page(&EventPage { frame: ask.frame(), state, past: event.is_past(platform.clock.now()), event })
}
