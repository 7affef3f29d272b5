//! Somebody comes by a link of the Hub: the tenant, the company, the contact or seat, the account and the session, all in one work.
//!
//! One person is one account: matched by e-mail within the company first, then by the Hub's number, then by the PSA's; so what was
//! issued to them before they first came is theirs.

use entity::{
    Reach,
    identity::{AccountKind, AccountStatus, SsoFace, account},
    ids::{AccountId, CompanyId, SessionId, StaffId, TenantId},
    tenancy::{AccessLevel, AliasKind, StaffRole, TenantKind, company, contact, staff, tenant},
};
use sea_orm::{ActiveModelTrait, Set};

use super::{
    known_contact::{Known, known_contact},
    set_alias::remember,
};
use crate::{
    audit,
    identity::{
        self, Entered, FIRM, Vouched, portal_realm,
        ticket::{Fault, Ticket},
    },
    platform::{Result, Tx, Work},
    tenancy::queries,
};

/// Nobody is signed in yet, and the ticket says which tenant it is.
pub const BY_TICKET: Reach = Reach::Everything("a link of the Hub: nobody is signed in yet");

type OrFault<T> = Result<std::result::Result<T, Fault>>;

/// Goes on with the value, or answers the fault.
macro_rules! take {
    ($answer:expr) => {
        match $answer {
            Ok(value) => value,
            Err(fault) => return Ok(Err(fault)),
        }
    };
}

/// The tenant the ticket names; both names have to be its own.
pub async fn tenant_of_ticket(tx: &Tx, ticket: &Ticket) -> Result<Option<tenant::Model>> {
    let found = if ticket.tenant_slug.is_empty() {
        match ticket.tenant_id.parse() {
            Ok(id) => queries::tenant(tx, id).await?,
            Err(_) => None,
        }
    } else {
        queries::tenant_by_slug(tx, &ticket.tenant_slug).await?
    };
    Ok(found.filter(|tenant| ticket.tenant_id.is_empty() || ticket.tenant_id == tenant.id.to_string()))
}

/// Lets the person in, or says why not; then the work is to be dropped.
pub async fn enter_by_ticket(
    work: &mut Work,
    ticket: &Ticket,
    before: Option<SessionId>,
    device: Option<&str>,
) -> OrFault<Entered> {
    let Some(tenant) = tenant_of_ticket(work.read(), ticket).await? else { return Ok(Err(Fault::UnknownTenant)) };
    if !identity::use_ticket(work, ticket).await? {
        return Ok(Err(Fault::Used));
    }
    let account = match ticket.face {
        SsoFace::Staff => take!(somebody_of_the_msp(work, &tenant, ticket).await?),
        SsoFace::Client => {
            let kind = if tenant.kind == TenantKind::Mission { "mission" } else { "msp" };
            if !ticket.org_type.is_empty() && ticket.org_type != kind {
                return Ok(Err(Fault::BadContext));
            }
            match tenant.kind {
                TenantKind::Mission => take!(member(work, &tenant, ticket).await?),
                TenantKind::Msp => take!(client(work, &tenant, ticket).await?),
            }
        }
    };
    identity::note_arrival(work, ticket.face, &account.realm, &ticket.email, None).await?;
    Ok(Ok(identity::enter(work, account, "sso", before, device).await?))
}

fn name_of(ticket: &Ticket) -> String {
    let local = ticket.email.split('@').next().unwrap_or_default();
    if ticket.name.is_empty() { local.to_owned() } else { ticket.name.clone() }
}

async fn member(work: &mut Work, tenant: &tenant::Model, ticket: &Ticket) -> OrFault<account::Model> {
    let input = Vouched {
        realm: portal_realm(tenant.id),
        email: ticket.email.clone(),
        name: name_of(ticket),
        kind: AccountKind::Member,
        tenant: tenant.id,
    };
    identity::vouch(work, input).await
}

