//! Follows what the PSA says of somebody and the portal: let in, shut out, another level. Only a new word is followed, so what
//! people decide here stands until the PSA says something else; where it is not clear whom it means, an admin decides.

use entity::{
    identity::{AccountKind, AccountStatus, account},
    ids::{CompanyId, ContactId, TenantId},
    integrations::{MatchKind, PersonWait, psa_person},
    tenancy::{AccessLevel, AliasKind, contact},
};
use sea_orm::{ActiveModelTrait, Set};

use super::{
    matching::{note_match, note_seen},
    take::company_of,
};
use crate::{
    audit,
    identity::{self, portal_realm},
    integrations::psa::{person, queries},
    platform::{Error, Event, Result, Work},
    tenancy::{self, AddContact, Known, caller::Keeper},
};

/// To owner and admins: the PSA wants something for somebody, and they have to say whether.
#[derive(serde::Serialize)]
struct ContactWaits {
    tenant: TenantId,
    name: String,
    why: String,
}

impl Event for ContactWaits {
    const NAME: &'static str = "psa.contact_waits";

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant)
    }
}

/// Does what is new, as far as nobody has to be asked; answers the row as it stands then. The row is held by this work, so that
/// nobody is let in by a word that was taken back. `obeyed`: an admin has said yes.
pub async fn follow(work: &mut Work, row: &psa_person::Model, obeyed: bool) -> Result<psa_person::Model> {
    let mut next = row.clone();
    let waits = act(work, &mut next, obeyed).await?;
    rest(work, row, next, waits).await
}

/// Writes down where they stand, and says it where somebody has to do something. What the PSA says of them is not written here.
pub async fn rest(
    work: &mut Work,
    before: &psa_person::Model,
    mut next: psa_person::Model,
    waits: Option<PersonWait>,
) -> Result<psa_person::Model> {
    if waits != before.waits {
        (next.waits, next.waits_since) = (waits, waits.map(|_| work.now()));
    }
    if next == *before {
        work.counts_as_audited("nothing of it is new");
        return Ok(next);
    }
    psa_person::ActiveModel {
        id: Set(next.id),
        contact_id: Set(next.contact_id),
        granted: Set(next.granted),
        followed_level: Set(next.followed_level.clone()),
        waits: Set(next.waits),
        waits_since: Set(next.waits_since),
        ..Default::default()
    }
    .update(work.write())
    .await?;
    if let Some(waits) = next.waits.filter(|waits| Some(*waits) != before.waits) {
        let line = audit::Line::new("psa.contact_waits", format!("psa_contact:{}", next.id)).tenant(next.tenant_id);
        audit::record(work, line.with("name", next.name.as_str()).with("why", waits.word())).await?;
        // A company that nobody has matched is said once, by Health, and not for each of its people.
        if waits != PersonWait::Company {
            let told = ContactWaits { tenant: next.tenant_id, name: next.name.clone(), why: person::why(&next) };
            work.tell(&told)?;
        }
    }
    work.counts_as_audited("where somebody stands with the PSA; what was done about it has its own lines");
    Ok(next)
}

async fn act(work: &mut Work, person: &mut psa_person::Model, obeyed: bool) -> Result<Option<PersonWait>> {
    if is_left_out(work, person).await? {
        return Ok(None);
    }
    if person.is_to_go() {
        return go(work, person, obeyed).await;
    }
    if person.is_to_come()
        && let Some(wait) = come(work, person, obeyed).await?
    {
        return Ok(Some(wait));
    }
    if person.has_new_level() { change_level(work, person, obeyed).await } else { Ok(None) }
}

/// An admin has said that this one is nobody here.
pub async fn is_left_out(work: &Work, person: &psa_person::Model) -> Result<bool> {
    let row = queries::match_of(work.read(), person.tenant_id, MatchKind::Contact, &person.theirs).await?;
    Ok(row.is_some_and(|row| row.said && row.ours.is_none()))
}

fn keeper(person: &psa_person::Model) -> Keeper {
    Keeper::of_program(person.tenant_id, "the PSA, by its key: whom it lets in comes in")
}

async fn account_of(work: &Work, contact: &contact::Model) -> Result<Option<account::Model>> {
    match contact.account_id {
        Some(id) => identity::account(work.read(), id).await,
        None => Ok(None),
    }
}

