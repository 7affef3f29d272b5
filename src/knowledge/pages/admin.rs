//! `/admin/knowledge`: the articles, what they are worth to clients, and the form of one with a preview.

use actix_web::{http::StatusCode, web::Query};
use askama::Template;
use entity::{
    ids::ArticleId,
    knowledge::{ArticleStatus, answering, article},
    tickets::TicketCategory,
};
use serde::Deserialize;

use crate::{
    knowledge::{
        SaveArticle,
        access::OwnArticle,
        article::tags,
        commands::{allow_model::allow_model, save_article::save_article},
        queries::{self, Wanted},
    },
    platform::{
        Error, FieldErrors, Platform, Result,
        llm::{self, Llm},
        markdown, remote,
        web::{Answer, Ask, Fields, Form, Frame, Pager, page, page_with, paging::PageQuery, request_id, see_other},
    },
    tenancy::caller::TenantAdmin,
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub q: String,
    pub status: String,
    pub category: String,
    pub page: Option<String>,
}

fn categories() -> Vec<(&'static str, &'static str)> {
    TicketCategory::ALL.iter().map(|category| (category.word(), category.label())).collect()
}

#[derive(Template)]
#[template(path = "knowledge/admin_list.html")]
struct ListPage {
    frame: Frame,
    tab: &'static str,
    filter: Filter,
    filtered: bool,
    statuses: Vec<(&'static str, &'static str)>,
    categories: Vec<(&'static str, &'static str)>,
    rows: Vec<article::Model>,
    pager: Pager,
    model: Model,
}

/// Whether a model answers, what it is given, and how it did.
struct Model {
    /// Its name, and the host everything goes to; none where none is set.
    set: Option<(String, String)>,
    allowed: bool,
    /// Since when it gives no answers.
    away_since: Option<entity::Moment>,
    counts: Option<answering::Model>,
}

async fn model_of(platform: &Platform, who: &TenantAdmin) -> Result<Model> {
    let set = Llm::of(platform).ok().map(|llm| (llm.model().to_owned(), llm.host().to_owned()));
    let seen = remote::seen(platform, llm::NAME).await?;
    let tx = platform.read(who.caller.reach()).await?;
    let counts = queries::answering(&tx, who.tenant).await?;
    Ok(Model {
        set,
        allowed: counts.as_ref().is_none_or(|row| row.allowed),
        away_since: seen.and_then(|seen| seen.failing_since),
        counts: counts.filter(|row| row.asked_count > 0),
    })
}

#[derive(Deserialize)]
pub struct Allow {
    #[serde(default)]
    allowed: String,
}

/// Lets a model answer one's clients, or does not.
pub async fn allow(ask: Ask<TenantAdmin, Form<Allow>>) -> Answer {
    let allowed = match ask.body.0.allowed.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::invalid("allowed", "Say yes or no.")),
    };
    let mut work = ask.work(ask.who.caller.reach()).await?;
    allow_model(&mut work, &ask.who, allowed).await?;
    work.commit().await?;
    let said = match allowed {
        true => "Your clients get answers written by the model, where one is set.",
        false => "No question of your clients goes to a model any more. They get the articles found.",
    };
    see_other("/admin/knowledge").toast(said).answer()
}

pub async fn list(ask: Ask<TenantAdmin>, filter: Query<Filter>) -> Answer {
    let filter = filter.into_inner();
    let paging = PageQuery { page: filter.page.clone() };
    let wanted = Wanted {
        text: filter.q.chars().take(200).collect(),
        status: filter.status.parse().ok(),
        category: filter.category.parse().ok(),
        offset: paging.offset(),
    };
    let model = model_of(&ask.platform(), &ask.who).await?;
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let (rows, total) = queries::list(&tx, ask.who.tenant, &wanted).await?;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("q", &filter.q)
        .append_pair("status", &filter.status)
        .append_pair("category", &filter.category)
        .finish();
    page(&ListPage {
        frame: ask.frame(),
        tab: "knowledge",
        filtered: [&filter.q, &filter.status, &filter.category].iter().any(|text| !text.is_empty()),
        statuses: ArticleStatus::ALL.iter().map(|status| (status.word(), status.label())).collect(),
        categories: categories(),
        pager: Pager::new(paging.number(), total, &format!("/admin/knowledge?{query}")),
        filter,
        rows,
        model,
    })
}