async fn client(work: &mut Work, tenant: &tenant::Model, ticket: &Ticket) -> OrFault<account::Model> {
    let access = match ticket.access_level.as_str() {
        "" => None,
        word => match word.parse::<AccessLevel>() {
            Ok(access) => Some(access),
            Err(_) => return Ok(Err(Fault::BadClaims)),
        },
    };
    let Some(company) = company_of_ticket(work.read(), tenant.id, &ticket.company).await? else {
        return Ok(Err(Fault::UnknownCompany));
    };
    let numbers = [(AliasKind::HubUser, ticket.sub.as_str()), (AliasKind::PsaContact, ticket.psa_contact.as_str())];
    let contact = match known_contact(work.read(), tenant.id, company.id, &ticket.email, &numbers).await? {
        Known::Here(contact) => contact,
        // Somebody who changed companies over there is not moved here by a link.
        Known::Elsewhere(_) => return Ok(Err(Fault::OtherPlace)),
        Known::Nobody => add(work, &company, ticket, access.unwrap_or(AccessLevel::Own)).await?,
    };
    let account = take!(account_of(work, &contact).await?);
    let claimed = access.map_or("", AccessLevel::word);
    let before = remember(work, tenant.id, AliasKind::HubUser, &ticket.sub, contact.id.0, claimed).await?;
    if !ticket.psa_contact.is_empty() {
        remember(work, tenant.id, AliasKind::PsaContact, &ticket.psa_contact, contact.id.0, "").await?;
    }
    if let Some(access) = access
        && before.as_deref() != Some(claimed)
    {
        follow_access(work, &contact, account.id, access).await?;
    }
    Ok(Ok(account))
}

/// By our own number, or by the one another program has for it.
async fn company_of_ticket(tx: &Tx, tenant: TenantId, number: &str) -> Result<Option<company::Model>> {
    let id = match number.parse::<CompanyId>() {
        Ok(id) => Some(id),
        Err(_) => queries::alias(tx, tenant, AliasKind::Company, number).await?.map(|row| CompanyId(row.about)),
    };
    match id {
        Some(id) => Ok(queries::company_in(tx, id).await?.filter(|company| company.tenant_id == tenant)),
        None => Ok(None),
    }
}

async fn add(work: &mut Work, company: &company::Model, ticket: &Ticket, access: AccessLevel) -> Result<contact::Model> {
    let contact = contact::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(company.tenant_id),
        company_id: Set(company.id),
        name: Set(name_of(ticket)),
        email: Set(ticket.email.clone()),
        title: Set(String::new()),
        access: Set(access),
        account_id: Set(None),
        created_at: Set(work.now()),
    }
    .insert(work.write())
    .await?;
    let line = audit::Line::new("contact.added", format!("contact:{}", contact.id)).tenant(company.tenant_id);
    let line = line.with("company", company.id.to_string()).with("access", access.word()).with("by", "the Hub");
    audit::record(work, line).await?;
    Ok(contact)
}

/// The contact's account: the one they have, or the one of that address if it is nobody else's.
async fn account_of(work: &mut Work, contact: &contact::Model) -> OrFault<account::Model> {
    if let Some(id) = contact.account_id {
        let Some(account) = identity::account(work.read(), id).await? else { return Ok(Err(Fault::OtherPlace)) };
        return identity::vouch_for(work, account, AccountKind::Client, contact.tenant_id).await;
    }
    let input = Vouched {
        realm: portal_realm(contact.tenant_id),
        email: contact.email.clone(),
        name: contact.name.clone(),
        kind: AccountKind::Client,
        tenant: contact.tenant_id,
    };
    let account = take!(identity::vouch(work, input).await?);
    if queries::contact_of_account(work.read(), account.id).await?.is_some() {
        return Ok(Err(Fault::OtherPlace));
    }
    contact::ActiveModel { id: Set(contact.id), account_id: Set(Some(account.id)), ..Default::default() }
        .update(work.write())
        .await?;
    Ok(Ok(account))
}

/// Another access level over there since last time; the person's open sessions end, so that it holds at once everywhere.
async fn follow_access(work: &mut Work, contact: &contact::Model, account: AccountId, access: AccessLevel) -> Result<()> {
    if contact.access == access {
        return Ok(());
    }
    contact::ActiveModel { id: Set(contact.id), access: Set(access), ..Default::default() }.update(work.write()).await?;
    identity::end_sessions_of(work, account, None).await?;
    let line = audit::Line::new("role.changed", format!("contact:{}", contact.id)).tenant(contact.tenant_id);
    audit::record(work, line.with("from", contact.access.word()).with("to", access.word()).with("by", "the Hub")).await
}

