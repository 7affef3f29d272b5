//! Reading articles and who asks for help, and answering a question.

use std::collections::HashMap;

use entity::{
    Moment,
    ids::{AccountId, ArticleId, CompanyId, HelpId, TenantId},
    knowledge::{ArticleStatus, HelpStatus, answering, article, help, reader},
    tenancy::StaffRole,
    tickets::TicketCategory,
    wall::Walled,
};
use sea_orm::{
    ColumnTrait, Condition, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{CaseStatement, Expr, ExprTrait, LikeExpr, SimpleExpr},
};
use serde::{Deserialize, Serialize};

use super::{
    reply::Source,
    search::{self, Asked, Piece, Text},
};
use crate::{
    messaging,
    platform::{Count, Result, Tx, markdown, web::paging::PAGE_SIZE},
    tenancy::{self, Caller},
};

pub(super) async fn article(tx: &Tx, tenant: TenantId, id: ArticleId) -> Result<Option<article::Model>> {
    Ok(of_tenant(tx, tenant).filter(article::Column::Id.eq(id)).one(tx).await?)
}

fn of_tenant(tx: &Tx, tenant: TenantId) -> Select<article::Entity> {
    article::Entity::within(tx.reach()).filter(article::Column::TenantId.eq(tenant))
}

fn published(tx: &Tx, tenant: TenantId) -> Select<article::Entity> {
    of_tenant(tx, tenant).filter(article::Column::Status.eq(ArticleStatus::Published))
}

/// Its tags, in their order.
pub(super) fn tags_of(row: &article::Model) -> Vec<String> {
    serde_json::from_str(&row.tags).unwrap_or_default()
}

/// The words hold this stem.
fn holds(term: &str) -> SimpleExpr {
    let pattern = format!("%{}%", term.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    Expr::col((article::Entity, article::Column::Words)).like(LikeExpr::new(pattern).escape('\\'))
}

/// An article that answers.
#[derive(Clone, Debug)]
pub struct Found {
    pub id: ArticleId,
    pub title: String,
    pub summary: String,
    pub category: TicketCategory,
    pub excerpt: Vec<Piece>,
}

/// What there is to a question.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Best first.
    pub found: Vec<Found>,
    /// Words that stand nowhere were read as the nearest that do.
    pub corrected: bool,
}

/// Articles looked through for one question; a knowledge base of thousands is narrowed by its words first.
const CANDIDATES: u64 = 500;
const SHOWN: usize = 5;

/// Answers a question from what is published.
pub async fn answer(tx: &Tx, tenant: TenantId, question: &str) -> Result<Answer> {
    let mut asked = Asked::of(question);
    if asked.terms.is_empty() {
        return Ok(Answer::default());
    }
    let mut rows = candidates(tx, tenant, &asked).await?;
    let is_unknown = |term: &&String| !rows.iter().any(|row| row.words.contains(term.as_str()));
    let unknown: Vec<String> = asked.terms.iter().filter(is_unknown).cloned().collect();
    let mut corrected = false;
    if !unknown.is_empty()
        && let Some(better) = asked.corrected(&unknown, &vocabulary(tx, tenant).await?)
    {
        corrected = true;
        rows = candidates(tx, tenant, &better).await?;
        asked = better;
    }
    let all = published(tx, tenant).count(tx).await? as usize;
    let bodies: Vec<String> = rows.iter().map(|row| markdown::words(&row.body)).collect();
    let texts: Vec<Text<'_>> = rows
        .iter()
        .zip(&bodies)
        .map(|(row, body)| Text { title: &row.title, tags: &row.tags, summary: &row.summary, body })
        .collect();
    let best = search::rank(&asked, &texts, all);
    let found = best.into_iter().take(SHOWN).map(|at| Found {
        id: rows[at].id,
        title: rows[at].title.clone(),
        summary: rows[at].summary.clone(),
        category: rows[at].category,
        excerpt: search::excerpt(&asked, &bodies[at]),
    });
    let found: Vec<Found> = found.collect();
    Ok(Answer { corrected: corrected && !found.is_empty(), found })
}

/// What of the articles found a model may be given: they are looked at once more as they are now.
pub(super) async fn sources(tx: &Tx, tenant: TenantId, found: &[Found]) -> Result<Vec<Source>> {
    let rows = published(tx, tenant).filter(article::Column::Id.is_in(found.iter().map(|found| found.id))).all(tx).await?;
    let source = |found: &Found| {
        let row = rows.iter().find(|row| row.id == found.id)?;
        let text = format!("{}\n{}", row.summary, markdown::words(&row.body));
        Some(Source { id: row.id, title: row.title.clone(), text })
    };
    Ok(found.iter().filter_map(source).collect())
}

