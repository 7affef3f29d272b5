//! `/portal/mission/directory`: who belongs to the organisation and lets it be known, searched by name.

use actix_web::web::Query;
use askama::Template;
use serde::Deserialize;

use super::{State, holds, page_of};
use crate::{
    mission::{
        MissionMember,
        record::{Directory, Person},
    },
    platform::web::{
        Answer, Ask, Frame, Pager,
        frame::initials,
        page,
        paging::{PAGE_SIZE, PageQuery},
    },
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub q: String,
    pub page: Option<String>,
}

struct Line {
    name: String,
    initials: String,
    email: Option<String>,
}

#[derive(Template)]
#[template(path = "mission/directory.html")]
struct DirectoryPage {
    frame: Frame,
    state: State,
    organisation: String,
    filter: Filter,
    any: bool,
    lines: Vec<Line>,
    pager: Pager,
}

pub async fn list(ask: Ask<MissionMember>, filter: Query<Filter>) -> Answer {
    let filter = filter.into_inner();
    let (record, state, organisation) = page_of::<Directory>(&ask.platform(), &ask.who).await?;
    let any = !record.people.is_empty();
    let found: Vec<Person> = record.people.into_iter().filter(|person| holds(&person.name(), &filter.q)).collect();
    let paging = PageQuery { page: filter.page.clone() };
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", &filter.q).finish();
    let line = |person: Person| Line {
        initials: initials(&person.name()),
        name: person.name(),
        email: person.email.filter(|email| email.contains('@')),
    };
    page(&DirectoryPage {
        frame: ask.frame(),
        state,
        organisation,
        any,
        pager: Pager::new(paging.number(), found.len() as u64, &format!("/portal/mission/directory?{query}")),
        lines: found.into_iter().skip(paging.offset() as usize).take(PAGE_SIZE as usize).map(line).collect(),
        filter,
    })
}
