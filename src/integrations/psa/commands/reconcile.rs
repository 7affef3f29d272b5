//! Compares with the PSA: what it calls things, what changed there since the last time, and what of ours it has not seen.

use std::sync::Arc;

use entity::{
    Reach,
    ids::TenantId,
    integrations::{MatchKind, psa_state},
    tenancy::TenantKind,
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
        wire::{List, Named, Page, Person},
    },
    platform::{
        Actor, Error, Platform, Result, Work,
        remote::{Call, CallError, Remote},
    },
    tenancy, tickets,
};

/// Pages of tickets one comparison reads; the next goes on from there.
const PAGES: usize = 200;
/// The mark before the first page.
const BEGINNING: &str = "";

/// Every MSP.
pub async fn reconcile(platform: &Arc<Platform>) -> Result<()> {
    let tx = platform.read(Reach::Everything("every MSP is compared with the PSA")).await?;
    let all = tenancy::tenants(&tx).await?;
    drop(tx);
    for tenant in all.into_iter().filter(|tenant| tenant.kind == TenantKind::Msp) {
        reconcile_tenant(platform, tenant.id).await?;
    }
    Ok(())
}

pub async fn reconcile_tenant(platform: &Arc<Platform>, tenant: TenantId) -> Result<()> {
    let outcome = compare(platform, tenant).await;
    let answers = outcome.is_ok();
    let why = outcome.unwrap_or_else(Some);
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
        if matches!(push(platform, tenant, ticket).await?, Pushed::Later(_)) {
            break;
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

/// In words what could not be taken, or, as an error, why the PSA could not be asked.
async fn compare(platform: &Arc<Platform>, tenant: TenantId) -> std::result::Result<Option<String>, String> {
    let told = |error: CallError| format!("The PSA was asked, and {error}. {}", error.fix());
    let ours = |error: Error| error.to_string();
    let remote = Remote::of(platform, &platform.config.psa).map_err(|error| format!("{error}. {}", error.fix()))?;
    let tx = platform.read(Reach::Tenants(vec![tenant])).await.map_err(ours)?;
    let slug = tenancy::tenant(&tx, tenant).await.map_err(ours)?.map(|tenant| tenant.slug).unwrap_or_default();
    let known = queries::state(&tx, tenant).await.map_err(ours)?.and_then(|row| row.cursor);
    drop(tx);
    let refused_people = names(platform, &remote, tenant, &slug).await?;
    if known.is_none() {
        // So that whoever wants everything read anew from now on is seen to have moved the mark.
        keep(platform, tenant, None, BEGINNING).await.map_err(ours)?;
    }
    let mut cursor = known.unwrap_or_else(|| BEGINNING.to_owned());
    let (begun, is_whole) = (platform.clock.now(), cursor == BEGINNING);
    let mut refused = Refused::of(platform, tenant).await.map_err(ours)?;
    refused.take_again().await.map_err(ours)?;
    for _ in 0..PAGES {
        let query = [("tenant", slug.as_str()), ("cursor", cursor.as_str())];
        let page: Page = match remote.call(platform, Call::get("tickets", &query)).await {
            Ok(page) => page,
            // This MSP does not use the PSA.
            Err(CallError::Missing) => return Ok(None),
            Err(error) => return Err(told(error)),
        };
        for theirs in page.items.iter().filter(|theirs| theirs.tenant == slug) {
            refused.take(theirs).await.map_err(ours)?;
        }
        let is_end = !page.more || page.cursor == cursor;
        if !keep(platform, tenant, Some(&cursor), &page.cursor).await.map_err(ours)? {
            // An admin wants everything read anew: the comparison that waits begins there.
            break;
        }
        cursor = page.cursor;
        if is_end {
            if is_whole {
                refused.forget_unseen(begun).await.map_err(ours)?;
            }
            break;
        }
    }
    let tx = platform.read(Reach::Tenants(vec![tenant])).await.map_err(ours)?;
    let refused = queries::refused(&tx, tenant).await.map_err(ours)?;
    Ok(refused.into_iter().next().map(|row| row.why).or(refused_people))
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
/// the portal comes. In words who could not be taken.
async fn names(
    platform: &Arc<Platform>,
    remote: &Remote,
    tenant: TenantId,
    slug: &str,
) -> std::result::Result<Option<String>, String> {
    let query = [("tenant", slug)];
    let told = |error: CallError| format!("The PSA was asked, and {error}. {}", error.fix());
    let companies: List<Named> = match remote.call(platform, Call::get("companies", &query)).await {
        Err(CallError::Missing) => return Ok(None),
        other => other.map_err(told)?,
    };
    let asked = platform.clock.now();
    let people: List<Person> = remote.call(platform, Call::get("contacts", &query)).await.map_err(told)?;
    let statuses: List<Named> = remote.call(platform, Call::get("statuses", &query)).await.map_err(told)?;
    note_names(platform, tenant, &companies.items, &people.items, &statuses.items).await.map_err(|error| error.to_string())?;
    take_people(platform, tenant, &people.items, asked).await.map_err(|error| error.to_string())
}

async fn note_names(
    platform: &Arc<Platform>,
    tenant: TenantId,
    companies: &[Named],
    people: &[Person],
    statuses: &[Named],
) -> Result<()> {
    let mut work = work(platform, tenant).await?;
    for one in companies {
        let guess = queries::company_guess(work.read(), tenant, &one.id, &one.name).await?;
        note_name(&mut work, tenant, MatchKind::Company, &one.id, &one.name, guess.map(|id| id.to_string())).await?;
    }
    for one in statuses {
        let guess = queries::status_named(&one.id, &one.name);
        note_name(&mut work, tenant, MatchKind::Status, &one.id, &one.name, guess).await?;
    }
    for one in people {
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
