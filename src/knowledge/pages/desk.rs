//! `/legal/help`: clients who want a person, the one who has waited longest first.

use std::sync::Arc;

use actix_web::{http::StatusCode, web::Query};
use askama::Template;
use entity::{
    ids::ArticleId,
    knowledge::{HelpStatus, Resolution, help},
};
use serde::Deserialize;

use crate::{
    knowledge::{
        HelpWorker,
        access::HelpSeen,
        commands::{
            claim::{claim, join},
            close::{Closing, close},
        },
        queries::{self, ShownArticle, TalkLine},
    },
    messaging::{self, ConversationView},
    platform::{
        Error, FieldErrors, Platform, Result,
        web::{Answer, Ask, Form, Frame, Pager, page, page_with, paging::PageQuery, see_other},
    },
    tenancy::{self, caller::Desk},
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub status: String,
    pub page: Option<String>,
}

#[derive(Template)]
#[template(path = "knowledge/desk.html")]
struct DeskPage {
    frame: Frame,
    filter: Filter,
    statuses: Vec<(&'static str, &'static str)>,
    lines: Vec<TalkLine>,
    pager: Pager,
}

pub async fn list(ask: Ask<Desk>, filter: Query<Filter>) -> Answer {
    let filter = filter.into_inner();
    let paging = PageQuery { page: filter.page.clone() };
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let status = filter.status.parse().ok();
    let (lines, total) = queries::desk(&tx, &ask.who.caller, ask.who.tenant, status, paging.offset()).await?;
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("status", &filter.status).finish();
    page(&DeskPage {
        frame: ask.frame(),
        statuses: HelpStatus::ALL.iter().map(|status| (status.word(), status.label())).collect(),
        pager: Pager::new(paging.number(), total, &format!("/legal/help?{query}")),
        filter,
        lines,
    })
}

#[derive(Template)]
#[template(path = "knowledge/desk_talk.html")]
struct TalkPage {
    frame: Frame,
    title: String,
    company: String,
    row: help::Model,
    shown: Vec<ShownArticle>,
    solved_by: Option<String>,
    /// None for those who do not take part.
    conversation: Option<ConversationView>,
    works: bool,
    manages: bool,
    resolutions: Vec<(&'static str, &'static str)>,
    articles: Vec<(ArticleId, String)>,
    typed: Typed,
    errors: FieldErrors,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub resolution: String,
    pub article: String,
}

async fn talk_page(platform: &Arc<Platform>, who: &HelpSeen, frame: Frame, typed: Typed, errors: FieldErrors) -> Result<TalkPage> {
    let row = who.row.clone();
    let caller = &who.desk.caller;
    let tx = platform.read(caller.reach()).await?;
    let company = tenancy::company_in(&tx, row.company_id).await?.map_or_else(String::new, |company| company.name);
    let takes_part = messaging::is_participant(&tx, row.conversation_id, caller.account).await?;
    let articles = queries::titles(&tx, row.tenant_id).await?;
    drop(tx);
    let conversation = match takes_part {
        true => Some(messaging::view(platform, caller, row.conversation_id).await?),
        false => None,
    };
    Ok(TalkPage {
        frame,
        title: queries::title_of(&row.question),
        company,
        shown: queries::shown_of(&row),
        solved_by: row.resolved_by.and_then(|id| Some(articles.iter().find(|(known, _)| *known == id)?.1.clone())),
        conversation,
        works: who.desk.works,
        manages: caller.manages(row.tenant_id),
        resolutions: Resolution::ALL.iter().map(|one| (one.word(), one.label())).collect(),
        articles,
        typed,
        errors,
        row,
    })
}

pub async fn show(ask: Ask<HelpSeen>) -> Answer {
    page(&talk_page(&ask.platform(), &ask.who, ask.frame(), Typed::default(), FieldErrors::default()).await?)
}

pub async fn claim_it(ask: Ask<HelpWorker>) -> Answer {
    let mut work = ask.work(ask.who.desk.caller.reach()).await?;
    claim(&mut work, &ask.who).await?;
    work.commit().await?;
    see_other(format!("/legal/help/{}", ask.who.row.id)).toast("It is yours: they see that you are there.").answer()
}

pub async fn join_it(ask: Ask<HelpWorker>) -> Answer {
    let mut work = ask.work(ask.who.desk.caller.reach()).await?;
    join(&mut work, &ask.who).await?;
    work.commit().await?;
    see_other(format!("/legal/help/{}", ask.who.row.id)).answer()
}

pub async fn close_it(ask: Ask<(HelpWorker, HelpSeen), Form<Typed>>) -> Answer {
    let typed = ask.body.0.clone();
    let (worker, seen) = &ask.who;
    let closing = match typed.resolution.parse::<Resolution>() {
        Ok(resolution) => Ok(Closing { resolution, article: typed.article.parse().ok() }),
        Err(_) => Err(Error::invalid("resolution", "Choose what came of it.")),
    };
    let mut work = ask.work(worker.desk.caller.reach()).await?;
    let closed = match closing {
        Ok(closing) => close(&mut work, worker, &closing).await,
        Err(error) => Err(error),
    };
    match closed {
        Ok(()) => {
            work.commit().await?;
            see_other("/legal/help").toast("It is closed.").answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let again = talk_page(&ask.platform(), seen, ask.frame(), typed, errors).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(other) => Err(other),
    }
}
