//! Compares with the PSA: what it calls things, what changed there since the last time, and what of ours it has not seen.

use std::sync::Arc;

use entity::{
    Reach,
    ids::TenantId,
    integrations::{MatchKind, psa_state},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};

use super::{
    matching::note_name,
    push::{Pushed, push},
    refused::Refused,
    take::NAME,
    take_people::take_people,
};
use crate::{
    integrations::psa::{
        queries,
        wire::{List, Named, Page, Person, is_id},
    },
    platform::{
        Actor, Error, Platform, Result, Work,
        remote::{Call, CallError, Remote},
        sync::Untaken,
    },
    tenancy, tickets,
};

/// Pages of tickets one comparison reads; the next goes on from there.
const PAGES: usize = 200;
/// The mark before the first page.
const BEGINNING: &str = "";

/// Every MSP; one that fails holds up none of the others.
pub async fn reconcile(platform: &Arc<Platform>) -> Result<()> {
    for tenant in tenancy::msps(platform).await? {
        if let Err(error) = reconcile_tenant(platform, tenant).await {
            tracing::error!(%error, %tenant, "the tickets could not be compared with the PSA; in five minutes again");
        }
    }
    Ok(())
}

/// Why a comparison came to no end.
enum Halt {
    /// The PSA cannot be asked.
    Away(String),
    Ours(Error),
}

