//! `/portal/files`: what the client was given.

use actix_web::web::Query;
use askama::Template;

use super::list::{Asked, Tab, tabs};
use crate::{
    platform::web::{
        Answer, Ask, Frame, Pager, page,
        paging::{PAGE_SIZE, PageQuery},
    },
    tenancy::caller::PortalClient,
    vault::{DocumentRow, kind, queries},
};

#[derive(Template)]
#[template(path = "vault/files.html")]
struct FilesPage {
    frame: Frame,
    asked: Asked,
    tabs: Vec<Tab>,
    rows: Vec<DocumentRow>,
    pager: Pager,
    narrows: bool,
}

impl FilesPage {
    fn viewable(media_type: &str) -> bool {
        kind::is_viewable(media_type)
    }
}

pub async fn list(ask: Ask<PortalClient>, asked: Query<Asked>, number: Query<PageQuery>) -> Answer {
    let (platform, caller, asked) = (ask.platform(), &ask.who.caller, asked.into_inner());
    let search = asked.search();
    let tx = platform.read(caller.reach()).await?;
    let (rows, total) = queries::search(&tx, caller, &search, number.offset(), PAGE_SIZE).await?;
    let counts = queries::counts(&tx, caller, &search).await?;
    drop(tx);
    // A client sees the shelves that hold something.
    let mut tabs = tabs(&asked, "/portal/files", counts);
    tabs.retain(|tab| tab.count > 0 || tab.active || tab.label == "All");
    let mut frame = ask.frame();
    frame.banner = super::banner(&platform).await.or(frame.banner);
    let pager = Pager::new(number.number(), total, &asked.address("/portal/files", None));
    let narrows = !asked.q.is_empty() || !asked.category.is_empty();
    page(&FilesPage { frame, tabs, rows, pager, narrows, asked })
}