/// Whether a model answers this MSP's clients, and how often it did; none: it may, and was never asked.
pub(super) async fn answering(tx: &Tx, tenant: TenantId) -> Result<Option<answering::Model>> {
    Ok(answering::Entity::within(tx.reach()).filter(answering::Column::TenantId.eq(tenant)).one(tx).await?)
}

async fn candidates(tx: &Tx, tenant: TenantId, asked: &Asked) -> Result<Vec<article::Model>> {
    let any = asked.terms.iter().fold(Condition::any(), |any, term| any.add(holds(term)));
    Ok(published(tx, tenant).filter(any).order_by_desc(article::Column::HelpfulCount).limit(CANDIDATES).all(tx).await?)
}

/// What titles, tags and summaries are made of.
async fn vocabulary(tx: &Tx, tenant: TenantId) -> Result<Vec<String>> {
    let rows: Vec<(String, String, String)> = published(tx, tenant)
        .select_only()
        .columns([article::Column::Title, article::Column::Tags, article::Column::Summary])
        .limit(2_000)
        .into_tuple()
        .all(tx)
        .await?;
    let mut words: Vec<String> =
        rows.iter().flat_map(|(title, tags, summary)| search::vocabulary(&format!("{title} {tags} {summary}"))).collect();
    words.sort();
    words.dedup();
    Ok(words)
}

/// What helped others most.
pub(super) async fn favourites(tx: &Tx, tenant: TenantId, limit: u64) -> Result<Vec<article::Model>> {
    Ok(published(tx, tenant)
        .order_by_desc(article::Column::HelpfulCount)
        .order_by_desc(article::Column::ViewCount)
        .order_by_asc(article::Column::Title)
        .limit(limit)
        .all(tx)
        .await?)
}

/// Published articles by title, for choosing the one that solved something.
pub(super) async fn titles(tx: &Tx, tenant: TenantId) -> Result<Vec<(ArticleId, String)>> {
    let rows = published(tx, tenant).order_by_asc(article::Column::Title).limit(1_000);
    Ok(rows.select_only().columns([article::Column::Id, article::Column::Title]).into_tuple().all(tx).await?)
}

/// Whether it helped this person, where they said.
pub(super) async fn said_of(tx: &Tx, account: AccountId, id: ArticleId) -> Result<Option<bool>> {
    let row = reader::Entity::within(tx.reach())
        .filter(reader::Column::ArticleId.eq(id))
        .filter(reader::Column::AccountId.eq(account))
        .one(tx)
        .await?;
    Ok(row.and_then(|row| row.helpful))
}

/// What of the admin's list somebody wants to see.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub text: String,
    pub status: Option<ArticleStatus>,
    pub category: Option<TicketCategory>,
    pub offset: u64,
}

pub(super) async fn list(tx: &Tx, tenant: TenantId, wanted: &Wanted) -> Result<(Vec<article::Model>, u64)> {
    let mut select = of_tenant(tx, tenant);
    for word in search::plain(&wanted.text).split_whitespace().take(8) {
        select = select.filter(holds(word));
    }
    if let Some(status) = wanted.status {
        select = select.filter(article::Column::Status.eq(status));
    }
    if let Some(category) = wanted.category {
        select = select.filter(article::Column::Category.eq(category));
    }
    let total = select.clone().count(tx).await?;
    let rows = select
        .order_by_desc(article::Column::UpdatedAt)
        .order_by_desc(article::Column::Id)
        .offset(wanted.offset)
        .limit(PAGE_SIZE)
        .all(tx)
        .await?;
    Ok((rows, total))
}

/// An article that was shown for a question, as it was called then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownArticle {
    pub id: ArticleId,
    pub title: String,
}

pub(super) fn shown_of(row: &help::Model) -> Vec<ShownArticle> {
    serde_json::from_str(&row.shown).unwrap_or_default()
}

pub(super) async fn help(tx: &Tx, tenant: TenantId, id: HelpId) -> Result<Option<help::Model>> {
    Ok(helps(tx, tenant).filter(help::Column::Id.eq(id)).one(tx).await?)
}

fn helps(tx: &Tx, tenant: TenantId) -> Select<help::Entity> {
    help::Entity::within(tx.reach()).filter(help::Column::TenantId.eq(tenant))
}

pub(super) async fn asked_with(tx: &Tx, tenant: TenantId, key: &str) -> Result<Option<help::Model>> {
    Ok(helps(tx, tenant).filter(help::Column::OpeningKey.eq(key)).one(tx).await?)
}

