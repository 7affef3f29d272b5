//! Taking what another program keeps for a tenant, page by page: one of those who begin at once does it, what was read to its end is
//! not asked again, and what went wrong is written down. One that cannot be taken is named, and holds up no other: everything since
//! the last mark is asked for again until it is taken.

use std::sync::Arc;

use entity::{Moment, Reach, ids::TenantId, platform::sync, wall::Walled};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};

use super::{Actor, Error, Platform, Result, Tx, Work, config::Service, remote::CallError};

/// What has not ended after this long has died with its process.
const DIED: i64 = 10 * Moment::MINUTE;
/// Between two takings of which the last failed.
const AGAIN: i64 = 10 * Moment::MINUTE;
/// Pages one taking may have; a program that answers the same page for ever is left alone.
const PAGES: usize = 10_000;

/// Of those that could not be taken, so many are named.
const NAMED: usize = 10;

/// What a taking came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Synced {
    /// So many were new or newer.
    Taken(usize),
    /// Somebody else takes at this moment.
    Elsewhere,
    /// Why not, in a sentence.
    Failed(String),
}

/// What could not be taken, by name; of many the first.
#[derive(Clone, Debug, Default)]
pub struct Untaken {
    named: Vec<String>,
    more: usize,
}

impl Untaken {
    /// `which`: `invoice 7: it has more than 500 lines`.
    pub fn add(&mut self, which: String) {
        if self.named.len() < NAMED { self.named.push(which) } else { self.more += 1 }
    }

    /// None where everything was taken.
    pub fn words(&self) -> Option<String> {
        let more = if self.more > 0 { format!("; and {} more", self.more) } else { String::new() };
        (!self.named.is_empty()).then(|| self.named.join("; ") + &more)
    }
}

/// One page.
pub struct Page<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
    /// On the last page: everything up to here was answered.
    pub mark: Option<String>,
}

/// How far this program's was taken; none where nobody ever began.
pub async fn state(tx: &Tx, program: &str, tenant: TenantId) -> Result<Option<sync::Model>> {
    let rows = sync::Entity::within(tx.reach()).filter(sync::Column::TenantId.eq(tenant));
    Ok(rows.filter(sync::Column::Program.eq(program)).one(tx).await?)
}

/// Those tenants whose time has come: never taken, `every` milliseconds ago, or failed a while ago. None where the program is not
/// connected.
pub async fn due(platform: &Platform, service: &Service, tenants: Vec<TenantId>, every: i64) -> Result<Vec<TenantId>> {
    if service.url.is_none() || service.key.is_none() {
        return Ok(Vec::new());
    }
    let tx = platform.read(Reach::Everything("every tenant's clock is looked at")).await?;
    let now = platform.clock.now();
    let mut due = Vec::new();
    for tenant in tenants {
        let waits = |row: sync::Model| now.since(row.begun_at) < if row.problem.is_empty() { every } else { AGAIN };
        if !state(&tx, service.name, tenant).await?.is_some_and(waits) {
            due.push(tenant);
        }
    }
    Ok(due)
}

/// What another program keeps: how it is asked for, and how it is kept here.
pub trait Source: Sync {
    type Item: Send + Sync;

    /// What one of them is called where it is refused: `invoice 7`.
    fn name(item: &Self::Item) -> String;

    /// Why it cannot be taken, with its name.
    fn problem(item: &Self::Item) -> Option<String>;

    /// What changed since `mark` (empty: everything), from `cursor` on.
    fn ask(
        &self,
        mark: &str,
        cursor: Option<&str>,
    ) -> impl Future<Output = std::result::Result<Page<Self::Item>, CallError>> + Send;

    /// How many were new or newer; nothing is kept of those of which one is wrong.
    fn keep(&self, work: &mut Work, items: &[Self::Item]) -> impl Future<Output = Result<usize>> + Send;
}

/// Takes page after page.
pub async fn run<S: Source>(
    platform: &Arc<Platform>,
    service: &Service,
    tenant: TenantId,
    actor: &Actor,
    source: &S,
) -> Result<Synced> {
    let known = state(&platform.read(Reach::Tenants(vec![tenant])).await?, service.name, tenant).await?;
    if !begin(platform, service.name, tenant, known.as_ref(), actor).await? {
        return Ok(Synced::Elsewhere);
    }
    let since = known.map(|row| row.mark).unwrap_or_default();
    let (mut taken, mut cursor, mut mark) = (0, None::<String>, None);
    let (mut problem, mut untaken) = (String::new(), Untaken::default());
    for _ in 0..PAGES {
        let page = match source.ask(&since, cursor.as_deref()).await {
            Ok(page) => page,
            Err(error) => {
                problem = error.to_string();
                break;
            }
        };
        match kept_page(platform, tenant, actor, source, page.items, &mut untaken).await {
            Ok(more) => taken += more,
            Err(error) => {
                end(platform, service.name, tenant, actor, Err("it could not be kept here")).await?;
                return Err(error);
            }
        }
        mark = page.mark.or(mark);
        match page.next_cursor {
            Some(next) if Some(&next) != cursor.as_ref() => cursor = Some(next),
            _ => break,
        }
    }
    if !problem.is_empty() {
        end(platform, service.name, tenant, actor, Err(&problem)).await?;
        return Ok(Synced::Failed(problem));
    }
    let untaken = untaken.words();
    end(platform, service.name, tenant, actor, Ok((mark, untaken.as_deref()))).await?;
    Ok(untaken.map_or(Synced::Taken(taken), Synced::Failed))
}

