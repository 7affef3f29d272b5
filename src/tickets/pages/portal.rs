//! `/portal/tickets`: the client's tickets, a new one, one with its comments.

use std::sync::Arc;

use actix_web::{http::StatusCode, web::Query};
use askama::Template;
use entity::{
    Moment,
    ids::TicketId,
    tickets::{EntrySide, TicketCategory, TicketPriority, ticket},
};
use serde::Deserialize;

use super::{Said, answers_of, client_words, files, filter::Filter, said};
use crate::{
    platform::{
        Actor, Error, FieldErrors, Platform, Result, random,
        web::{Answer, Ask, Fields, Frame, Pager, page, page_with, see_other},
    },
    tickets::{
        ClientTicket, Comment, Delivery, OpenTicket, Requester, TicketLine, attachments_of, away_since, comment_as_client, entries,
        href_of_client, open, queries,
        ticket::{self as words, clean_subject},
    },
    vault::{DocumentRow, Upload},
};

#[derive(Template)]
#[template(path = "tickets/list_portal.html")]
struct ListPage {
    frame: Frame,
    filter: Filter,
    rows: Vec<TicketLine>,
    pager: Pager,
    filtered: bool,
    away: Option<Moment>,
    statuses: Vec<(&'static str, &'static str)>,
    priorities: Vec<(&'static str, &'static str)>,
    categories: Vec<(&'static str, &'static str)>,
}

pub async fn list(ask: Ask<Requester>, filter: Query<Filter>) -> Answer {
    let filter = filter.into_inner();
    let client = &ask.who.client;
    let platform = ask.platform();
    let tx = platform.read(client.caller.reach()).await?;
    let (rows, total) = queries::list_for_client(&tx, &platform, client, &filter.wanted(&client.caller)).await?;
    page(&ListPage {
        frame: ask.frame(),
        pager: Pager::new(filter.pages().number(), total, &filter.address("/portal/tickets")),
        filtered: filter.is_filtered(),
        away: away_since(&tx, client.tenant).await?,
        statuses: words::client_statuses(),
        priorities: words::priorities(),
        categories: words::categories(),
        filter,
        rows,
    })
}

/// What was typed, to be shown again.
#[derive(Clone, Debug, Default)]
struct Typed {
    subject: String,
    category: String,
    priority: String,
    description: String,
    key: String,
}

#[derive(Template)]
#[template(path = "tickets/new.html")]
struct NewPage {
    frame: Frame,
    errors: FieldErrors,
    typed: Typed,
    categories: Vec<(&'static str, &'static str)>,
    priorities: Vec<(&'static str, &'static str, &'static str)>,
    limit_mb: u64,
    has_catalog: bool,
}

const PRIORITIES: [(&str, &str, &str); 4] = [
    ("low", "Low", "When there is time"),
    ("normal", "Normal", "It bothers, and I can work"),
    ("high", "High", "I can hardly work"),
    ("urgent", "Urgent", "Several of us cannot work"),
];

async fn new_page(platform: &Platform, requester: &Requester, frame: Frame, typed: Typed, errors: FieldErrors) -> Result<NewPage> {
    let tx = platform.read(requester.client.caller.reach()).await?;
    Ok(NewPage {
        frame,
        errors,
        typed,
        categories: words::categories(),
        priorities: PRIORITIES.to_vec(),
        limit_mb: platform.config.upload_limit / 1024 / 1024,
        has_catalog: !queries::services(&tx, requester.client.tenant, true).await?.is_empty(),
    })
}

/// What was typed elsewhere, to be gone on with here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Begun {
    subject: String,
    description: String,
    category: String,
}

pub async fn form(ask: Ask<Requester>) -> Answer {
    let begun: Begun = serde_html_form::from_str(ask.request.query_string()).unwrap_or_default();
    let typed = Typed {
        subject: begun.subject.chars().take(500).collect(),
        description: begun.description.chars().take(20_000).collect(),
        category: begun.category,
        priority: "normal".to_owned(),
        key: random::token(),
    };
    page(&new_page(&ask.platform(), &ask.who, ask.frame(), typed, FieldErrors::default()).await?)
}

fn typed(fields: &Fields) -> Typed {
    let get = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    Typed {
        subject: get("subject"),
        category: get("category"),
        priority: get("priority"),
        description: get("description"),
        key: get("key"),
    }
}

/// A form's own key; one that was left out or is no key is replaced.
pub(super) fn key(given: &str) -> String {
    if given.is_empty() || given.len() > 200 { random::token() } else { given.to_owned() }
}

/// Adds what a check has found to what was found before.
pub(super) fn gather(found: Result<()>, errors: &mut FieldErrors) -> Result<()> {
    match found {
        Ok(()) => Ok(()),
        Err(Error::Invalid(more)) => {
            for (field, messages) in more.0 {
                for message in messages {
                    errors.add(field.clone(), message);
                }
            }
            Ok(())
        }
        Err(other) => Err(other),
    }
}

fn wanted(typed: &Typed) -> Result<OpenTicket> {
    let mut errors = FieldErrors::default();
    let category = typed.category.parse::<TicketCategory>();
    let priority = typed.priority.parse::<TicketPriority>();
    if category.is_err() {
        errors.add("category", "Choose what it is about.");
    }
    if priority.is_err() {
        errors.add("priority", "Choose how urgent it is.");
    }
    let input = OpenTicket {
        subject: typed.subject.clone(),
        category: category.unwrap_or(TicketCategory::Other),
        priority: priority.unwrap_or(TicketPriority::Normal),
        description: typed.description.clone(),
        service: None,
        key: key(&typed.key),
    };
    gather(input.check(), &mut errors)?;
    errors.check()?;
    Ok(input)
}

