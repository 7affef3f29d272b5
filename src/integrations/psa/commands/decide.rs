//! An admin says what is to come of somebody of the PSA's who waits.

use entity::{
    ids::PsaPersonId,
    integrations::{MatchKind, PersonWait, psa_person},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Unchanged, Set};

use super::{
    follow::{follow, known, rest},
    matching::{note_match, note_seen},
};
use crate::{
    audit, identity,
    integrations::psa::{
        person::{self, Verdict},
        queries,
    },
    platform::{Error, Refusal, Result, Work},
    tenancy::{Known, caller::TenantAdmin},
};

/// Answers the person as they stand then; still waiting where the next thing has to be said.
pub async fn decide(work: &mut Work, who: &TenantAdmin, id: PsaPersonId, verdict: Verdict) -> Result<psa_person::Model> {
    let row = queries::held_person(work.read(), who.tenant, id).await?.ok_or(Error::NotFound)?;
    let may = verdict == Verdict::Heed || person::verdicts(&row).iter().any(|(known, _)| *known == verdict);
    if !may {
        return Err(Refusal::new("not_waiting", "This is decided already.", "Reload the page to see where it stands.").into());
    }
    let line = audit::Line::new("psa.contact_decided", format!("psa_contact:{id}")).tenant(who.tenant);
    audit::record(work, line.with("name", row.name.as_str()).with("verdict", verdict.word())).await?;
    match verdict {
        Verdict::Leave => leave(work, &row).await,
        Verdict::Heed => heed(work, &row).await,
        Verdict::Follow => {
            prefer(work, &row).await?;
            follow(work, &row, false).await
        }
        Verdict::Keep => keep(work, &row).await,
        Verdict::Obey => {
            let mut next = row.clone();
            if row.waits == Some(PersonWait::Gone) {
                note_gone(work, id).await?;
                next.portal_access = false;
            }
            let done = follow(work, &next, true).await?;
            rest(work, &next, done, None).await
        }
    }
}

/// Who is not in the PSA any more has no access by it.
async fn note_gone(work: &Work, id: PsaPersonId) -> Result<()> {
    psa_person::ActiveModel { id: Unchanged(id), portal_access: Set(false), ..Default::default() }.update(work.write()).await?;
    Ok(())
}

async fn said(work: &mut Work, row: &psa_person::Model, ours: Option<String>, is_said: bool) -> Result<()> {
    let label = format!("{} <{}>", row.name, row.email);
    note_seen(work, row.tenant_id, MatchKind::Contact, &row.theirs, &label, None).await?;
    note_match(work, row.tenant_id, MatchKind::Contact, &row.theirs, |line| {
        (line.ours, line.said) = (Set(ours), Set(is_said));
    })
    .await
}

async fn leave(work: &mut Work, row: &psa_person::Model) -> Result<psa_person::Model> {
    said(work, row, None, true).await?;
    rest(work, row, row.clone(), None).await
}

async fn heed(work: &mut Work, row: &psa_person::Model) -> Result<psa_person::Model> {
    said(work, row, row.contact_id.map(|id| id.to_string()), false).await?;
    follow(work, row, false).await
}

/// Of those that are one person here this one counts; at another company the same address comes in no more.
async fn prefer(work: &mut Work, row: &psa_person::Model) -> Result<()> {
    said(work, row, row.contact_id.map(|id| id.to_string()), false).await?;
    let email = identity::normalise(&row.email);
    for other in queries::people(work.read(), row.tenant_id).await? {
        if other.id == row.id {
            continue;
        }
        if row.contact_id.is_some() && other.contact_id == row.contact_id {
            note_match(work, row.tenant_id, MatchKind::Contact, &other.theirs, |line| line.preferred = Set(false)).await?;
        } else if row.waits == Some(PersonWait::TwoCompanies) && identity::normalise(&other.email) == email && other.is_to_come() {
            let other = queries::held_person(work.read(), row.tenant_id, other.id).await?.ok_or(Error::NotFound)?;
            leave(work, &other).await?;
        }
    }
    note_match(work, row.tenant_id, MatchKind::Contact, &row.theirs, |line| line.preferred = Set(true)).await
}

/// What the PSA says counts as followed, and nothing is done.
async fn keep(work: &mut Work, row: &psa_person::Model) -> Result<psa_person::Model> {
    let mut next = row.clone();
    match row.waits {
        Some(PersonWait::Moved) => {
            let company = queries::company_here(work.read(), row.tenant_id, &row.company_theirs).await?.ok_or(Error::NotFound)?;
            let email = identity::parse_email(&row.email).unwrap_or_default();
            if let Known::Elsewhere(contact) | Known::Here(contact) = known(work, row, company, &email).await? {
                said(work, row, Some(contact.id.to_string()), true).await?;
            }
            return follow(work, row, false).await;
        }
        Some(PersonWait::Gone) => next.granted = None,
        _ => {
            next.granted = Some(row.portal_access);
            next.followed_level = row.access_level.clone();
        }
    }
    rest(work, row, next, None).await
}