/// All of them at once, or, where that fails, one by one. An error is one of the whole database.
async fn kept_page<S: Source>(
    platform: &Arc<Platform>,
    tenant: TenantId,
    actor: &Actor,
    source: &S,
    items: Vec<S::Item>,
    untaken: &mut Untaken,
) -> Result<usize> {
    let mut sound = Vec::new();
    for item in items {
        match S::problem(&item) {
            None => sound.push(item),
            Some(problem) => untaken.add(problem),
        }
    }
    match kept(platform, tenant, actor, source, &sound).await {
        Err(error) if !error.is_away() => {}
        other => return other,
    }
    let mut taken = 0;
    for item in sound.chunks(1) {
        let error = match kept(platform, tenant, actor, source, item).await {
            Ok(more) => {
                taken += more;
                continue;
            }
            Err(error) if error.is_away() => return Err(error),
            Err(error) => error,
        };
        for name in item.iter().map(S::name) {
            if let Error::Internal(_) = error {
                tracing::error!(%error, %tenant, name, "it cannot be kept");
            }
            untaken.add(format!("{name}: {}", error.reason()));
        }
    }
    Ok(taken)
}

async fn kept<S: Source>(
    platform: &Arc<Platform>,
    tenant: TenantId,
    actor: &Actor,
    source: &S,
    items: &[S::Item],
) -> Result<usize> {
    let mut work = platform.work(actor.clone(), Reach::Tenants(vec![tenant])).await?;
    let count = source.keep(&mut work, items).await?;
    work.commit().await?;
    Ok(count)
}

/// True for exactly one of those who begin at once.
async fn begin(
    platform: &Arc<Platform>,
    program: &str,
    tenant: TenantId,
    known: Option<&sync::Model>,
    actor: &Actor,
) -> Result<bool> {
    let mut work = platform.work(actor.clone(), Reach::Tenants(vec![tenant])).await?;
    let now = work.now();
    let mine = match known {
        None => {
            let row = sync::ActiveModel {
                tenant_id: Set(tenant),
                program: Set(program.to_owned()),
                begun_at: Set(now),
                taken_at: Set(None),
                runs: Set(true),
                problem: Set(String::new()),
                untaken: Set(String::new()),
                mark: Set(String::new()),
            };
            let once = OnConflict::columns([sync::Column::TenantId, sync::Column::Program]).do_nothing().to_owned();
            sync::Entity::insert(row).on_conflict(once).exec_without_returning(work.write()).await? == 1
        }
        Some(row) if row.runs && now.since(row.begun_at) < DIED => false,
        Some(row) => {
            let update = sync::Entity::update_many()
                .col_expr(sync::Column::BegunAt, Expr::value(now.0))
                .col_expr(sync::Column::Runs, Expr::value(true))
                .filter(sync::Column::TenantId.eq(tenant))
                .filter(sync::Column::Program.eq(program))
                .filter(sync::Column::BegunAt.eq(row.begun_at))
                .filter(sync::Column::Runs.eq(row.runs));
            update.exec(work.write()).await?.rows_affected == 1
        }
    };
    work.counts_as_audited("whoever looks at another program is a clock");
    work.commit().await?;
    Ok(mine)
}

/// It was read to its end, with the mark and what could not be taken, or it broke off.
async fn end(
    platform: &Arc<Platform>,
    program: &str,
    tenant: TenantId,
    actor: &Actor,
    read: std::result::Result<(Option<String>, Option<&str>), &str>,
) -> Result<()> {
    let mut work = platform.work(actor.clone(), Reach::Tenants(vec![tenant])).await?;
    let mut update = sync::Entity::update_many()
        .col_expr(sync::Column::Runs, Expr::value(false))
        .col_expr(sync::Column::Problem, Expr::value(read.as_ref().err().copied().unwrap_or_default()));
    if let Ok((mark, untaken)) = read {
        update = update
            .col_expr(sync::Column::TakenAt, Expr::value(work.now().0))
            .col_expr(sync::Column::Untaken, Expr::value(untaken.unwrap_or_default()));
        // Only what was taken to its end is done with.
        if let Some(mark) = mark.filter(|_| untaken.is_none()) {
            update = update.col_expr(sync::Column::Mark, Expr::value(mark));
        }
    }
    let update = update.filter(sync::Column::TenantId.eq(tenant)).filter(sync::Column::Program.eq(program));
    update.exec(work.write()).await?;
    work.counts_as_audited("how far another program was read is a clock");
    work.commit().await
}