impl From<CallError> for Halt {
    fn from(error: CallError) -> Self {
        let fix = error.fix();
        Self::Away(match error {
            CallError::NotSet(_) => format!("{error}. {fix}"),
            error => format!("The PSA was asked, and {error}. {fix}"),
        })
    }
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

pub async fn reconcile_tenant(platform: &Arc<Platform>, tenant: TenantId) -> Result<()> {
    let (answers, why) = match compare(platform, tenant).await {
        Ok(untaken) => (true, untaken.words()),
        Err(Halt::Away(why)) => (false, Some(why)),
        Err(Halt::Ours(error)) => {
            tracing::error!(%error, %tenant, "the comparison with the PSA came to no end");
            (true, Some(format!("What the PSA says cannot be taken: {}", error.reason())))
        }
    };
    let mut work = work(platform, tenant).await?;
    let now = work.now();
    state_row(&mut work, tenant).await?;
    let update = psa_state::Entity::update_many()
        .col_expr(psa_state::Column::LastRunAt, Expr::value(now.0))
        .filter(psa_state::Column::TenantId.eq(tenant));
    let update = match why {
        None => update
            .col_expr(psa_state::Column::LastOkAt, Expr::value(now.0))
            .col_expr(psa_state::Column::LastError, Expr::value(Option::<String>::None))
            .col_expr(psa_state::Column::FailingSince, Expr::value(Option::<i64>::None)),
        Some(why) => {
            let since = queries::state(work.read(), tenant).await?.and_then(|row| row.failing_since).unwrap_or(now);
            update
                .col_expr(psa_state::Column::LastError, Expr::value(why))
                .col_expr(psa_state::Column::FailingSince, Expr::value(since.0))
        }
    };
    update.exec(work.write()).await?;
    work.counts_as_audited("that it was compared is no deed; what came of it was written down where it was taken");
    work.commit().await?;
    if answers { deliver(platform, tenant).await } else { Ok(()) }
}

/// What waits, whether its job came or not, the longest wait first; no further than the PSA answers.
async fn deliver(platform: &Arc<Platform>, tenant: TenantId) -> Result<()> {
    let tx = platform.read(Reach::Tenants(vec![tenant])).await?;
    let waiting = tickets::unsent_of(&tx, tenant, 10_000).await?;
    drop(tx);
    for ticket in waiting {
        match push(platform, tenant, ticket).await {
            Ok(Pushed::Later(_)) => break,
            Ok(Pushed::Done | Pushed::Stuck) => {}
            Err(error) if error.is_away() => return Err(error),
            // The others do not wait for this one.
            Err(error) => tracing::error!(%error, %tenant, %ticket, "the ticket could not be delivered to the PSA"),
        }
    }
    Ok(())
}

async fn work(platform: &Arc<Platform>, tenant: TenantId) -> Result<Work> {
    platform.work(Actor::program(NAME), Reach::Tenants(vec![tenant])).await
}

async fn state_row(work: &mut Work, tenant: TenantId) -> Result<()> {
    let first = psa_state::ActiveModel {
        tenant_id: Set(tenant),
        cursor: Set(None),
        last_run_at: Set(None),
        last_ok_at: Set(None),
        last_error: Set(None),
        failing_since: Set(None),
    };
    psa_state::Entity::insert(first)
        .on_conflict(OnConflict::column(psa_state::Column::TenantId).do_nothing().to_owned())
        .exec_without_returning(work.write())
        .await?;
    Ok(())
}

/// What could not be taken, while everything else was.
async fn compare(platform: &Arc<Platform>, tenant: TenantId) -> std::result::Result<Untaken, Halt> {
    let remote = Remote::of(platform, &platform.config.psa)?;
    let tx = platform.read(Reach::Tenants(vec![tenant])).await?;
    let slug = tenancy::tenant(&tx, tenant).await?.map(|tenant| tenant.slug).unwrap_or_default();
    drop(tx);
    let mut untaken = Untaken::default();
    names(platform, &remote, tenant, &slug, &mut untaken).await?;
    tickets_of(platform, &remote, tenant, &slug).await?;
    let tx = platform.read(Reach::Tenants(vec![tenant])).await?;
    for row in queries::refused(&tx, tenant).await? {
        untaken.add(row.why);
    }
    Ok(untaken)
}

/// Its tickets since the last time, page by page, and those that were refused before.
async fn tickets_of(platform: &Arc<Platform>, remote: &Remote, tenant: TenantId, slug: &str) -> std::result::Result<(), Halt> {
    let tx = platform.read(Reach::Tenants(vec![tenant])).await?;
    let known = queries::state(&tx, tenant).await?.and_then(|row| row.cursor);
    drop(tx);
    if known.is_none() {
        // So that whoever wants everything read anew from now on is seen to have moved the mark.
        keep(platform, tenant, None, BEGINNING).await?;
    }
    let mut cursor = known.unwrap_or_else(|| BEGINNING.to_owned());
    let (begun, is_whole) = (platform.clock.now(), cursor == BEGINNING);
    let mut refused = Refused::of(platform, tenant).await?;
    refused.take_again().await?;
    for _ in 0..PAGES {
        let query = [("tenant", slug), ("cursor", cursor.as_str())];
        let page: Page = match remote.call(platform, Call::get("tickets", &query)).await {
            // This MSP does not use the PSA.
            Err(CallError::Missing) => break,
            other => other?,
        };
        for theirs in page.items.iter().filter(|theirs| theirs.tenant == slug) {
            refused.take(theirs).await?;
        }
        let is_end = !page.more || page.cursor == cursor;
        if !keep(platform, tenant, Some(&cursor), &page.cursor).await? {
            // An admin wants everything read anew: the comparison that waits begins there.
            break;
        }
        cursor = page.cursor;
        if is_end {
            if is_whole {
                refused.forget_unseen(begun).await?;
            }
            break;
        }
    }
    Ok(())
}

/// False where somebody else has moved the mark since it was `from`: then it is theirs.
async fn keep(platform: &Arc<Platform>, tenant: TenantId, from: Option<&str>, cursor: &str) -> Result<bool> {
    let mut work = work(platform, tenant).await?;
    state_row(&mut work, tenant).await?;
    let stands = match from {
        Some(from) => psa_state::Column::Cursor.eq(from),
        None => psa_state::Column::Cursor.is_null(),
    };
    let kept = psa_state::Entity::update_many()
        .col_expr(psa_state::Column::Cursor, Expr::value(Some(cursor)))
        .filter(psa_state::Column::TenantId.eq(tenant))
        .filter(stands)
        .exec(work.write())
        .await?
        .rows_affected;
    work.counts_as_audited("how far it was read is a clock");
    work.commit().await?;
    Ok(kept == 1)
}

/// What the PSA calls its companies, people and statuses; what is clearly one of ours is matched at once, and whoever may come to
/// the portal comes.
async fn names(
    platform: &Arc<Platform>,
    remote: &Remote,
    tenant: TenantId,
    slug: &str,
    untaken: &mut Untaken,
) -> std::result::Result<(), Halt> {
    let query = [("tenant", slug)];
    let companies: List<Named> = match remote.call(platform, Call::get("companies", &query)).await {
        Err(CallError::Missing) => return Ok(()),
        other => other?,
    };
    let asked = platform.clock.now();
    let people: List<Person> = remote.call(platform, Call::get("contacts", &query)).await?;
    let statuses: List<Named> = remote.call(platform, Call::get("statuses", &query)).await?;
    match note_names(platform, tenant, &companies.items, &people.items, &statuses.items).await {
        Err(error) if !error.is_away() => {
            tracing::error!(%error, %tenant, "what the PSA calls things cannot be kept");
            untaken.add(format!("its companies, people and statuses: {}", error.reason()));
        }
        other => other?,
    }
    Ok(take_people(platform, tenant, &people.items, asked, untaken).await?)
}

async fn note_names(
    platform: &Arc<Platform>,
    tenant: TenantId,
    companies: &[Named],
    people: &[Person],
    statuses: &[Named],
) -> Result<()> {
    let mut work = work(platform, tenant).await?;
    for one in companies.iter().filter(|one| is_id(&one.id)) {
        let guess = queries::company_guess(work.read(), tenant, &one.id, &one.name).await?;
        note_name(&mut work, tenant, MatchKind::Company, &one.id, &one.name, guess.map(|id| id.to_string())).await?;
    }
    for one in statuses.iter().filter(|one| is_id(&one.id)) {
        let guess = queries::status_named(&one.id, &one.name);
        note_name(&mut work, tenant, MatchKind::Status, &one.id, &one.name, guess).await?;
    }
    for one in people.iter().filter(|one| is_id(&one.id)) {
        let Some(company) = queries::company_here(work.read(), tenant, &one.company_id).await? else { continue };
        let wanted = one.email.trim().to_lowercase();
        let guess = tenancy::contacts_of(work.read(), company)
            .await?
            .into_iter()
            .find(|person| !wanted.is_empty() && person.email.to_lowercase() == wanted);
        let label = format!("{} <{}>", one.name, one.email);
        note_name(&mut work, tenant, MatchKind::Contact, &one.id, &label, guess.map(|person| person.id.to_string())).await?;
    }
    work.counts_as_audited("what the PSA calls things is no deed");
    work.commit().await
}