/// A question in a list.
#[derive(Clone, Debug)]
pub struct TalkLine {
    pub row: help::Model,
    pub title: String,
    pub company: String,
    pub unread: u64,
    pub active_at: Moment,
}

async fn lines(tx: &Tx, account: AccountId, rows: Vec<help::Model>) -> Result<Vec<TalkLine>> {
    let conversations: Vec<_> = rows.iter().map(|row| row.conversation_id).collect();
    let unread = messaging::unread_among(tx, account, &conversations).await?;
    let active = messaging::last_activity(tx, &conversations).await?;
    let names: HashMap<CompanyId, String> = tenancy::company_names(tx, rows.iter().map(|row| row.company_id)).await?;
    let line = |row: help::Model| TalkLine {
        title: title_of(&row.question),
        company: names.get(&row.company_id).cloned().unwrap_or_default(),
        unread: unread.get(&row.conversation_id).copied().unwrap_or(0),
        active_at: active.get(&row.conversation_id).copied().unwrap_or(row.updated_at),
        row,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The first line, at most so many characters.
pub(super) fn title_of(question: &str) -> String {
    let line = question.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let short: String = line.chars().take(80).collect();
    if short.len() < line.len() { format!("{}…", short.trim_end()) } else { short }
}

/// The conversations a client asked for, the newest first.
pub async fn talks_of(tx: &Tx, account: AccountId, limit: u64) -> Result<Vec<TalkLine>> {
    let rows = help::Entity::within(tx.reach())
        .filter(help::Column::AccountId.eq(account))
        .order_by_desc(help::Column::UpdatedAt)
        .order_by_desc(help::Column::Id)
        .limit(limit)
        .all(tx)
        .await?;
    lines(tx, account, rows).await
}

/// One of them that is not closed: it goes on before another begins.
pub(super) async fn open_talk(tx: &Tx, account: AccountId) -> Result<Option<help::Model>> {
    Ok(help::Entity::within(tx.reach())
        .filter(help::Column::AccountId.eq(account))
        .filter(help::Column::Status.ne(HelpStatus::Closed))
        .order_by_desc(help::Column::AskedAt)
        .one(tx)
        .await?)
}

/// A page of the desk's list: who waits first, longest first, then what moved last.
pub(super) async fn desk(
    tx: &Tx,
    caller: &Caller,
    tenant: TenantId,
    status: Option<HelpStatus>,
    offset: u64,
) -> Result<(Vec<TalkLine>, u64)> {
    let mut select = helps(tx, tenant);
    if let Some(status) = status {
        select = select.filter(help::Column::Status.eq(status));
    }
    let total = select.clone().count(tx).await?;
    let mut rank = CaseStatement::new();
    for (place, status) in (0_i32..).zip(HelpStatus::ALL) {
        rank = rank.case(Expr::col((help::Entity, help::Column::Status)).eq(status.word()), place);
    }
    let mut waits = CaseStatement::new();
    waits = waits.case(
        Expr::col((help::Entity, help::Column::Status)).eq(HelpStatus::Waiting.word()),
        Expr::col((help::Entity, help::Column::AskedAt)),
    );
    let (rank, waits): (SimpleExpr, SimpleExpr) = (rank.finally(9).into(), waits.finally(0).into());
    let rows = select
        .order_by(rank, Order::Asc)
        .order_by(waits, Order::Asc)
        .order_by_desc(help::Column::UpdatedAt)
        .order_by_desc(help::Column::Id)
        .offset(offset)
        .limit(PAGE_SIZE)
        .all(tx)
        .await?;
    Ok((lines(tx, caller.account, rows).await?, total))
}

/// How many wait for somebody of the desk: the number beside the menu.
pub fn waiting_count(tx: &Tx, tenant: TenantId) -> Count {
    Count::of(helps(tx, tenant).filter(help::Column::Status.eq(HelpStatus::Waiting)))
}

/// Who waits for this person of the MSP to come, longest first. Viewers read; nobody waits for them.
pub async fn waiting_for_staff(tx: &Tx, caller: &Caller, limit: u64) -> Result<Vec<TalkLine>> {
    let works = |tenant: &TenantId| caller.staff_role(*tenant).is_some_and(|role| role != StaffRole::Viewer);
    let Some(tenant) = caller.home_tenant().filter(works) else { return Ok(Vec::new()) };
    let rows = helps(tx, tenant)
        .filter(help::Column::Status.eq(HelpStatus::Waiting))
        .order_by_asc(help::Column::AskedAt)
        .limit(limit)
        .all(tx)
        .await?;
    lines(tx, caller.account, rows).await
}
