//! `/legal/profile/activity` and `/portal/profile/activity`: everything the audit log holds about one's own account.

use actix_web::web::Query;
use askama::Template;
use serde::Deserialize;

use super::profile::{OWN, base};
use crate::{
    audit::{self, Search},
    entrance::access::Oneself,
    platform::web::{
        Answer, Ask, Frame, Pager, page,
        paging::{PAGE_SIZE, PageQuery},
    },
};

struct Entry {
    at: entity::Moment,
    what: String,
    /// Somebody else's name, where they did it.
    by: String,
    ip: String,
    denied: bool,
}

#[derive(Template)]
#[template(path = "entrance/activity_firm.html")]
struct FirmActivity {
    frame: Frame,
    a: Activity,
}

#[derive(Template)]
#[template(path = "entrance/activity_portal.html")]
struct PortalActivity {
    frame: Frame,
    a: Activity,
}

/// What both faces show.
struct Activity {
    base: &'static str,
    from: String,
    to: String,
    rows: Vec<Entry>,
    pager: Pager,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Days {
    from: String,
    to: String,
    page: Option<String>,
}

pub async fn show(ask: Ask<Oneself>, days: Query<Days>) -> Answer {
    let me = &ask.who.me.account;
    let base = base(&ask.who);
    let Days { from, to, page: number } = days.into_inner();
    let number = PageQuery { page: number };
    let search = Search { from, to, ..Search::default() };
    let tx = ask.platform().read(OWN).await?;
    let (rows, total) = audit::activity(&tx, me.id, &search, number.offset(), PAGE_SIZE).await?;
    drop(tx);
    let rows = rows
        .into_iter()
        .map(|row| Entry {
            at: row.at,
            what: audit::words(&row.action),
            by: if row.actor_id == Some(me.id) { String::new() } else { row.actor },
            ip: row.ip.unwrap_or_default(),
            denied: row.result == "denied",
        })
        .collect();
    let mut filters = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("from", &search.from), ("to", &search.to)] {
        if !value.is_empty() {
            filters.append_pair(name, value);
        }
    }
    let pager = Pager::new(number.number(), total, &format!("{base}/activity?{}", filters.finish()));
    let a = Activity { base, from: search.from, to: search.to, rows, pager };
    if ask.who.caller.is_client() {
        page(&PortalActivity { frame: ask.frame(), a })
    } else {
        page(&FirmActivity { frame: ask.frame(), a })
    }
}
