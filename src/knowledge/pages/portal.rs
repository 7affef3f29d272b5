//! `/portal/help`: from a question to articles, a ticket or a person. The button on every page of the portal opens the same in a panel.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use askama::Template;
use bytes::Bytes;
use entity::{ids::ArticleId, knowledge::help};
use futures_util::{Stream, StreamExt};
use serde::Deserialize;
use tokio::sync::mpsc;

use crate::{
    knowledge::{
        AskPerson, ReadableArticle, Talk,
        commands::{
            ask::ask,
            close::close_own,
            rate,
            write_answer::{self, Written},
        },
        queries::{self, Answer as Answered, ShownArticle},
    },
    messaging::{self, ConversationView},
    platform::{
        Error, FieldErrors, Platform, Result, markdown, random,
        web::{Answer, Ask, Form, Frame, answer::own_path, page, page_with, request_id, see_other, wants_page},
    },
    tenancy::{self, caller::PortalClient},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Question {
    q: String,
}

/// An article in a list.
struct Card {
    id: ArticleId,
    title: String,
    summary: String,
}

#[derive(Template)]
#[template(path = "knowledge/help.html")]
struct HelpPage {
    frame: Frame,
    msp: String,
    question: String,
    answered: Answered,
    written: Written,
    /// A ticket with what was typed in it.
    ticket_href: String,
    /// This page with the question.
    back: String,
    favourites: Vec<Card>,
    /// A conversation that goes on.
    open: Option<help::Model>,
    key: String,
    errors: FieldErrors,
}

async fn help_page(
    platform: &Platform,
    who: &PortalClient,
    frame: Frame,
    question: String,
    written: Option<Written>,
    errors: FieldErrors,
) -> Result<HelpPage> {
    let tx = platform.read(who.caller.reach()).await?;
    let answered = queries::answer(&tx, who.tenant, &question).await?;
    let written = match written {
        Some(written) => written,
        None if write_answer::offered(platform, &tx, who.tenant, &answered.found).await? => Written::Offered,
        None => Written::Not,
    };
    let favourites = match question.is_empty() {
        true => queries::favourites(&tx, who.tenant, 6).await?,
        false => Vec::new(),
    };
    Ok(HelpPage {
        frame,
        msp: tenancy::tenant(&tx, who.tenant).await?.map_or_else(String::new, |tenant| tenant.name),
        ticket_href: ticket_href(&question, &answered),
        back: format!("/portal/help?{}", url::form_urlencoded::Serializer::new(String::new()).append_pair("q", &question).finish()),
        open: queries::open_talk(&tx, who.caller.account).await?,
        favourites: favourites.into_iter().map(|row| Card { id: row.id, title: row.title, summary: row.summary }).collect(),
        question,
        answered,
        written,
        key: random::token(),
        errors,
    })
}

/// The form of a new ticket with what was typed, and the category of what was found.
fn ticket_href(question: &str, answered: &Answered) -> String {
    if question.is_empty() {
        return "/portal/tickets/new".to_owned();
    }
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("subject", &queries::title_of(question)).append_pair("description", question);
    if let Some(found) = answered.found.first() {
        query.append_pair("category", found.category.word());
    }
    format!("/portal/tickets/new?{}", query.finish())
}

fn typed(text: &str) -> String {
    text.trim().chars().take(4_000).collect()
}

pub async fn show(ask: Ask<PortalClient>) -> Answer {
    let asked: Question = serde_html_form::from_str(ask.request.query_string()).unwrap_or_default();
    page(&help_page(&ask.platform(), &ask.who, ask.frame(), typed(&asked.q), None, FieldErrors::default()).await?)
}

/// Where a question is sent to, opened by itself: to the page it is asked on.
pub async fn back_to(_ask: Ask<PortalClient>) -> Answer {
    see_other("/portal/help").answer()
}

/// What the model writes, as it stands in the page; the stream brings it anew each time there is more.
#[derive(Template)]
#[template(path = "knowledge/_written.html")]
struct WrittenPart<'a> {
    question: &'a str,
    written: &'a Written,
}

/// "Write an answer": a page by form; by script a stream of the part that stands in it.
pub async fn write(asked: Ask<PortalClient, Form<Question>>) -> Answer {
    let platform = asked.platform();
    let question = typed(&asked.body.0.q);
    let sent = match write_answer::send(&platform, asked.actor(), &asked.who, &question).await? {
        Ok(sent) => sent,
        Err(not) => {
            // Nothing is changed.
            asked.platform().tripwire.audited(&request_id(&asked.request));
            return match streams(&asked.request) {
                true => Ok(event_stream(futures_util::stream::iter([Ok(event(&question, &not)?)]))),
                false => page(&help_page(&platform, &asked.who, asked.frame(), question, Some(not), FieldErrors::default()).await?),
            };
        }
    };
    if !streams(&asked.request) {
        let written = sent.written(&platform, None).await?;
        return page(&help_page(&platform, &asked.who, asked.frame(), question, Some(written), FieldErrors::default()).await?);
    }
    let (events, receiver) = mpsc::channel(16);
    actix_web::rt::spawn(async move {
        let (shown, mut so_far) = mpsc::channel(16);
        let (question, events) = (&question, &events);
        let writing = async move {
            while let Some(reply) = so_far.recv().await {
                let Ok(event) = event(question, &Written::Writing(reply)) else { return };
                if events.send(event).await.is_err() {
                    return;
                }
            }
        };
        let (written, ()) = tokio::join!(sent.written(&platform, Some(shown)), writing);
        let written = written.unwrap_or_else(|error| {
            tracing::error!(%error, "an answer cannot be written");
            Written::Away
        });
        if let Ok(last) = event(question, &written) {
            // Who has left does not hear it.
            let _ = events.send(last).await;
        }
    });
    let body =
        futures_util::stream::unfold(receiver, |mut receiver| async move { receiver.recv().await.map(|bytes| (bytes, receiver)) });
    Ok(event_stream(body.map(Ok)))
}

