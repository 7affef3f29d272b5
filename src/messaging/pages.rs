//! The conversation's own page, and what its form does without script.

use actix_web::http::StatusCode;
use askama::Template;
use entity::{ids::DocumentId, vault::Category};
use serde::Deserialize;

use super::{
    access::Participant,
    api::{draft_of, write},
    content::owner,
    queries, view,
    view::ConversationView,
    wire::Happening,
};
use crate::{
    platform::{
        Error, Result, random,
        web::{Answer, Ask, Frame, answer::own_path, page_with, see_other},
    },
    vault::{self, Audience, NewDocument, Upload},
};

#[derive(Template)]
#[template(path = "messaging/page_firm.html")]
struct FirmPage {
    frame: Frame,
    conversation: ConversationView,
    query: String,
    found: Vec<Found>,
}

#[derive(Template)]
#[template(path = "messaging/page_portal.html")]
struct PortalPage {
    frame: Frame,
    conversation: ConversationView,
    query: String,
    found: Vec<Found>,
}

/// A message that holds the words searched for.
struct Found {
    seq: i64,
    name: String,
    at: entity::Moment,
    text: String,
}

impl Found {
    fn of(event: &Happening) -> Self {
        let text = event.content.as_ref().map(|content| content.body.chars().take(240).collect()).unwrap_or_default();
        Self { seq: event.seq, name: event.actor.name.clone(), at: event.at, text }
    }
}

#[derive(Default, Deserialize)]
struct PageQuery {
    before: Option<i64>,
    #[serde(default)]
    q: String,
}

pub async fn page(ask: Ask<Participant>) -> Answer {
    let query =
        actix_web::web::Query::<PageQuery>::from_query(ask.request.query_string()).map(|q| q.into_inner()).unwrap_or_default();
    let platform = ask.platform();
    let conversation = view::view_before(&platform, &ask.who.caller, ask.who.conversation, query.before).await?;
    let found = if query.q.trim().is_empty() {
        Vec::new()
    } else {
        let tx = platform.read(ask.who.caller.reach()).await?;
        let row = queries::conversation(&tx, ask.who.conversation).await?.ok_or(Error::NotFound)?;
        queries::search(&platform, &tx, &row, &query.q).await?.iter().map(Found::of).collect()
    };
    show(&ask, StatusCode::OK, conversation, query.q, found)
}

fn show<B>(
    ask: &Ask<Participant, B>,
    status: StatusCode,
    conversation: ConversationView,
    query: String,
    found: Vec<Found>,
) -> Answer {
    let frame = ask.frame();
    if ask.who.caller.is_client() {
        page_with(status, &PortalPage { frame, conversation, query, found })
    } else {
        page_with(status, &FirmPage { frame, conversation, query, found })
    }
}

/// The composer without script: the text and files of one form, then back to where it was.
pub async fn send(mut ask: Ask<Participant, Upload>) -> Answer {
    let platform = ask.platform();
    let mut files = Vec::new();
    let mut refused = None;
    loop {
        match take_file(&mut ask).await {
            Ok(Some(id)) => files.push(id),
            Ok(None) => break,
            Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
                ask.body.drain().await;
                refused = Some(error);
                break;
            }
            Err(error) => return Err(error),
        }
    }
    let field = |name: &str| ask.body.fields.get(name).unwrap_or_default().to_owned();
    let (body, back) = (field("body").replace("\r\n", "\n"), field("back"));
    let client_id = field("client_id").parse().unwrap_or_else(|_| random::id(platform.clock.now()));
    let sent = match refused {
        Some(error) => Err(error),
        None => {
            let reply_to = field("reply_to").parse().ok();
            let act = draft_of(&platform, &ask.who.caller, ask.who.conversation, client_id, body.clone(), &files, reply_to).await;
            write(&ask, act).await
        }
    };
    match sent {
        Ok(done) => {
            let home = format!("/conversations/{}", ask.who.conversation);
            see_other(format!("{}#m{}", own_path(Some(&back), &home), done.seq)).answer()
        }
        Err(error @ (Error::Invalid(_) | Error::Refused(_) | Error::Forbidden(_))) => {
            let status = actix_web::ResponseError::status_code(&error);
            let mut conversation = view::view(&platform, &ask.who.caller, ask.who.conversation).await?;
            conversation.problem = error.detail();
            conversation.draft = body;
            show(&ask, status, conversation, String::new(), Vec::new())
        }
        Err(error) => Err(error),
    }
}

/// The next file of the form, received into the vault. Until a message names it, nobody but its sender knows of it.
pub async fn take_file(ask: &mut Ask<Participant, Upload>) -> Result<Option<DocumentId>> {
    let Some(file) = ask.body.next_file().await? else { return Ok(None) };
    let platform = ask.platform();
    let reach = ask.who.caller.reach();
    let tx = platform.read(reach.clone()).await?;
    let conversation = queries::conversation(&tx, ask.who.conversation).await?.ok_or(Error::NotFound)?;
    drop(tx);
    let new = NewDocument {
        tenant: ask.who.tenant,
        company: conversation.company_id,
        category: Category::Correspondence,
        title: file.name.clone(),
        file_name: file.name.clone(),
        media_type: String::new(),
        owner: owner(ask.who.conversation),
        audience: vec![Audience::Account(ask.who.caller.account)],
    };
    vault::receive_waiting(&platform, ask.actor(), reach, new, file).await.map(Some)
}