pub async fn create(mut ask: Ask<Requester, Upload>) -> Answer {
    let typed = typed(&ask.body.fields);
    let platform = ask.platform();
    let input = match wanted(&typed) {
        Ok(input) => input,
        Err(Error::Invalid(mut errors)) => {
            ask.body.turn_back(&mut errors).await;
            let shown = new_page(&platform, &ask.who, ask.frame(), typed, errors).await?;
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
        }
        Err(other) => return Err(other),
    };
    let mut work = ask.work(ask.who.client.caller.reach()).await?;
    let (id, fresh) = open(&mut work, &ask.who, input).await?;
    work.commit().await?;
    let actor = ask.actor();
    opened(&platform, actor, &ask.who, &mut ask.body, id, fresh).await
}

/// The files of a ticket that has just been opened, and the way to it.
pub(super) async fn opened(
    platform: &Arc<Platform>,
    actor: Actor,
    requester: &Requester,
    upload: &mut Upload,
    id: TicketId,
    fresh: bool,
) -> Answer {
    let reach = requester.client.caller.reach();
    let address = href_of_client(id);
    let tx = platform.read(reach.clone()).await?;
    let row = queries::ticket(&tx, id).await?.ok_or(Error::NotFound)?;
    let there = if fresh { Vec::new() } else { files::there(&tx, &requester.client.caller, id).await? };
    drop(tx);
    match files::take(platform, actor, reach, &row, EntrySide::Client, upload, &there).await? {
        Some(why) => see_other(address).warn(format!("Your ticket is open, but not everything was attached. {why}")).answer(),
        None if !fresh => see_other(address).toast("This ticket is open already").answer(),
        None => {
            see_other(address).toast(format!("Ticket #{} is open. You get an e-mail when somebody answers.", row.number)).answer()
        }
    }
}

#[derive(Template)]
#[template(path = "tickets/show_portal.html")]
struct ShowPage {
    frame: Frame,
    ticket: ticket::Model,
    /// Later than promised.
    overdue: bool,
    answers: Vec<(String, String)>,
    said: Vec<Said>,
    documents: Vec<DocumentRow>,
    delivery: Option<(&'static str, Option<Moment>)>,
    away: Option<Moment>,
    errors: FieldErrors,
    body: String,
    key: String,
    limit_mb: u64,
}

async fn show_page(platform: &Platform, who: &ClientTicket, frame: Frame, errors: FieldErrors, body: String) -> Result<ShowPage> {
    let tx = platform.read(who.client.caller.reach()).await?;
    let now = ClientTicket::of(&tx, who.client.clone(), who.ticket.id).await?.ticket;
    Ok(ShowPage {
        frame,
        overdue: now.due_at.is_some_and(|due| due < platform.clock.now()) && !words::is_done(now.status),
        answers: answers_of(&now.answers),
        said: said(entries(&tx, now.id, false).await?, EntrySide::Client),
        documents: attachments_of(&tx, &who.client.caller, now.id).await?,
        delivery: client_words(&Delivery::of(platform, &now)),
        away: away_since(&tx, now.tenant_id).await?,
        errors,
        body,
        key: random::token(),
        limit_mb: platform.config.upload_limit / 1024 / 1024,
        ticket: now,
    })
}

pub async fn show(ask: Ask<ClientTicket>) -> Answer {
    page(&show_page(&ask.platform(), &ask.who, ask.frame(), FieldErrors::default(), String::new()).await?)
}

pub async fn comment(mut ask: Ask<ClientTicket, Upload>) -> Answer {
    let platform = ask.platform();
    let body = ask.body.fields.get("body").unwrap_or_default().to_owned();
    let input = Comment { body: body.clone(), key: key(ask.body.fields.get("key").unwrap_or_default()) };
    if let Err(error) = input.check() {
        let Error::Invalid(mut errors) = error else { return Err(error) };
        ask.body.turn_back(&mut errors).await;
        let shown = show_page(&platform, &ask.who, ask.frame(), errors, body).await?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    let reach = ask.who.client.caller.reach();
    let mut work = ask.work(reach.clone()).await?;
    let fresh = comment_as_client(&mut work, &ask.who, &input).await?;
    work.commit().await?;
    let address = href_of_client(ask.who.ticket.id);
    let (actor, row) = (ask.actor(), ask.who.ticket.clone());
    let there = match fresh {
        true => Vec::new(),
        false => files::there(&platform.read(reach.clone()).await?, &ask.who.client.caller, row.id).await?,
    };
    match files::take(&platform, actor, reach, &row, EntrySide::Client, &mut ask.body, &there).await? {
        Some(why) => see_other(address).warn(format!("Your comment is there, but not everything was attached. {why}")).answer(),
        None if !fresh => see_other(address).toast("That was sent already").answer(),
        None => see_other(address).toast("Your comment is there").answer(),
    }
}

/// A title for a request: the service, and what the person calls it.
pub(super) fn subject_of(service: &str, more: &str) -> String {
    let more = clean_subject(more);
    if more.is_empty() { service.to_owned() } else { format!("{service}: {more}") }
}
