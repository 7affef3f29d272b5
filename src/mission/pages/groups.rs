//! `/portal/mission/groups`: the groups of the organisation as cards, one's own first.

use actix_web::web::Query;
use askama::Template;
use serde::Deserialize;

use super::{State, holds, page_of};
use crate::{
    mission::{
        MissionMember,
        record::{Group, Groups},
    },
    platform::web::{
        Answer, Ask, Frame, Pager, page,
        paging::{PAGE_SIZE, PageQuery},
    },
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub q: String,
    pub kind: String,
    pub page: Option<String>,
}

#[derive(Template)]
#[template(path = "mission/groups.html")]
struct GroupsPage {
    frame: Frame,
    state: State,
    organisation: String,
    filter: Filter,
    filtered: bool,
    any: bool,
    kinds: Vec<(String, String)>,
    groups: Vec<Group>,
    pager: Pager,
}

pub async fn list(ask: Ask<MissionMember>, filter: Query<Filter>) -> Answer {
    let filter = filter.into_inner();
    let (record, state, organisation) = page_of::<Groups>(&ask.platform(), &ask.who).await?;
    let mut kinds: Vec<String> = record.groups.iter().map(|group| group.kind.clone()).filter(|kind| !kind.is_empty()).collect();
    kinds.sort();
    kinds.dedup();
    let any = !record.groups.is_empty();
    let matching = |group: &Group| {
        (filter.kind.is_empty() || group.kind == filter.kind)
            && holds(&format!("{} {} {} {}", group.name, group.description, group.schedule, group.location), &filter.q)
    };
    let found: Vec<Group> = record.groups.into_iter().filter(matching).collect();
    let paging = PageQuery { page: filter.page.clone() };
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("q", &filter.q).append_pair("kind", &filter.kind).finish();
    page(&GroupsPage {
        frame: ask.frame(),
        state,
        organisation,
        filtered: !filter.q.is_empty() || !filter.kind.is_empty(),
        any,
        kinds: kinds.into_iter().map(|kind| (kind.clone(), kind)).collect(),
        pager: Pager::new(paging.number(), found.len() as u64, &format!("/portal/mission/groups?{query}")),
        groups: found.into_iter().skip(paging.offset() as usize).take(PAGE_SIZE as usize).collect(),
        filter,
    })
}