/// Whether the page's script asks.
fn streams(request: &HttpRequest) -> bool {
    request.headers().get(header::ACCEPT).is_some_and(|accept| accept == "text/event-stream")
}

fn event(question: &str, written: &Written) -> Result<Bytes> {
    let html = WrittenPart { question, written }.render().map_err(Error::internal)?;
    Ok(format!("data: {}\n\n", serde_json::to_string(&html)?).into())
}

fn event_stream(body: impl Stream<Item = Result<Bytes>> + 'static) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(body)
}

#[derive(Deserialize)]
pub struct Person {
    #[serde(default)]
    q: String,
    #[serde(default)]
    key: String,
}

/// "Talk to a person".
pub async fn person(asked: Ask<PortalClient, Form<Person>>) -> Answer {
    let platform = asked.platform();
    let Form(form) = &asked.body;
    let key = if form.key.is_empty() || form.key.len() > 200 { random::token() } else { form.key.clone() };
    let input = AskPerson { question: form.q.replace("\r\n", "\n"), key };
    match ask(&platform, asked.actor(), &asked.who, &input).await {
        Ok(id) => see_other(format!("/portal/help/{id}")).answer(),
        Err(Error::Invalid(errors)) => {
            let shown = help_page(&platform, &asked.who, asked.frame(), typed(&form.q), None, errors).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(other) => Err(other),
    }
}

#[derive(Template)]
#[template(path = "knowledge/article.html")]
struct ArticlePage {
    frame: Frame,
    id: ArticleId,
    title: String,
    summary: String,
    category: &'static str,
    html: String,
    updated_at: entity::Moment,
    /// What this person said of it.
    said: Option<bool>,
}

pub async fn read(ask: Ask<ReadableArticle>) -> Answer {
    let row = ask.who.row.clone();
    let tx = ask.platform().read(ask.who.client.caller.reach()).await?;
    page(&ArticlePage {
        frame: ask.frame(),
        said: queries::said_of(&tx, ask.who.client.caller.account, row.id).await?,
        html: markdown::article(&row.body, 2),
        category: row.category.label(),
        id: row.id,
        title: row.title,
        summary: row.summary,
        updated_at: row.updated_at,
    })
}

/// The page of the article was shown; its script says so.
pub async fn seen(ask: Ask<ReadableArticle>) -> Answer {
    let mut work = ask.work(ask.who.client.caller.reach()).await?;
    rate::see(&mut work, &ask.who).await?;
    work.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Deserialize)]
pub struct Thumb {
    #[serde(default)]
    helpful: String,
    /// Where it was said.
    #[serde(default)]
    back: Option<String>,
}

pub async fn rate_it(ask: Ask<ReadableArticle, Form<Thumb>>) -> Answer {
    let Form(thumb) = &ask.body;
    let helpful = match thumb.helpful.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::invalid("helpful", "Say yes or no.")),
    };
    let mut work = ask.work(ask.who.client.caller.reach()).await?;
    rate::rate(&mut work, &ask.who, helpful).await?;
    work.commit().await?;
    if !wants_page(&ask.request) {
        return Ok(HttpResponse::NoContent().finish());
    }
    let here = format!("/portal/help/articles/{}", ask.who.row.id);
    let back = see_other(own_path(thumb.back.as_deref(), &here));
    if helpful {
        back.toast("Thank you. That helps others to find it.").answer()
    } else {
        back.warn("Thank you for saying so. Open a ticket or talk to a person: somebody will help you.").answer()
    }
}

#[derive(Template)]
#[template(path = "knowledge/talk.html")]
struct TalkPage {
    frame: Frame,
    title: String,
    row: help::Model,
    shown: Vec<ShownArticle>,
    msp: String,
    conversation: ConversationView,
}

pub async fn talk(ask: Ask<Talk>) -> Answer {
    let platform = ask.platform();
    let row = ask.who.row.clone();
    let tx = platform.read(ask.who.client.caller.reach()).await?;
    let msp = tenancy::tenant(&tx, ask.who.client.tenant).await?.map_or_else(String::new, |tenant| tenant.name);
    drop(tx);
    let conversation = messaging::view(&platform, &ask.who.client.caller, row.conversation_id).await?;
    page(&TalkPage {
        frame: ask.frame(),
        title: queries::title_of(&row.question),
        shown: queries::shown_of(&row),
        msp,
        row,
        conversation,
    })
}

pub async fn close_it(ask: Ask<Talk>) -> Answer {
    let mut work = ask.work(ask.who.client.caller.reach()).await?;
    close_own(&mut work, &ask.who).await?;
    work.commit().await?;
    see_other("/portal/help").toast("It is closed. You find what was written under Messages.").answer()
}
