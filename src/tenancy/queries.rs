//! Reading tenants, companies, contacts and seats.

use std::collections::{BTreeSet, HashMap};

use entity::{
    Reach,
    identity::{AccountKind, account, session},
    ids::{AccountId, CompanyId, ContactId, StaffId, TenantId},
    tenancy::{
        AliasKind, AttorneyRole, DomainState, StaffRole, TenantKind, alias, company, contact, domain, engagement, look, look_file,
        staff, tenant,
    },
    wall::{Unwalled, Walled},
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::SelectStatement};

use super::{Caller, Seat};
use crate::{
    identity::{self, Standing},
    platform::{
        Leaf, Platform, Result, Tx,
        delivery::{self, LastMail},
    },
};

/// Who this signed-in account is here; none for an account without a live seat. `tx` reaches everything.
pub async fn caller_of(tx: &Tx, account: &account::Model, session: &session::Model) -> Result<Option<Caller>> {
    let seat = match account.kind {
        AccountKind::Operator => Some(Seat::Operator),
        AccountKind::Staff => staff::Entity::within(tx.reach())
            .filter(staff::Column::AccountId.eq(account.id))
            .one(tx)
            .await?
            .map(|row| Seat::Staff { tenant: row.tenant_id, role: row.role }),
        AccountKind::Attorney => {
            let rows = engagement::Entity::within(tx.reach())
                .filter(engagement::Column::AccountId.eq(account.id))
                .filter(engagement::Column::EndedAt.is_null())
                .order_by_asc(engagement::Column::CreatedAt)
                .all(tx)
                .await?;
            Some(Seat::Attorney { engagements: rows.into_iter().map(|row| (row.tenant_id, row.role)).collect() })
        }
        AccountKind::Client => contact::Entity::within(tx.reach())
            .filter(contact::Column::AccountId.eq(account.id))
            .one(tx)
            .await?
            .map(|row| Seat::Client { tenant: row.tenant_id, company: row.company_id, contact: row.id, access: row.access }),
        AccountKind::Member => account.tenant_id.map(|tenant| Seat::Member { tenant }),
    };
    Ok(seat.map(|seat| Caller {
        account: account.id,
        session: session.id,
        name: account.name.clone(),
        email: account.email.clone(),
        method: session.method.clone(),
        seat,
    }))
}

/// A tenant by id, within reach.
pub async fn tenant(tx: &Tx, id: TenantId) -> Result<Option<tenant::Model>> {
    if !tx.reach().covers(id) {
        return Ok(None);
    }
    Ok(tenant::Entity::rows().filter(tenant::Column::Id.eq(id)).one(tx).await?)
}

/// A tenant by its public name: its look is shown before sign-in.
pub async fn tenant_by_slug(tx: &Tx, slug: &str) -> Result<Option<tenant::Model>> {
    Ok(tenant::Entity::rows().filter(tenant::Column::Slug.eq(slug)).one(tx).await?)
}

/// Whose active domain this host is. `tx` reaches everything.
pub async fn tenant_by_host(tx: &Tx, host: &str) -> Result<Option<tenant::Model>> {
    let row = domain::Entity::within(tx.reach())
        .filter(domain::Column::Held.eq(host))
        .filter(domain::Column::State.eq(DomainState::Active))
        .one(tx)
        .await?;
    match row {
        Some(row) => tenant(tx, row.tenant_id).await,
        None => Ok(None),
    }
}

/// Somebody has named this host as theirs, rightly or not. `tx` reaches everything.
pub async fn is_named_host(tx: &Tx, host: &str) -> Result<bool> {
    Ok(domain::Entity::within(tx.reach()).filter(domain::Column::Host.eq(host)).limit(1).one(tx).await?.is_some())
}

/// Who has shown that this domain is theirs. `tx` reaches everything.
pub async fn domain_holder(tx: &Tx, host: &str) -> Result<Option<TenantId>> {
    let row = domain::Entity::within(tx.reach()).filter(domain::Column::Held.eq(host)).one(tx).await?;
    Ok(row.map(|row| row.tenant_id))
}

/// The domains of a portal, in the order they were added.
pub async fn domains(tx: &Tx, tenant: TenantId) -> Result<Vec<domain::Model>> {
    Ok(domain::Entity::within(tx.reach())
        .filter(domain::Column::TenantId.eq(tenant))
        .order_by_asc(domain::Column::CreatedAt)
        .order_by_asc(domain::Column::Id)
        .all(tx)
        .await?)
}

