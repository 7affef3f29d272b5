//! `/portal/announcements`: what the MSP tells, newest first; what was not read is marked, and a click marks it read.

use actix_web::HttpResponse;
use askama::Template;
use entity::{Moment, announcements::announcement, ids::AnnouncementId};

use crate::{
    announcements::{
        ReadableAnnouncement, mark_read,
        queries::{self, Notice},
    },
    platform::{
        Result, markdown,
        web::{Answer, Ask, Frame, Pager, page, paging::PageQuery, see_other},
    },
    tenancy::{self, caller::PortalClient},
};

/// One of them with its text rendered.
struct Shown {
    id: AnnouncementId,
    title: String,
    html: String,
    at: Moment,
    edited_at: Option<Moment>,
    author: String,
    read: bool,
}

/// `top`: the level of its largest headings.
fn shown(row: announcement::Model, read: bool, top: u8) -> Shown {
    Shown {
        id: row.id,
        html: markdown::article(&row.body, top),
        at: row.published_at.unwrap_or(row.updated_at),
        edited_at: row.edited_at,
        title: row.title,
        author: row.author_name,
        read,
    }
}

#[derive(Template)]
#[template(path = "announcements/list_portal.html")]
struct ListPage {
    frame: Frame,
    msp: String,
    rows: Vec<Shown>,
    pager: Pager,
}

pub async fn list(ask: Ask<PortalClient>, paging: actix_web::web::Query<PageQuery>) -> Answer {
    let client = &ask.who;
    let tx = ask.platform().read(client.caller.reach()).await?;
    let (rows, total) = queries::notices(&tx, client, paging.offset()).await?;
    page(&ListPage {
        frame: ask.frame(),
        msp: tenancy::tenant(&tx, client.tenant).await?.map_or_else(String::new, |tenant| tenant.name),
        rows: rows.into_iter().map(|Notice { row, read }| shown(row, read, 3)).collect(),
        pager: Pager::new(paging.number(), total, "/portal/announcements"),
    })
}

#[derive(Template)]
#[template(path = "announcements/show_portal.html")]
struct ShowPage {
    frame: Frame,
    one: Shown,
}

pub async fn show(ask: Ask<ReadableAnnouncement>) -> Answer {
    let tx = ask.platform().read(ask.who.client.caller.reach()).await?;
    let read = queries::has_read(&tx, ask.who.client.caller.account, ask.who.row.id).await?;
    page(&ShowPage { frame: ask.frame(), one: shown(ask.who.row.clone(), read, 2) })
}

async fn marked(ask: &Ask<ReadableAnnouncement>) -> Result<()> {
    let mut work = ask.work(ask.who.client.caller.reach()).await?;
    mark_read(&mut work, &ask.who).await?;
    work.commit().await
}

/// Without script: a click on its title marks it read and opens it.
pub async fn open(ask: Ask<ReadableAnnouncement>) -> Answer {
    marked(&ask).await?;
    see_other(format!("/portal/announcements/{}", ask.who.row.id)).answer()
}

/// 204, however often.
pub async fn read(ask: Ask<ReadableAnnouncement>) -> Answer {
    marked(&ask).await?;
    Ok(HttpResponse::NoContent().finish())
}
