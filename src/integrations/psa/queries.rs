//! Reading what is known of the PSA.

use entity::{
    Moment, Reach,
    ids::{CompanyId, ContactId, PsaPersonId, TenantId},
    integrations::{MatchKind, psa_match, psa_person, psa_refused, psa_state},
    platform::remote as seen,
    tenancy::{AliasKind, TenantKind},
    tickets::TicketStatus,
    wall::Walled,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::{
    platform::{Platform, Result, Tx, remote},
    tenancy,
    tickets::{self, Unsent},
};

pub async fn state(tx: &Tx, tenant: TenantId) -> Result<Option<psa_state::Model>> {
    Ok(psa_state::Entity::within(tx.reach()).filter(psa_state::Column::TenantId.eq(tenant)).one(tx).await?)
}

/// The PSA's tickets that could not be taken, the longest wait first.
pub async fn refused(tx: &Tx, tenant: TenantId) -> Result<Vec<psa_refused::Model>> {
    Ok(psa_refused::Entity::within(tx.reach())
        .filter(psa_refused::Column::TenantId.eq(tenant))
        .order_by_asc(psa_refused::Column::RefusedAt)
        .order_by_asc(psa_refused::Column::Theirs)
        .all(tx)
        .await?)
}

pub async fn refused_ticket(tx: &Tx, tenant: TenantId, theirs: &str) -> Result<Option<psa_refused::Model>> {
    let rows = psa_refused::Entity::within(tx.reach()).filter(psa_refused::Column::TenantId.eq(tenant));
    Ok(rows.filter(psa_refused::Column::Theirs.eq(theirs)).one(tx).await?)
}

pub async fn matches(tx: &Tx, tenant: TenantId, kind: MatchKind) -> Result<Vec<psa_match::Model>> {
    Ok(psa_match::Entity::within(tx.reach())
        .filter(psa_match::Column::TenantId.eq(tenant))
        .filter(psa_match::Column::Kind.eq(kind))
        .order_by_asc(psa_match::Column::Label)
        .order_by_asc(psa_match::Column::Theirs)
        .all(tx)
        .await?)
}

/// What matches this one of theirs.
pub async fn match_of(tx: &Tx, tenant: TenantId, kind: MatchKind, theirs: &str) -> Result<Option<psa_match::Model>> {
    Ok(psa_match::Entity::within(tx.reach())
        .filter(psa_match::Column::TenantId.eq(tenant))
        .filter(psa_match::Column::Kind.eq(kind))
        .filter(psa_match::Column::Theirs.eq(theirs))
        .one(tx)
        .await?)
}

async fn here(tx: &Tx, tenant: TenantId, kind: MatchKind, theirs: &str) -> Result<Option<String>> {
    Ok(match_of(tx, tenant, kind, theirs).await?.and_then(|row| row.ours))
}

/// What we name there: the preferred one, else the first.
async fn there(tx: &Tx, tenant: TenantId, kind: MatchKind, ours: &str) -> Result<Option<String>> {
    Ok(psa_match::Entity::within(tx.reach())
        .filter(psa_match::Column::TenantId.eq(tenant))
        .filter(psa_match::Column::Kind.eq(kind))
        .filter(psa_match::Column::Ours.eq(ours))
        .order_by_desc(psa_match::Column::Preferred)
        .order_by_asc(psa_match::Column::Theirs)
        .one(tx)
        .await?
        .map(|row| row.theirs))
}

pub async fn company_here(tx: &Tx, tenant: TenantId, theirs: &str) -> Result<Option<CompanyId>> {
    Ok(here(tx, tenant, MatchKind::Company, theirs).await?.and_then(|id| id.parse().ok()))
}

pub async fn company_there(tx: &Tx, tenant: TenantId, ours: CompanyId) -> Result<Option<String>> {
    there(tx, tenant, MatchKind::Company, &ours.to_string()).await
}

pub async fn contact_here(tx: &Tx, tenant: TenantId, theirs: &str) -> Result<Option<ContactId>> {
    Ok(here(tx, tenant, MatchKind::Contact, theirs).await?.and_then(|id| id.parse().ok()))
}

pub async fn contact_there(tx: &Tx, tenant: TenantId, ours: ContactId) -> Result<Option<String>> {
    there(tx, tenant, MatchKind::Contact, &ours.to_string()).await
}

/// The status here: as an admin has matched it; a word that is ours by itself needs no matching.
pub async fn status_here(tx: &Tx, tenant: TenantId, theirs: &str) -> Result<Option<String>> {
    match here(tx, tenant, MatchKind::Status, theirs).await? {
        Some(word) => Ok(Some(word)),
        None => Ok(status_named(theirs, theirs)),
    }
}

pub async fn status_there(tx: &Tx, tenant: TenantId, ours: &str) -> Result<String> {
    Ok(there(tx, tenant, MatchKind::Status, ours).await?.unwrap_or_else(|| ours.to_owned()))
}

/// A status that is plainly one of ours, by its word or its label.
pub fn status_named(id: &str, name: &str) -> Option<String> {
    let plain = |text: &str| text.trim().to_lowercase().replace([' ', '-'], "_");
    TicketStatus::ALL
        .iter()
        .find(|status| status.word() == plain(id) || status.word() == plain(name))
        .map(|status| status.word().to_owned())
}

/// The one client whose name, or legal name, this is.
pub async fn company_named(tx: &Tx, tenant: TenantId, name: &str) -> Result<Option<CompanyId>> {
    let wanted = name.trim().to_lowercase();
    let mut found = tenancy::companies(tx, tenant)
        .await?
        .into_iter()
        .filter(|row| row.name.to_lowercase() == wanted || row.legal_name.to_lowercase() == wanted);
    let first = found.next().map(|row| row.id);
    Ok(if found.next().is_some() { None } else { first })
}

/// Which of ours it most likely is: by the number that the admin has entered for it, else by its name.
pub async fn company_guess(tx: &Tx, tenant: TenantId, theirs: &str, name: &str) -> Result<Option<CompanyId>> {
    match tenancy::alias(tx, tenant, AliasKind::Company, theirs).await? {
        Some(row) => Ok(Some(CompanyId(row.about))),
        None => company_named(tx, tenant, name).await,
    }
}

/// Everybody of whom the PSA says whether they may come to the portal, by name.
pub async fn people(tx: &Tx, tenant: TenantId) -> Result<Vec<psa_person::Model>> {
    Ok(by_name(tx, tenant).all(tx).await?)
}

/// Those of the PSA's people who are this contact here.
pub async fn people_who_are(tx: &Tx, tenant: TenantId, contact: ContactId) -> Result<Vec<psa_person::Model>> {
    Ok(by_name(tx, tenant).filter(psa_person::Column::ContactId.eq(contact)).all(tx).await?)
}

/// Those whom the PSA lets in and who are not in yet ([`psa_person::Model::is_to_come`]).
pub async fn people_to_come(tx: &Tx, tenant: TenantId) -> Result<Vec<psa_person::Model>> {
    let not_in = Condition::any().add(psa_person::Column::Granted.is_null()).add(psa_person::Column::Granted.eq(false));
    Ok(by_name(tx, tenant).filter(psa_person::Column::PortalAccess.eq(true)).filter(not_in).all(tx).await?)
}

fn by_name(tx: &Tx, tenant: TenantId) -> Select<psa_person::Entity> {
    psa_person::Entity::within(tx.reach())
        .filter(psa_person::Column::TenantId.eq(tenant))
        .order_by_asc(psa_person::Column::Name)
        .order_by_asc(psa_person::Column::Theirs)
}

/// As they stand at this moment, held until the end of the transaction: no word of the PSA's comes in between.
pub async fn held_person(tx: &Tx, tenant: TenantId, id: PsaPersonId) -> Result<Option<psa_person::Model>> {
    let rows = psa_person::Entity::within(tx.reach()).filter(psa_person::Column::TenantId.eq(tenant));
    Ok(rows.filter(psa_person::Column::Id.eq(id)).lock_exclusive().one(tx).await?)
}

pub async fn person_of(tx: &Tx, tenant: TenantId, theirs: &str) -> Result<Option<psa_person::Model>> {
    let rows = psa_person::Entity::within(tx.reach()).filter(psa_person::Column::TenantId.eq(tenant));
    Ok(rows.filter(psa_person::Column::Theirs.eq(theirs)).one(tx).await?)
}

/// How the connection does, for the health pages.
#[derive(Clone, Debug, Default)]
pub struct Health {
    /// The setting that is missing; none where both are there.
    pub missing: Option<&'static str>,
    /// Neither is set.
    pub off: bool,
    /// What came of the last calls.
    pub seen: Option<seen::Model>,
    /// Somebody came with a key that is not ours.
    pub refused_at: Option<Moment>,
    pub tenants: Vec<TenantHealth>,
}

#[derive(Clone, Debug)]
pub struct TenantHealth {
    pub id: TenantId,
    pub name: String,
    pub state: Option<psa_state::Model>,
    pub unsent: Unsent,
    pub unmatched: usize,
    /// Somebody whom the PSA lets in or shuts out, and an admin has to say something first; the longest wait first.
    pub people: Vec<psa_person::Model>,
}

pub async fn health(platform: &Platform, of: Option<TenantId>) -> Result<Health> {
    let psa = &platform.config.psa;
    let missing = match (&psa.url, &psa.key) {
        (None, _) => Some(psa.url_setting),
        (_, None) => Some(psa.key_setting),
        _ => None,
    };
    let mut health = Health {
        missing,
        off: psa.is_off(),
        seen: remote::seen(platform, psa.name).await?,
        refused_at: remote::last_refused(platform, psa.key_setting).await?.map(|row| row.at),
        tenants: Vec::new(),
    };
    let tx = platform.read(Reach::Everything("health looks at the whole installation")).await?;
    for tenant in tenancy::every_or(&tx, of).await?.into_iter().filter(|tenant| tenant.kind == TenantKind::Msp) {
        health.tenants.push(of_tenant(&tx, tenant.id, tenant.name).await?);
    }
    Ok(health)
}

pub async fn of_tenant(tx: &Tx, tenant: TenantId, name: String) -> Result<TenantHealth> {
    let mut unmatched = 0;
    for kind in [MatchKind::Status, MatchKind::Company] {
        unmatched += matches(tx, tenant, kind).await?.iter().filter(|row| row.ours.is_none()).count();
    }
    let mut people = people(tx, tenant).await?;
    people.retain(|person| person.waits.is_some());
    people.sort_by_key(|person| person.waits_since);
    let (state, unsent) = (state(tx, tenant).await?, tickets::of_tenant(tx, tenant).await?);
    Ok(TenantHealth { id: tenant, name, state, unsent, unmatched, people })
}
