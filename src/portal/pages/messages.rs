//! `/portal/messages`: the conversations of the matters this person takes part in, and one of them with its documents.

use actix_web::web::Query;
use askama::Template;

use crate::{
    knowledge::{self, TalkLine},
    matters::{self, ClientLine, ClientMatter},
    messaging::{self, ConversationView},
    platform::web::{Answer, Ask, Frame, Pager, page, paging::PageQuery},
    tenancy::caller::PortalClient,
    vault::DocumentRow,
};

/// Conversations of Help that are shown.
const TALKS: u64 = 30;

#[derive(Template)]
#[template(path = "portal/messages.html")]
struct MessagesPage {
    frame: Frame,
    rows: Vec<ClientLine>,
    /// Those the client asked for in Help, on the first page.
    talks: Vec<TalkLine>,
    pager: Pager,
}

pub async fn list(ask: Ask<PortalClient>, paging: Query<PageQuery>) -> Answer {
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let (rows, total) = matters::for_client(&tx, &ask.who.caller, paging.offset()).await?;
    let talks = match paging.number() {
        1 => knowledge::talks_of(&tx, ask.who.caller.account, TALKS).await?,
        _ => Vec::new(),
    };
    page(&MessagesPage { frame: ask.frame(), rows, talks, pager: Pager::new(paging.number(), total, "/portal/messages") })
}

#[derive(Template)]
#[template(path = "portal/message.html")]
struct MessagePage {
    frame: Frame,
    line: ClientLine,
    conversation: ConversationView,
    documents: Vec<DocumentRow>,
}

pub async fn show(ask: Ask<ClientMatter>) -> Answer {
    let platform = ask.platform();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let documents = matters::documents(&tx, &ask.who.caller, ask.who.line.id, ask.who.line.conversation).await?;
    drop(tx);
    let conversation = messaging::view(&platform, &ask.who.caller, ask.who.line.conversation).await?;
    page(&MessagePage { frame: ask.frame(), line: ask.who.line.clone(), conversation, documents })
}
