//! Asks Books what changed for a tenant since the last time, page by page, and takes it.

use std::sync::Arc;

use entity::{Moment, Reach, ids::TenantId, invoices::sync};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};

use super::take::take;
use crate::{
    invoices::{books, queries::sync_of},
    platform::{Actor, Error, Platform, Result},
    tenancy,
};

/// Pages one look may have; a server that answers the same page for ever is left alone.
const PAGES: usize = 10_000;
/// A look that has not ended after this long has died with its process.
const DIED: i64 = 10 * Moment::MINUTE;

/// What a look at Books came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Synced {
    /// So many were new or newer.
    Taken(usize),
    /// Another node looks at this moment.
    Elsewhere,
    /// Why not, in a sentence.
    Failed(String),
}

/// Looks at once, however long ago the last look was.
pub async fn sync(platform: &Arc<Platform>, tenant: TenantId, actor: Actor) -> Result<Synced> {
    let reach = Reach::Tenants(vec![tenant]);
    let tx = platform.read(reach.clone()).await?;
    let slug = tenancy::tenant(&tx, tenant).await?.ok_or(Error::NotFound)?.slug;
    let known = sync_of(&tx, tenant).await?;
    drop(tx);
    if !begin(platform, tenant, known.as_ref(), &actor).await? {
        return Ok(Synced::Elsewhere);
    }
    let since = known.map(|row| row.mark).unwrap_or_default();
    let (mut taken, mut cursor, mut mark) = (0, None, None);
    let mut problem = String::new();
    for _ in 0..PAGES {
        let page = match books::changed(platform, &slug, &since, cursor.as_deref()).await {
            Ok(page) => page,
            Err(error) => {
                problem = error.to_string();
                break;
            }
        };
        let mut work = platform.work(actor.clone(), reach.clone()).await?;
        match take(&mut work, tenant, &page.invoices).await {
            Ok(more) => {
                work.commit().await?;
                taken += more;
            }
            Err(Error::Invalid(errors)) => {
                problem = errors.of("invoices").first().cloned().unwrap_or_else(|| "an invoice cannot be read".to_owned());
                break;
            }
            Err(error) => return Err(error),
        }
        mark = page.mark.or(mark);
        match page.next_cursor {
            Some(next) if Some(&next) != cursor.as_ref() => cursor = Some(next),
            _ => break,
        }
    }
    end(platform, tenant, &problem, mark, &actor).await?;
    Ok(if problem.is_empty() { Synced::Taken(taken) } else { Synced::Failed(problem) })
}

/// True for exactly one of those who begin at once.
async fn begin(platform: &Arc<Platform>, tenant: TenantId, known: Option<&sync::Model>, actor: &Actor) -> Result<bool> {
    let mut work = platform.work(actor.clone(), Reach::Tenants(vec![tenant])).await?;
    let now = work.now();
    let mine = match known {
        None => {
            let row = sync::ActiveModel {
                tenant_id: Set(tenant),
                begun_at: Set(now),
                taken_at: Set(None),
                problem: Set(RUNS.to_owned()),
                mark: Set(String::new()),
            };
            let once = OnConflict::column(sync::Column::TenantId).do_nothing().to_owned();
            sync::Entity::insert(row).on_conflict(once).exec_without_returning(work.write()).await? == 1
        }
        Some(row) if row.problem == RUNS && now.since(row.begun_at) < DIED => false,
        Some(row) => {
            sync::Entity::update_many()
                .col_expr(sync::Column::BegunAt, Expr::value(now.0))
                .col_expr(sync::Column::Problem, Expr::value(RUNS))
                .filter(sync::Column::TenantId.eq(tenant))
                .filter(sync::Column::BegunAt.eq(row.begun_at))
                .filter(sync::Column::Problem.eq(row.problem.as_str()))
                .exec(work.write())
                .await?
                .rows_affected
                == 1
        }
    };
    work.counts_as_audited("whoever looks at Books is a clock");
    work.commit().await?;
    Ok(mine)
}

/// The problem of a look that has not ended.
pub const RUNS: &str = "it is looked at now";

async fn end(platform: &Arc<Platform>, tenant: TenantId, problem: &str, mark: Option<String>, actor: &Actor) -> Result<()> {
    let mut work = platform.work(actor.clone(), Reach::Tenants(vec![tenant])).await?;
    let mut update = sync::Entity::update_many().col_expr(sync::Column::Problem, Expr::value(problem));
    if problem.is_empty() {
        update = update.col_expr(sync::Column::TakenAt, Expr::value(work.now().0));
        // Only what was read to its end is done with.
        if let Some(mark) = mark {
            update = update.col_expr(sync::Column::Mark, Expr::value(mark));
        }
    }
    update.filter(sync::Column::TenantId.eq(tenant)).exec(work.write()).await?;
    work.counts_as_audited("how far Books was read is a clock");
    work.commit().await
}