/// What a plan in the Hub has to hold, where the link says what it holds.
fn is_entitled(ticket: &Ticket) -> bool {
    let ours = |slug: &String| slug.ends_with("legal") || slug.ends_with("portal");
    ticket.entitlements.as_ref().is_none_or(|slugs| slugs.iter().any(ours))
}

async fn somebody_of_the_msp(work: &mut Work, tenant: &tenant::Model, ticket: &Ticket) -> OrFault<account::Model> {
    if !is_entitled(ticket) {
        return Ok(Err(Fault::NotEntitled));
    }
    let role = match ticket.org_role.as_str() {
        "" => None,
        word => match word.parse::<StaffRole>() {
            Ok(role) => Some(role),
            Err(_) => return Ok(Err(Fault::BadClaims)),
        },
    };
    let account = match known_staff(work.read(), tenant, ticket).await? {
        Some(account) => take!(identity::vouch_for(work, account, AccountKind::Staff, tenant.id).await?),
        None => {
            let input = Vouched {
                realm: FIRM.to_owned(),
                email: ticket.email.clone(),
                name: name_of(ticket),
                kind: AccountKind::Staff,
                tenant: tenant.id,
            };
            take!(identity::vouch(work, input).await?)
        }
    };
    let seat = match queries::staff_by_account(work.read(), tenant.id, account.id).await? {
        Some(seat) => seat,
        None => seat(work, tenant.id, account.id, role.unwrap_or(StaffRole::Viewer)).await?,
    };
    let claimed = role.map_or("", StaffRole::word);
    let before = remember(work, tenant.id, AliasKind::HubStaff, &ticket.sub, seat.id.0, claimed).await?;
    if let Some(role) = role
        && before.as_deref() != Some(claimed)
    {
        follow_role(work, &seat, role).await?;
    }
    Ok(Ok(account))
}

/// By e-mail, then by the Hub's number.
async fn known_staff(tx: &Tx, tenant: &tenant::Model, ticket: &Ticket) -> Result<Option<account::Model>> {
    if let Some(account) = identity::account_by_email(tx, FIRM, &ticket.email).await? {
        return Ok(Some(account));
    }
    let Some(row) = queries::alias(tx, tenant.id, AliasKind::HubStaff, &ticket.sub).await? else { return Ok(None) };
    match queries::staff_in(tx, StaffId(row.about)).await? {
        Some(seat) => identity::account(tx, seat.account_id).await,
        None => Ok(None),
    }
}

async fn seat(work: &mut Work, tenant: TenantId, account: AccountId, role: StaffRole) -> Result<staff::Model> {
    let seat = staff::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(tenant),
        account_id: Set(account),
        role: Set(role),
        created_at: Set(work.now()),
    }
    .insert(work.write())
    .await?;
    let line = audit::Line::new("staff.seated", format!("staff:{}", seat.id)).tenant(tenant);
    audit::record(work, line.with("role", role.word()).with("by", "the Hub")).await?;
    Ok(seat)
}

/// Another role over there since last time; the last owner who can sign in stays one.
async fn follow_role(work: &mut Work, seat: &staff::Model, role: StaffRole) -> Result<()> {
    if seat.role == role {
        return Ok(());
    }
    if seat.role == StaffRole::Owner {
        let owners = queries::staff_of(work.read(), seat.tenant_id, &[StaffRole::Owner]).await?;
        let accounts = identity::accounts(work.read(), owners).await?;
        if !accounts.values().any(|other| other.status == AccountStatus::Active && other.id != seat.account_id) {
            return Ok(());
        }
    }
    staff::ActiveModel { id: Set(seat.id), role: Set(role), ..Default::default() }.update(work.write()).await?;
    identity::end_sessions_of(work, seat.account_id, None).await?;
    let line = audit::Line::new("role.changed", format!("staff:{}", seat.id)).tenant(seat.tenant_id);
    audit::record(work, line.with("from", seat.role.word()).with("to", role.word()).with("by", "the Hub")).await
}
