//! `/portal/mission/dashboard`: what comes next, what was given this year, one's groups, and the wall.

use askama::Template;

use super::{State, page_of};
use crate::{
    mission::{
        MissionMember,
        record::{self, Event, Events, Giving, Group, Groups, PrayerWall},
    },
    platform::web::{Answer, Ask, Frame, page},
};

#[derive(Template)]
#[template(path = "mission/dashboard.html")]
struct DashboardPage {
    frame: Frame,
    first_name: String,
    organisation: String,
    state: State,
    next: Vec<Event>,
    year: i32,
    given: Vec<String>,
    gifts: usize,
    mine: Vec<Group>,
    prayers: usize,
    unread: u64,
}

pub async fn show(ask: Ask<MissionMember>) -> Answer {
    let platform = ask.platform();
    let now = platform.clock.now();
    let who = &ask.who;
    let (giving, events, groups, wall) = tokio::join!(
        page_of::<Giving>(&platform, who),
        page_of::<Events>(&platform, who),
        page_of::<Groups>(&platform, who),
        page_of::<PrayerWall>(&platform, who),
    );
    let ((giving, state, organisation), (events, other, _), (groups, ..), (wall, ..)) = (giving?, events?, groups?, wall?);
    let year = now.date().year();
    let this_year = || giving.gifts.iter().filter(|gift| gift.year() == year);
    let frame = ask.frame();
    page(&DashboardPage {
        first_name: who.caller.name.split_whitespace().next().unwrap_or_default().to_owned(),
        organisation,
        // One sentence for all of it, the most serious.
        state: if state.words.is_some() { state } else { other },
        next: events.events.into_iter().filter(|event| !event.is_past(now)).take(3).collect(),
        year,
        given: record::sums(this_year()),
        gifts: this_year().count(),
        mine: groups.groups.into_iter().filter(|group| group.mine).collect(),
        prayers: wall.prayers.iter().filter(|prayer| !prayer.answered).count(),
        unread: frame.unread,
        frame,
    })
}