/// Others of the PSA's that are the same person here.
async fn twins(work: &Work, person: &psa_person::Model, contact: ContactId) -> Result<Vec<psa_person::Model>> {
    let mut twins = Vec::new();
    for other in queries::people_who_are(work.read(), person.tenant_id, contact).await? {
        if other.id != person.id && !is_left_out(work, &other).await? {
            twins.push(other);
        }
    }
    Ok(twins)
}

/// Whose word counts, of several that do not say the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    This,
    Another,
    Unsaid,
}

async fn counts(work: &Work, person: &psa_person::Model, others: &[&psa_person::Model]) -> Result<Counts> {
    if others.is_empty() {
        return Ok(Counts::This);
    }
    let preferred = |theirs: String| async move {
        let row = queries::match_of(work.read(), person.tenant_id, MatchKind::Contact, &theirs).await?;
        Ok::<bool, Error>(row.is_some_and(|row| row.preferred))
    };
    if preferred(person.theirs.clone()).await? {
        return Ok(Counts::This);
    }
    for other in others {
        if preferred(other.theirs.clone()).await? {
            return Ok(Counts::Another);
        }
    }
    Ok(Counts::Unsaid)
}

/// Made an admin of their company here, and not by what the PSA says.
fn is_admin_by_hand(person: &psa_person::Model, contact: &contact::Model) -> bool {
    contact.access == AccessLevel::CompanyAdmin && person.followed_level != AccessLevel::CompanyAdmin.word()
}

async fn go(work: &mut Work, person: &mut psa_person::Model, obeyed: bool) -> Result<Option<PersonWait>> {
    let contact = match person.contact_id {
        Some(id) => tenancy::contact_in(work.read(), id).await?,
        None => None,
    };
    if let Some(contact) = contact
        && account_of(work, &contact).await?.is_some_and(|account| account.status != AccountStatus::Deactivated)
    {
        let twins = twins(work, person, contact.id).await?;
        let others: Vec<_> = twins.iter().filter(|twin| twin.portal_access && twin.granted == Some(true)).collect();
        match counts(work, person, &others).await? {
            Counts::Unsaid => return Ok(Some(PersonWait::Twin)),
            Counts::Another => {}
            Counts::This if is_admin_by_hand(person, &contact) && !obeyed => return Ok(Some(PersonWait::ByHand)),
            Counts::This => tenancy::deactivate_contact(work, keeper(person), contact.id).await?,
        }
    }
    person.granted = Some(false);
    Ok(None)
}

async fn come(work: &mut Work, person: &mut psa_person::Model, obeyed: bool) -> Result<Option<PersonWait>> {
    let Some(company) = company_of(work, person.tenant_id, &person.company_theirs, None).await? else {
        return Ok(Some(PersonWait::Company));
    };
    let email = identity::parse_email(&person.email).unwrap_or_default();
    let contact = match known(work, person, company, &email).await? {
        Known::Here(contact) => contact,
        Known::Elsewhere(_) => return Ok(Some(PersonWait::Moved)),
        Known::Nobody if email.is_empty() => return Ok(Some(PersonWait::NoAddress)),
        Known::Nobody => {
            if let Some(wait) = address(work, person, company, &email, None).await? {
                return Ok(Some(wait));
            }
            add(work, person, company, &email).await?
        }
    };
    person.contact_id = Some(contact.id);
    let status = account_of(work, &contact).await?.map(|account| account.status);
    match status {
        None if contact.email != email && !obeyed => return Ok(Some(PersonWait::OtherAddress)),
        None => {
            if let Some(wait) = address(work, person, company, &contact.email, Some(contact.id)).await? {
                return Ok(Some(wait));
            }
            tenancy::invite_contact(work, keeper(person), contact.id).await?;
        }
        Some(AccountStatus::Deactivated) => {
            let twins = twins(work, person, contact.id).await?;
            let others: Vec<_> = twins.iter().filter(|twin| twin.granted == Some(false)).collect();
            match counts(work, person, &others).await? {
                Counts::Unsaid => return Ok(Some(PersonWait::Twin)),
                Counts::Another => {}
                // Who was shut out by somebody here stays so until somebody here says otherwise.
                Counts::This if person.granted.is_none() && others.is_empty() && !obeyed => {
                    return Ok(Some(PersonWait::ShutHere));
                }
                Counts::This => tenancy::reactivate_contact(work, keeper(person), contact.id).await?,
            }
        }
        Some(AccountStatus::Active | AccountStatus::Invited) => {}
    }
    tenancy::know_by_psa_number(work, &contact, &person.theirs).await?;
    let (ours, label) = (contact.id.to_string(), format!("{} <{}>", person.name, person.email));
    note_seen(work, person.tenant_id, MatchKind::Contact, &person.theirs, &label, Some(ours.clone())).await?;
    note_match(work, person.tenant_id, MatchKind::Contact, &person.theirs, |row| row.ours = Set(Some(ours))).await?;
    person.granted = Some(true);
    Ok(None)
}

