//! `/legal/retainers/{id}/history`: what became of it, by whom, under which terms.

use askama::Template;
use entity::retainers::event;

use super::show::{Header, header};
use crate::{
    platform::web::{Answer, Ask, Frame, page},
    retainers::{RetainerViewer, queries},
};

#[derive(Template)]
#[template(path = "retainers/history.html")]
struct HistoryPage {
    frame: Frame,
    head: Header,
    lines: Vec<event::Model>,
}

pub async fn show(ask: Ask<RetainerViewer>) -> Answer {
    let platform = ask.platform();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let head = header(&tx, platform.clock.now(), &ask.who, "history").await?;
    let mut lines = queries::history(&tx, ask.who.retainer.id).await?;
    if ask.who.caller.is_staff() {
        // What was written before it was offered is the attorney's own.
        lines.retain(|line| !matches!(line.what.as_str(), "drafted" | "revised"));
    }
    page(&HistoryPage { frame: ask.frame(), head, lines })
}