/// So many looks from before are listed.
const LOOKS: u64 = 20;

/// The looks a portal had, newest first: the first is what clients see. Empty where nobody ever chose one.
pub async fn looks(tx: &Tx, tenant: TenantId) -> Result<Vec<look::Model>> {
    Ok(look::Entity::within(tx.reach())
        .filter(look::Column::TenantId.eq(tenant))
        .order_by_desc(look::Column::Number)
        .limit(LOOKS)
        .all(tx)
        .await?)
}

/// A file of a portal's look by its name; whoever knows the name of its content has it anyway. `tx` reaches everything.
pub async fn look_file(tx: &Tx, name: &str) -> Result<Option<Vec<u8>>> {
    let row = look_file::Entity::within(tx.reach()).filter(look_file::Column::Name.eq(name)).limit(1).one(tx).await?;
    Ok(row.map(|row| row.content))
}

/// The client companies of a tenant, by name.
pub async fn companies(tx: &Tx, tenant: TenantId) -> Result<Vec<company::Model>> {
    Ok(company::Entity::within(tx.reach())
        .filter(company::Column::TenantId.eq(tenant))
        .order_by_asc(company::Column::Name)
        .all(tx)
        .await?)
}

/// A company within reach.
pub async fn company_in(tx: &Tx, id: CompanyId) -> Result<Option<company::Model>> {
    Ok(company::Entity::within(tx.reach()).filter(company::Column::Id.eq(id)).one(tx).await?)
}

/// The names of these companies, within reach.
pub async fn company_names(tx: &Tx, ids: impl IntoIterator<Item = CompanyId>) -> Result<HashMap<CompanyId, String>> {
    let ids: BTreeSet<uuid::Uuid> = ids.into_iter().map(|id| id.0).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = company::Entity::within(tx.reach()).filter(company::Column::Id.is_in(ids)).all(tx).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// These tenants, within reach.
pub async fn tenants_among(tx: &Tx, ids: impl IntoIterator<Item = TenantId>) -> Result<HashMap<TenantId, tenant::Model>> {
    let ids: BTreeSet<uuid::Uuid> = ids.into_iter().filter(|id| tx.reach().covers(*id)).map(|id| id.0).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = tenant::Entity::rows().filter(tenant::Column::Id.is_in(ids)).all(tx).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The companies this statement finds the ids of, by name.
pub async fn companies_among(tx: &Tx, ids: SelectStatement) -> Result<Vec<(CompanyId, String)>> {
    let mut found: Vec<(CompanyId, String)> = company::Entity::within(tx.reach())
        .filter(company::Column::Id.in_subquery(ids))
        .select_only()
        .columns([company::Column::Id, company::Column::Name])
        .into_tuple()
        .all(tx)
        .await?;
    found.sort_by_key(|(_, name)| name.to_lowercase());
    Ok(found)
}

/// A contact within reach.
pub async fn contact_in(tx: &Tx, id: ContactId) -> Result<Option<contact::Model>> {
    Ok(contact::Entity::within(tx.reach()).filter(contact::Column::Id.eq(id)).one(tx).await?)
}

/// The contacts of a company, by name.
pub async fn contacts_of(tx: &Tx, company: CompanyId) -> Result<Vec<contact::Model>> {
    Ok(contact::Entity::within(tx.reach())
        .filter(contact::Column::CompanyId.eq(company))
        .order_by_asc(contact::Column::Name)
        .all(tx)
        .await?)
}

/// Whether somebody can be reached: may they sign in, and did the last mail to them arrive?
#[derive(Clone, Debug, Default)]
pub struct Reachable {
    /// None for somebody who was never invited.
    pub standing: Option<Standing>,
    /// None where nothing was ever sent to the address.
    pub mail: Option<LastMail>,
}

/// The same for each of these contacts of one tenant.
pub async fn reachable(
    platform: &Platform,
    tx: &Tx,
    tenant: TenantId,
    contacts: &[contact::Model],
) -> Result<HashMap<ContactId, Reachable>> {
    let accounts = identity::accounts(tx, contacts.iter().filter_map(|contact| contact.account_id)).await?;
    let accounts: Vec<_> = accounts.into_values().collect();
    let standings = identity::standings(platform, tx, &accounts).await?;
    let emails = contacts.iter().map(|contact| contact.email.clone());
    let mails = delivery::last_mails(tx, &identity::portal_realm(tenant), emails).await?;
    let reachable = |contact: &contact::Model| Reachable {
        standing: contact.account_id.and_then(|account| standings.get(&account)).cloned(),
        mail: mails.get(&contact.email.to_lowercase()).cloned(),
    };
    Ok(contacts.iter().map(|contact| (contact.id, reachable(contact))).collect())
}

/// The accounts of attorneys engaged with the tenant in these roles.
pub async fn attorneys_of(tx: &Tx, tenant: TenantId, roles: &[AttorneyRole]) -> Result<Vec<AccountId>> {
    let rows = engagement::Entity::within(tx.reach())
        .filter(engagement::Column::TenantId.eq(tenant))
        .filter(engagement::Column::EndedAt.is_null())
        .filter(engagement::Column::Role.is_in(roles.iter().copied()))
        .order_by_asc(engagement::Column::CreatedAt)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| row.account_id).collect())
}

