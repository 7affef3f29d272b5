//! Takes in whom the PSA lets into the portal, whether it was told or read. The same again changes nothing.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use entity::{
    Moment, Reach,
    identity::AccountStatus,
    ids::{PsaPersonId, TenantId},
    integrations::{PersonWait, psa_person},
};

use super::{
    follow::{follow, rest},
    note_person::{check, note_person},
    take::{NAME, company_of},
};
use crate::{
    identity,
    integrations::psa::{queries, wire::Person},
    platform::{Actor, Error, Platform, Result, Work, sync::Untaken, text},
    tenancy,
};

/// What came of a word of the PSA's.
#[derive(Clone, Debug)]
pub enum TakenPerson {
    Taken(psa_person::Model),
    /// Something newer was known already.
    Known(psa_person::Model),
}

impl TakenPerson {
    pub fn row(&self) -> &psa_person::Model {
        match self {
            Self::Taken(row) | Self::Known(row) => row,
        }
    }
}

async fn work(platform: &Arc<Platform>, tenant: TenantId) -> Result<Work> {
    platform.work(Actor::program(NAME), Reach::Tenants(vec![tenant])).await
}

pub async fn take_person(
    platform: &Arc<Platform>,
    tenant: TenantId,
    theirs: &Person,
    company_name: Option<&str>,
    portal_access: bool,
) -> Result<TakenPerson> {
    match once(platform, tenant, theirs, company_name, portal_access).await {
        // Two of the same came at once, and the other was first: now it is known.
        Err(Error::Internal(_)) => once(platform, tenant, theirs, company_name, portal_access).await,
        other => other,
    }
}

async fn once(
    platform: &Arc<Platform>,
    tenant: TenantId,
    theirs: &Person,
    company_name: Option<&str>,
    portal_access: bool,
) -> Result<TakenPerson> {
    check(theirs)?;
    let mut work = work(platform, tenant).await?;
    let is_news = note_person(&mut work, tenant, theirs, portal_access).await?;
    let row = queries::person_of(work.read(), tenant, &theirs.id).await?.ok_or(Error::NotFound)?;
    if !is_news {
        work.counts_as_audited("an older word of the PSA's");
        work.commit().await?;
        return Ok(TakenPerson::Known(row));
    }
    if company_name.is_some() {
        company_of(&mut work, tenant, &theirs.company_id, company_name).await?;
    }
    let row = follow(&mut work, &row, false).await?;
    work.commit().await?;
    Ok(TakenPerson::Taken(row))
}

/// Everybody of the PSA's list, as it was asked for at that moment, and who could not be taken. An error is one of the whole
/// database, and of nobody among them.
pub async fn take_people(
    platform: &Arc<Platform>,
    tenant: TenantId,
    list: &[Person],
    asked: Moment,
    untaken: &mut Untaken,
) -> Result<()> {
    match note_all(platform, tenant, list, asked, untaken).await {
        Err(error) if !error.is_away() => {
            tracing::error!(%error, %tenant, "what the PSA says of people cannot be kept");
            untaken.add(format!("people: {}", error.reason()));
        }
        other => other?,
    }
    let listed: BTreeSet<&str> = list.iter().map(|theirs| theirs.id.as_str()).collect();
    let tx = platform.read(Reach::Tenants(vec![tenant])).await?;
    let ids: Vec<PsaPersonId> = queries::people(&tx, tenant).await?.into_iter().map(|row| row.id).collect();
    drop(tx);
    for id in ids {
        let mut work = work(platform, tenant).await?;
        // The PSA may have said something newer since the list was asked for, and that stands.
        let Some(row) = queries::held_person(work.read(), tenant, id).await? else { continue };
        let done = if listed.contains(row.theirs.as_str()) {
            if !row.is_open() {
                continue;
            }
            follow(&mut work, &row, false).await.map(|_| ())
        } else if row.seen_at < asked && !list.is_empty() {
            miss(&mut work, &row).await
        } else {
            continue;
        };
        let done = match done {
            Ok(()) => work.commit().await,
            failed => failed,
        };
        match done {
            Ok(()) => {}
            Err(error) if error.is_away() => return Err(error),
            Err(error) => {
                if let Error::Internal(_) = error {
                    tracing::error!(%error, %tenant, person = %row.id, "the PSA's word of somebody cannot be followed");
                }
                untaken.add(format!("{}: {}", row.name, error.reason()));
            }
        }
    }
    Ok(())
}

/// What is new of the list, in one work.
async fn note_all(platform: &Arc<Platform>, tenant: TenantId, list: &[Person], asked: Moment, untaken: &mut Untaken) -> Result<()> {
    let mut work = work(platform, tenant).await?;
    let known: HashMap<String, psa_person::Model> =
        queries::people(work.read(), tenant).await?.into_iter().map(|row| (row.theirs.clone(), row)).collect();
    for theirs in list {
        let Some(portal_access) = theirs.portal_access else { continue };
        let is_known = known.get(&theirs.id).is_some_and(|row| {
            // Where the PSA does not count, what it told since the list was asked for is the newer word.
            if row.version == theirs.version && row.seen_at > asked {
                return true;
            }
            let level = theirs.access_level.as_deref().unwrap_or_default();
            let said = (row.version, row.portal_access, row.company_theirs.as_str(), row.email.as_str(), row.access_level.as_str());
            said == (theirs.version, portal_access, theirs.company_id.as_str(), theirs.email.as_str(), level)
        });
        if is_known {
            continue;
        }
        match check(theirs) {
            Ok(()) => {
                note_person(&mut work, tenant, theirs, portal_access).await?;
            }
            Err(error) => {
                untaken.add(format!("{}: {}", text::line(&theirs.name), error.reason()));
            }
        }
    }
    work.counts_as_audited("what the PSA says of people is no deed; what comes of it is");
    work.commit().await
}

/// The PSA does not have them any more. Whoever came in by it waits for an admin's word: a list that came short shuts nobody out.
async fn miss(work: &mut Work, row: &psa_person::Model) -> Result<()> {
    let contact = match row.contact_id {
        Some(id) if row.granted == Some(true) => tenancy::contact_in(work.read(), id).await?,
        _ => None,
    };
    let account = match contact.and_then(|contact| contact.account_id) {
        Some(id) => identity::account(work.read(), id).await?,
        None => None,
    };
    let comes_in = account.is_some_and(|account| account.status != AccountStatus::Deactivated);
    rest(work, row, row.clone(), comes_in.then_some(PersonWait::Gone)).await.map(|_| ())
}
