//! `/portal/help`: from a question to articles, a ticket or a person. The button on every page of the portal opens the same in a panel.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use entity::{ids::ArticleId, knowledge::help};
use serde::Deserialize;

use crate::{
    knowledge::{
        AskPerson, ReadableArticle, Talk,
        commands::{ask::ask, close::close_own, rate},
        queries::{self, Answer as Answered, ShownArticle},
    },
    messaging::{self, ConversationView},
    platform::{
        Error, FieldErrors, Platform, Result, markdown, random,
        web::{Answer, Ask, Form, Frame, answer::own_path, page, page_with, see_other, wants_page},
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
    errors: FieldErrors,
) -> Result<HelpPage> {
    let tx = platform.read(who.caller.reach()).await?;
    let answered = queries::answer(&tx, who.tenant, &question).await?;
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
    page(&help_page(&ask.platform(), &ask.who, ask.frame(), typed(&asked.q), FieldErrors::default()).await?)
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
            let shown = help_page(&platform, &asked.who, asked.frame(), typed(&form.q), errors).await?;
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