/// The accounts of the tenant's staff in these roles.
pub async fn staff_of(tx: &Tx, tenant: TenantId, roles: &[StaffRole]) -> Result<Vec<AccountId>> {
    let rows = staff::Entity::within(tx.reach())
        .filter(staff::Column::TenantId.eq(tenant))
        .filter(staff::Column::Role.is_in(roles.iter().copied()))
        .order_by_asc(staff::Column::CreatedAt)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| row.account_id).collect())
}

/// The tenant of an installation that has only one: then its portal needs no name.
pub async fn only_tenant(tx: &Tx) -> Result<Option<tenant::Model>> {
    let mut first_two = tenant::Entity::rows().limit(2).all(tx).await?;
    Ok(if first_two.len() == 1 { first_two.pop() } else { None })
}

/// All tenants, by name: for the operator.
pub async fn tenants(tx: &Tx) -> Result<Vec<tenant::Model>> {
    Ok(tenant::Entity::rows().order_by_asc(tenant::Column::Name).limit(1_000).all(tx).await?)
}

/// Every tenant by name, or this one alone: whose health is looked at.
pub async fn every_or(tx: &Tx, one: Option<TenantId>) -> Result<Vec<tenant::Model>> {
    match one {
        Some(one) => Ok(tenant(tx, one).await?.into_iter().collect()),
        None => Ok(tenant::Entity::rows().order_by_asc(tenant::Column::Name).all(tx).await?),
    }
}

/// Every MSP of the installation: other programs are looked at for each.
pub async fn msps(platform: &Platform) -> Result<Vec<TenantId>> {
    let tx = platform.read(Reach::Everything("other programs are looked at for every MSP")).await?;
    let rows =
        tenant::Entity::rows().filter(tenant::Column::Kind.eq(TenantKind::Msp)).order_by_asc(tenant::Column::Id).all(&tx).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The company of that name, however its letters are written.
pub async fn company_named(tx: &Tx, tenant: TenantId, name: &str) -> Result<Option<company::Model>> {
    let wanted = name.trim().to_lowercase();
    let rows = companies(tx, tenant).await?;
    Ok(rows.into_iter().find(|row| row.name.to_lowercase() == wanted))
}

/// The company's contact of that e-mail, in its one spelling.
pub async fn contact_by_email(tx: &Tx, company: CompanyId, email: &str) -> Result<Option<contact::Model>> {
    Ok(contact::Entity::within(tx.reach())
        .filter(contact::Column::CompanyId.eq(company))
        .filter(contact::Column::Email.eq(email))
        .one(tx)
        .await?)
}

/// The contact who signs in by this account.
pub async fn contact_of_account(tx: &Tx, account: AccountId) -> Result<Option<contact::Model>> {
    Ok(contact::Entity::within(tx.reach()).filter(contact::Column::AccountId.eq(account)).one(tx).await?)
}

/// All contacts of the tenant: for counting them by company.
pub async fn contacts_in(tx: &Tx, tenant: TenantId) -> Result<Vec<contact::Model>> {
    Ok(contact::Entity::within(tx.reach()).filter(contact::Column::TenantId.eq(tenant)).all(tx).await?)
}

/// The tenant's seats, oldest first.
pub async fn seats(tx: &Tx, tenant: TenantId) -> Result<Vec<staff::Model>> {
    Ok(staff::Entity::within(tx.reach())
        .filter(staff::Column::TenantId.eq(tenant))
        .order_by_asc(staff::Column::CreatedAt)
        .all(tx)
        .await?)
}

/// A seat within reach.
pub async fn staff_in(tx: &Tx, id: StaffId) -> Result<Option<staff::Model>> {
    Ok(staff::Entity::within(tx.reach()).filter(staff::Column::Id.eq(id)).one(tx).await?)
}

pub async fn staff_by_account(tx: &Tx, tenant: TenantId, account: AccountId) -> Result<Option<staff::Model>> {
    Ok(staff::Entity::within(tx.reach())
        .filter(staff::Column::TenantId.eq(tenant))
        .filter(staff::Column::AccountId.eq(account))
        .one(tx)
        .await?)
}

/// The attorney's engagement with the tenant, also an ended one.
pub async fn engagement_of(tx: &Tx, tenant: TenantId, account: AccountId) -> Result<Option<engagement::Model>> {
    Ok(engagement::Entity::within(tx.reach())
        .filter(engagement::Column::TenantId.eq(tenant))
        .filter(engagement::Column::AccountId.eq(account))
        .one(tx)
        .await?)
}

/// What each attorney who works or worked for the tenant is or was there.
pub async fn roles_ever(tx: &Tx, tenant: TenantId) -> Result<HashMap<AccountId, AttorneyRole>> {
    let rows = engagement::Entity::within(tx.reach()).filter(engagement::Column::TenantId.eq(tenant)).all(tx).await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.role)).collect())
}

