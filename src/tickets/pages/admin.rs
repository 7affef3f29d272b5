//! `/admin/catalog`: the services and their forms, as owner and admins keep them.

use actix_web::{HttpRequest, http::StatusCode};
use askama::Template;
use entity::{
    ids::ServiceId,
    tickets::{TicketCategory, TicketPriority, service},
};

use super::catalog::questions_of;
use crate::{
    platform::{
        Error, FieldErrors, Platform, Result,
        web::{Answer, Ask, Fields, Frame, page, page_with, path_id, see_other},
    },
    tenancy::caller::TenantAdmin,
    tickets::{
        Question, QuestionKind, SaveService,
        catalog::{QUESTIONS, promise_words},
        queries, save_service, ticket as words,
    },
};

struct Line {
    row: service::Model,
    promise: Option<String>,
    questions: usize,
}

#[derive(Template)]
#[template(path = "tickets/admin_list.html")]
struct ListPage {
    frame: Frame,
    tab: &'static str,
    lines: Vec<Line>,
}

pub async fn list(ask: Ask<TenantAdmin>) -> Answer {
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let lines = queries::services(&tx, ask.who.tenant, false)
        .await?
        .into_iter()
        .map(|row| Line { promise: row.sla_hours.map(promise_words), questions: questions_of(&row).len(), row })
        .collect();
    page(&ListPage { frame: ask.frame(), tab: "catalog", lines })
}

/// One question in the form, by its number from 1.
struct Row {
    at: usize,
    names: Names,
    kind: &'static str,
    question: Question,
    choices: String,
}

/// What its fields are called.
struct Names {
    label: String,
    kind: String,
    help: String,
    choices: String,
    required: String,
}

impl Names {
    fn of(at: usize) -> Self {
        let name = |field: &str| format!("{field}{at}");
        Self { label: name("label"), kind: name("kind"), help: name("help"), choices: name("choices"), required: name("required") }
    }
}

#[derive(Template)]
#[template(path = "tickets/admin_service.html")]
struct ServicePage {
    frame: Frame,
    tab: &'static str,
    action: String,
    is_new: bool,
    errors: FieldErrors,
    typed: Typed,
    rows: Vec<Row>,
    kinds: Vec<(&'static str, &'static str)>,
    categories: Vec<(&'static str, &'static str)>,
    priorities: Vec<(&'static str, &'static str)>,
}

/// Empty questions below those there are.
const MORE: usize = 3;

/// What was typed; questions whose label was emptied are gone.
struct Typed {
    name: String,
    description: String,
    category: String,
    priority: String,
    sla_hours: String,
    offered: bool,
    questions: Vec<Question>,
}

fn typed(fields: &Fields) -> Typed {
    let get = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let question = |at: usize| Question {
        label: words::clean_subject(&get(&format!("label{at}"))),
        kind: QuestionKind::parse(&get(&format!("kind{at}"))),
        required: get(&format!("required{at}")) == "true",
        choices: get(&format!("choices{at}"))
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .take(100)
            .collect(),
        help: words::clean_subject(&get(&format!("help{at}"))),
    };
    Typed {
        name: get("name"),
        description: get("description"),
        category: get("category"),
        priority: get("priority"),
        sla_hours: get("sla_hours"),
        offered: get("offered") == "true",
        questions: (0..QUESTIONS + MORE).map(question).filter(|question| !question.label.is_empty()).collect(),
    }
}

fn service_page(frame: Frame, id: Option<ServiceId>, typed: Typed, errors: FieldErrors) -> ServicePage {
    let blank = MORE.min(QUESTIONS.saturating_sub(typed.questions.len()));
    let questions = typed.questions.iter().cloned().chain(std::iter::repeat_with(Question::default).take(blank));
    let row = |(at, question): (usize, Question)| Row {
        at: at + 1,
        names: Names::of(at),
        kind: question.kind.word(),
        choices: question.choices.join("\n"),
        question,
    };
    ServicePage {
        frame,
        tab: "catalog",
        action: id.map_or_else(|| "/admin/catalog/new".to_owned(), |id| format!("/admin/catalog/{id}")),
        is_new: id.is_none(),
        errors,
        rows: questions.enumerate().map(row).collect(),
        typed,
        kinds: QuestionKind::ALL.iter().map(|(_, word, label)| (*word, *label)).collect(),
        categories: words::categories(),
        priorities: words::priorities(),
    }
}

pub async fn form_new(ask: Ask<TenantAdmin>) -> Answer {
    let typed = Typed {
        name: String::new(),
        description: String::new(),
        category: TicketCategory::Request.word().to_owned(),
        priority: TicketPriority::Normal.word().to_owned(),
        sla_hours: String::new(),
        offered: true,
        questions: Vec::new(),
    };
    page(&service_page(ask.frame(), None, typed, FieldErrors::default()))
}

async fn service_of(platform: &Platform, who: &TenantAdmin, request: &HttpRequest) -> Result<service::Model> {
    let tx = platform.read(who.caller.reach()).await?;
    queries::service(&tx, who.tenant, path_id(request, "service")?).await?.ok_or(Error::NotFound)
}

pub async fn form(ask: Ask<TenantAdmin>) -> Answer {
    let row = service_of(&ask.platform(), &ask.who, &ask.request).await?;
    let typed = Typed {
        questions: questions_of(&row),
        name: row.name,
        description: row.description,
        category: row.category.word().to_owned(),
        priority: row.priority.word().to_owned(),
        sla_hours: row.sla_hours.map(|hours| hours.to_string()).unwrap_or_default(),
        offered: row.offered,
    };
    page(&service_page(ask.frame(), Some(row.id), typed, FieldErrors::default()))
}

pub async fn create(ask: Ask<TenantAdmin, Fields>) -> Answer {
    keep(ask, None).await
}

pub async fn save(ask: Ask<TenantAdmin, Fields>) -> Answer {
    let row = service_of(&ask.platform(), &ask.who, &ask.request).await?;
    keep(ask, Some(row.id)).await
}

fn wanted(typed: &Typed) -> Result<SaveService> {
    let mut errors = FieldErrors::default();
    let category = typed.category.parse::<TicketCategory>();
    let priority = typed.priority.parse::<TicketPriority>();
    let hours = Some(typed.sla_hours.trim()).filter(|text| !text.is_empty()).map(str::parse::<i32>).transpose();
    if category.is_err() {
        errors.add("category", "Choose a category.");
    }
    if priority.is_err() {
        errors.add("priority", "Choose a priority.");
    }
    if hours.is_err() {
        errors.add("sla_hours", "Give whole hours, or leave it empty.");
    }
    errors.check()?;
    Ok(SaveService {
        name: typed.name.clone(),
        description: typed.description.clone(),
        category: category.unwrap_or(TicketCategory::Request),
        priority: priority.unwrap_or(TicketPriority::Normal),
        sla_hours: hours.unwrap_or_default(),
        questions: typed.questions.clone(),
        offered: typed.offered,
    })
}

async fn keep(ask: Ask<TenantAdmin, Fields>, id: Option<ServiceId>) -> Answer {
    let typed = typed(&ask.body);
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let kept = match wanted(&typed) {
        Ok(input) => save_service(&mut work, &ask.who, id, &input).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(id) => {
            work.commit().await?;
            // Further questions are added where one is.
            let address = if ask.body.get("more").is_some() { format!("/admin/catalog/{id}") } else { "/admin/catalog".to_owned() };
            see_other(address).toast("The service is saved").answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &service_page(ask.frame(), id, typed, errors))
        }
        Err(other) => Err(other),
    }
}
