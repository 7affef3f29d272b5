//! `/portal/catalog`: what can be asked for, and the form of one service.

use actix_web::http::StatusCode;
use askama::Template;
use entity::{ids::ServiceId, tickets::service};

use super::portal::{gather, key, opened, subject_of};
use crate::{
    platform::{
        FieldErrors, Platform, random,
        web::{Answer, Ask, Frame, page, page_with},
    },
    tickets::{
        OpenTicket, Question, QuestionKind, Requester, ServiceRequester,
        catalog::{self, promise_words},
        open, queries,
    },
    vault::Upload,
};

struct Card {
    id: ServiceId,
    name: String,
    description: String,
    category: &'static str,
    promise: Option<String>,
}

fn card(row: service::Model) -> Card {
    Card {
        id: row.id,
        name: row.name,
        description: row.description,
        category: row.category.label(),
        promise: row.sla_hours.map(promise_words),
    }
}

#[derive(Template)]
#[template(path = "tickets/catalog.html")]
struct CatalogPage {
    frame: Frame,
    cards: Vec<Card>,
}

pub async fn list(ask: Ask<Requester>) -> Answer {
    let tx = ask.platform().read(ask.who.client.caller.reach()).await?;
    let cards = queries::services(&tx, ask.who.client.tenant, true).await?.into_iter().map(card).collect();
    page(&CatalogPage { frame: ask.frame(), cards })
}

/// A question of the form with what was answered.
struct Asked {
    name: String,
    kind: &'static str,
    question: Question,
    given: String,
    choices: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "tickets/request.html")]
struct RequestPage {
    frame: Frame,
    card: Card,
    asked: Vec<Asked>,
    subject: String,
    description: String,
    key: String,
    errors: FieldErrors,
    limit_mb: u64,
}

pub(super) fn questions_of(row: &service::Model) -> Vec<Question> {
    serde_json::from_str(&row.questions).unwrap_or_default()
}

fn request_page(
    platform: &Platform,
    frame: Frame,
    row: service::Model,
    typed: [String; 3],
    given: &[String],
    errors: FieldErrors,
) -> RequestPage {
    let [subject, description, key] = typed;
    let pair = |text: &str| (text.to_owned(), text.to_owned());
    let asked = questions_of(&row)
        .into_iter()
        .enumerate()
        .map(|(at, question)| Asked {
            name: format!("q{at}"),
            kind: question.kind.word(),
            given: given.get(at).cloned().unwrap_or_default(),
            choices: match question.kind {
                QuestionKind::YesNo => vec![pair("Yes"), pair("No")],
                _ => question.choices.iter().map(|choice| pair(choice)).collect(),
            },
            question,
        })
        .collect();
    let limit_mb = platform.config.upload_limit / 1024 / 1024;
    RequestPage { frame, card: card(row), asked, subject, description, key, errors, limit_mb }
}

pub async fn form(ask: Ask<ServiceRequester>) -> Answer {
    let platform = ask.platform();
    let row = ask.who.service.clone();
    let typed = [String::new(), String::new(), random::token()];
    page(&request_page(&platform, ask.frame(), row, typed, &[], FieldErrors::default()))
}

pub async fn request(mut ask: Ask<ServiceRequester, Upload>) -> Answer {
    let platform = ask.platform();
    let row = ask.who.service.clone();
    let field = |name: &str| ask.body.fields.get(name).unwrap_or_default().to_owned();
    let questions = questions_of(&row);
    let given: Vec<String> = (0..questions.len()).map(|at| field(&format!("q{at}"))).collect();
    let typed = [field("subject"), field("description"), key(&field("key"))];
    let mut errors = FieldErrors::default();
    let answers = catalog::answers(&questions, |at| given[at].clone(), &mut errors);
    let input = OpenTicket {
        subject: subject_of(&row.name, &typed[0]),
        category: row.category,
        priority: row.priority,
        description: typed[1].clone(),
        service: Some((row.id, answers)),
        key: typed[2].clone(),
    };
    gather(input.check(), &mut errors)?;
    if !errors.is_empty() {
        ask.body.turn_back(&mut errors).await;
        let shown = request_page(&platform, ask.frame(), row, typed, &given, errors);
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    let requester = ask.who.requester.clone();
    let mut work = ask.work(requester.client.caller.reach()).await?;
    let (id, fresh) = open(&mut work, &requester, input).await?;
    work.commit().await?;
    let actor = ask.actor();
    opened(&platform, actor, &requester, &mut ask.body, id, fresh).await
}