/// The tenants this attorney works for, oldest first.
pub async fn engaged_with(tx: &Tx, account: AccountId) -> Result<Vec<TenantId>> {
    let rows = engagement::Entity::within(tx.reach())
        .filter(engagement::Column::AccountId.eq(account))
        .filter(engagement::Column::EndedAt.is_null())
        .order_by_asc(engagement::Column::CreatedAt)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| row.tenant_id).collect())
}

/// The live engagements within reach, oldest first.
pub async fn engagements(tx: &Tx) -> Result<Vec<engagement::Model>> {
    Ok(engagement::Entity::within(tx.reach())
        .filter(engagement::Column::EndedAt.is_null())
        .order_by_asc(engagement::Column::CreatedAt)
        .all(tx)
        .await?)
}

/// What another program knows by this number.
pub async fn alias(tx: &Tx, tenant: TenantId, kind: AliasKind, number: &str) -> Result<Option<alias::Model>> {
    if number.is_empty() {
        return Ok(None);
    }
    Ok(alias::Entity::within(tx.reach())
        .filter(alias::Column::TenantId.eq(tenant))
        .filter(alias::Column::Kind.eq(kind))
        .filter(alias::Column::Number.eq(number))
        .one(tx)
        .await?)
}

/// By what number the Hub and the PSA know this company; empty where none is entered.
pub async fn company_number(tx: &Tx, company: CompanyId) -> Result<String> {
    let row = alias::Entity::within(tx.reach())
        .filter(alias::Column::Kind.eq(AliasKind::Company))
        .filter(alias::Column::About.eq(company.0))
        .one(tx)
        .await?;
    Ok(row.map(|row| row.number).unwrap_or_default())
}

/// The client companies of a tenant, the oldest first, as programs read on.
pub async fn companies_leaf(tx: &Tx, tenant: TenantId, leaf: &Leaf) -> Result<(Vec<company::Model>, Option<uuid::Uuid>)> {
    let rows = company::Entity::within(tx.reach()).filter(company::Column::TenantId.eq(tenant));
    Ok(leaf.cut(leaf.select(rows, company::Column::Id).all(tx).await?, |row| row.id.0))
}

/// The contacts of a company, the same way.
pub async fn contacts_leaf(tx: &Tx, company: CompanyId, leaf: &Leaf) -> Result<(Vec<contact::Model>, Option<uuid::Uuid>)> {
    let rows = contact::Entity::within(tx.reach()).filter(contact::Column::CompanyId.eq(company));
    Ok(leaf.cut(leaf.select(rows, contact::Column::Id).all(tx).await?, |row| row.id.0))
}