/// As an admin has said; else by e-mail within the company, by the PSA's number, and by what it was matched with before.
pub async fn known(work: &Work, person: &psa_person::Model, company: CompanyId, email: &str) -> Result<Known> {
    let tx = work.read();
    let row = queries::match_of(tx, person.tenant_id, MatchKind::Contact, &person.theirs).await?;
    let matched = match row.as_ref().and_then(|row| row.ours.as_ref()?.parse().ok()) {
        Some(id) => tenancy::contact_in(tx, id).await?,
        None => None,
    };
    if let Some(contact) = matched.clone().filter(|_| row.is_some_and(|row| row.said)) {
        return Ok(Known::Here(contact));
    }
    let numbers = [(AliasKind::PsaContact, person.theirs.as_str())];
    match (tenancy::known_contact(tx, person.tenant_id, company, email, &numbers).await?, matched) {
        (Known::Nobody, Some(contact)) if contact.company_id == company => Ok(Known::Here(contact)),
        (Known::Nobody, Some(contact)) => Ok(Known::Elsewhere(contact)),
        (known, _) => Ok(known),
    }
}

/// Whether somebody else has, or is to have, the address to sign in with.
async fn address(
    work: &Work,
    person: &psa_person::Model,
    company: CompanyId,
    email: &str,
    contact: Option<ContactId>,
) -> Result<Option<PersonWait>> {
    let tx = work.read();
    if let Some(account) = identity::account_by_email(tx, &portal_realm(person.tenant_id), email).await? {
        let holder = tenancy::contact_of_account(tx, account.id).await?;
        let is_free = account.kind == AccountKind::Client
            && match holder {
                Some(holder) => Some(holder.id) == contact,
                None => account.status == AccountStatus::Invited,
            };
        return Ok((!is_free).then_some(PersonWait::Taken));
    }
    for other in queries::people_to_come(tx, person.tenant_id).await? {
        if other.id != person.id
            && identity::normalise(&other.email) == email
            && queries::company_here(tx, person.tenant_id, &other.company_theirs).await? != Some(company)
            && !is_left_out(work, &other).await?
        {
            return Ok(Some(PersonWait::TwoCompanies));
        }
    }
    Ok(None)
}

async fn add(work: &mut Work, person: &mut psa_person::Model, company: CompanyId, email: &str) -> Result<contact::Model> {
    let local = email.split('@').next().unwrap_or_default();
    let input = AddContact {
        name: if person.name.is_empty() { local.to_owned() } else { person.name.clone() },
        email: email.to_owned(),
        title: String::new(),
        access: person.access_level.parse().unwrap_or(AccessLevel::Own),
    };
    let id = tenancy::add_contact(work, keeper(person), company, input).await?;
    person.followed_level = person.access_level.clone();
    tenancy::contact_in(work.read(), id).await?.ok_or(Error::NotFound)
}

/// Another level over there than the last time; open sessions end, so that it holds at once everywhere.
async fn change_level(work: &mut Work, person: &mut psa_person::Model, obeyed: bool) -> Result<Option<PersonWait>> {
    let contact = match person.contact_id {
        Some(id) => tenancy::contact_in(work.read(), id).await?.ok_or(Error::NotFound)?,
        None => return Ok(None),
    };
    let Ok(level) = person.access_level.parse::<AccessLevel>() else { return Ok(None) };
    if contact.access != level {
        let twins = twins(work, person, contact.id).await?;
        let differs = |twin: &psa_person::Model| !twin.access_level.is_empty() && twin.access_level != person.access_level;
        let others: Vec<_> =
            twins.iter().filter(|twin| twin.portal_access && twin.granted == Some(true) && differs(twin)).collect();
        match counts(work, person, &others).await? {
            Counts::Unsaid => return Ok(Some(PersonWait::Twin)),
            Counts::Another => {}
            Counts::This if is_admin_by_hand(person, &contact) && !obeyed => return Ok(Some(PersonWait::ByHand)),
            Counts::This => {
                tenancy::change_contact(work, keeper(person), contact.id, &contact.name, &contact.title, level).await?;
            }
        }
    }
    person.followed_level = person.access_level.clone();
    Ok(None)
}