/// What was typed.
#[derive(Clone, Debug, Default)]
struct Typed {
    title: String,
    summary: String,
    body: String,
    category: String,
    tags: String,
    published: bool,
}

impl Typed {
    fn of_form(fields: &Fields) -> Self {
        let get = |name: &str| fields.get(name).unwrap_or_default().replace("\r\n", "\n");
        Self {
            title: get("title"),
            summary: get("summary"),
            body: get("body"),
            category: get("category"),
            tags: get("tags"),
            published: get("published") == "true",
        }
    }

    fn of(row: &article::Model) -> Self {
        Self {
            title: row.title.clone(),
            summary: row.summary.clone(),
            body: row.body.clone(),
            category: row.category.word().to_owned(),
            tags: queries::tags_of(row).join(", "),
            published: row.status == ArticleStatus::Published,
        }
    }

    fn wanted(&self) -> Result<SaveArticle> {
        let category = self.category.parse::<TicketCategory>();
        let mut errors = FieldErrors::default();
        if category.is_err() {
            errors.add("category", "Choose what it is about.");
        }
        let wanted = SaveArticle {
            title: self.title.clone(),
            summary: self.summary.clone(),
            body: self.body.clone(),
            category: category.unwrap_or(TicketCategory::Other),
            tags: tags(&self.tags),
            published: self.published,
        };
        wanted.check(&mut errors);
        errors.check().map(|()| wanted)
    }
}

#[derive(Template)]
#[template(path = "knowledge/admin_edit.html")]
struct EditPage {
    frame: Frame,
    tab: &'static str,
    row: Option<article::Model>,
    typed: Typed,
    /// What it will look like, where that was asked for.
    preview: Option<String>,
    errors: FieldErrors,
    categories: Vec<(&'static str, &'static str)>,
}

fn edit_page(frame: Frame, row: Option<article::Model>, typed: Typed, preview: bool, errors: FieldErrors) -> EditPage {
    EditPage {
        frame,
        tab: "knowledge",
        row,
        preview: preview.then(|| markdown::article(&typed.body, 3)),
        typed,
        errors,
        categories: categories(),
    }
}

pub async fn form_new(ask: Ask<TenantAdmin>) -> Answer {
    page(&edit_page(ask.frame(), None, Typed::default(), false, FieldErrors::default()))
}

pub async fn form(ask: Ask<OwnArticle>) -> Answer {
    let row = ask.who.row.clone();
    let typed = Typed::of(&row);
    page(&edit_page(ask.frame(), Some(row), typed, false, FieldErrors::default()))
}

pub async fn create(ask: Ask<TenantAdmin, Fields>) -> Answer {
    let who = ask.who.clone();
    keep(ask, &who, None).await
}

pub async fn save_it(ask: Ask<OwnArticle, Fields>) -> Answer {
    let (who, row) = (ask.who.admin.clone(), ask.who.row.clone());
    keep(ask, &who, Some(row)).await
}

async fn keep<W>(ask: Ask<W, Fields>, who: &TenantAdmin, row: Option<article::Model>) -> Answer {
    let typed = Typed::of_form(&ask.body);
    if ask.body.get("preview").is_some() {
        // Nothing is changed.
        ask.platform().tripwire.audited(&request_id(&ask.request));
        return page(&edit_page(ask.frame(), row, typed, true, FieldErrors::default()));
    }
    let id: Option<ArticleId> = row.as_ref().map(|row| row.id);
    let mut work = ask.work(who.caller.reach()).await?;
    let kept = match typed.wanted() {
        Ok(input) => save_article(&mut work, who, id, &input).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(kept) => {
            work.commit().await?;
            let said = match kept.status {
                ArticleStatus::Published => "Saved. Your clients find it.",
                ArticleStatus::Draft => "The draft is saved. No client finds it yet.",
            };
            see_other("/admin/knowledge").toast(said).answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &edit_page(ask.frame(), row, typed, false, errors))
        }
        Err(other) => Err(other),
    }
}
