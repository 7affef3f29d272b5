//! The bell's list and the mail preferences, the same for the firm and the portal.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use askama::Template;
use entity::{ids::NotificationId, notifications::notification};
use serde::Deserialize;
use serde_json::json;

use super::{commands, queries};
use crate::{
    identity,
    platform::{
        delivery::{self, LastMail},
        web::{Answer, Ask, Form, Frame, Pager, page, paging::PageQuery, see_other},
    },
    tenancy::{Caller, caller::OwnFace},
};

macro_rules! list_page {
    ($name:ident, $path:literal) => {
        #[derive(Template)]
        #[template(path = $path)]
        struct $name {
            frame: Frame,
            rows: Vec<notification::Model>,
            pager: Pager,
            unread: u64,
            here: String,
            settings: &'static str,
        }
    };
}
list_page!(FirmList, "notifications/list_firm.html");
list_page!(PortalList, "notifications/list_portal.html");

pub async fn list(ask: Ask<OwnFace>, query: web::Query<PageQuery>) -> Answer {
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let (rows, total) = queries::page(&tx, ask.who.caller.account, query.offset()).await?;
    let unread = queries::unread(&tx, ask.who.caller.account).ask(&tx).await?;
    let here = ask.request.path().to_owned();
    let pager = Pager::new(query.number(), total, &here);
    let frame = ask.frame();
    if ask.who.caller.is_client() {
        page(&PortalList { frame, rows, pager, unread, here, settings: "/portal/settings" })
    } else {
        page(&FirmList { frame, rows, pager, unread, here, settings: "/legal/settings" })
    }
}

/// One line opened or marked, or all of them.
#[derive(Deserialize)]
pub struct Mark {
    #[serde(default)]
    id: Option<NotificationId>,
    /// Where the line leads; ours only.
    #[serde(default)]
    open: Option<String>,
}

pub async fn mark(ask: Ask<OwnFace, Form<Mark>>) -> Answer {
    let mut work = ask.work(ask.who.caller.reach()).await?;
    commands::mark_read::mark_read(&mut work, ask.who.caller.account, ask.body.0.id).await?;
    work.commit().await?;
    let here = ask.request.path().to_owned();
    see_other(crate::platform::web::answer::own_path(ask.body.0.open.as_deref(), &here)).answer()
}

/// The newest lines, for the bell of an open page.
pub async fn json(ask: Ask<Arc<Caller>>) -> Answer {
    let tx = ask.platform().read(ask.who.reach()).await?;
    let (rows, _) = queries::page(&tx, ask.who.account, 0).await?;
    let unread = queries::unread(&tx, ask.who.account).ask(&tx).await?;
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({ "id": row.id, "event": row.event, "words": row.words, "href": row.href,
                    "at": row.created_at.rfc3339(), "read": row.read_at.is_some() })
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "unread": unread, "notifications": rows })))
}

macro_rules! settings_page {
    ($name:ident, $path:literal) => {
        #[derive(Template)]
        #[template(path = $path)]
        struct $name {
            frame: Frame,
            topics: Vec<(&'static str, &'static str, bool)>,
            /// What became of the last mail to this person.
            mail: Option<LastMail>,
            here: String,
        }
    };
}
settings_page!(FirmSettings, "notifications/settings_firm.html");
settings_page!(PortalSettings, "notifications/settings_portal.html");

pub async fn settings(ask: Ask<OwnFace>) -> Answer {
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let mut topics = Vec::new();
    for (topic, label) in commands::set_preference::topics(&ask.who.caller.seat) {
        topics.push((topic, label, queries::wants_mail(&tx, ask.who.caller.account, topic).await?));
    }
    let mail = match identity::account(&tx, ask.who.caller.account).await? {
        Some(me) => delivery::last_mails(&tx, &me.realm, [me.email]).await?.into_values().next(),
        None => None,
    };
    let (frame, here) = (ask.frame(), ask.request.path().to_owned());
    if ask.who.caller.is_client() {
        page(&PortalSettings { frame, topics, mail, here })
    } else {
        page(&FirmSettings { frame, topics, mail, here })
    }
}

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    mail: Vec<String>,
}

pub async fn save_settings(ask: Ask<OwnFace, Form<Wanted>>) -> Answer {
    let mut work = ask.work(ask.who.caller.reach()).await?;
    commands::set_preference::set_preferences(&mut work, ask.who.caller.home_tenant(), ask.who.caller.account, &ask.body.0.mail)
        .await?;
    work.commit().await?;
    see_other(ask.request.path()).toast("Saved.").answer()
}
