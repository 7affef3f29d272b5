//! Takes companies and their people as the CRM tells them. The same again, or older than known, changes nothing.

use entity::{
    crm::{client, contact},
    ids::{CompanyId, CrmClientId, CrmContactId, TenantId},
    tenancy::{AccessLevel, AliasKind, company},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, Set};

use crate::{
    audit,
    crm::{
        company::{Company, Person, is_same_name},
        queries,
    },
    platform::{Error, Result, Work},
    tenancy::{self, AddContact, CreateCompany, caller::Keeper},
};

/// How many were new or newer than known. Nothing is taken where one of them is wrong.
pub async fn take(work: &mut Work, tenant: TenantId, incoming: &[Company]) -> Result<usize> {
    if let Some(problem) = incoming.iter().find_map(Company::problem) {
        return Err(Error::invalid("companies", problem));
    }
    let mut taken = 0;
    for one in incoming {
        taken += usize::from(take_one(work, tenant, one).await?);
    }
    if taken > 0 {
        let line = audit::Line::new("clients.taken", format!("tenant:{tenant}")).tenant(tenant).with("companies", taken);
        audit::record(work, line).await?;
    } else {
        work.counts_as_audited("nothing that was told is new");
    }
    Ok(taken)
}

async fn take_one(work: &mut Work, tenant: TenantId, one: &Company) -> Result<bool> {
    let known = queries::client_by_ref(work.read(), tenant, &one.id).await?;
    if known.as_ref().is_some_and(|row| row.version >= one.version) {
        return Ok(false);
    }
    let now = work.now();
    let gone_at = (!one.active).then(|| known.as_ref().and_then(|row| row.gone_at).unwrap_or(now));
    let told = client::ActiveModel {
        name: Set(one.name.trim().to_owned()),
        legal_name: Set(one.legal_name().to_owned()),
        people: Set(serde_json::to_string(&one.contacts)?),
        gone_at: Set(gone_at),
        version: Set(one.version),
        ..Default::default()
    };
    let row = match known {
        Some(before) => {
            if let Some(company) = before.company_id {
                follow(work, tenant, company, &before, one).await?;
            }
            client::ActiveModel { id: Set(before.id), ..told }.update(work.write()).await?
        }
        None => {
            let row = client::ActiveModel {
                id: Set(work.id::<CrmClientId>()),
                tenant_id: Set(tenant),
                client_ref: Set(one.id.clone()),
                company_id: Set(None),
                ignored: Set(false),
                linked_by: Set(String::new()),
                first_seen_at: Set(now),
                revision: Set(0),
                told_revision: Set(0),
                changed_at: Set(None),
                told_at: Set(None),
                told: Set(String::new()),
                trouble: Set(String::new()),
                ..told
            };
            row.insert(work.write()).await?
        }
    };
    match row.company_id {
        Some(company) => take_people(work, &row, company).await?,
        // Who is gone before they were ever here is nobody's client.
        None if one.active && !row.ignored => {
            if let Some((company, how)) = place(work, tenant, one).await? {
                link(work, row, company, how).await?;
            }
        }
        None => {}
    }
    Ok(true)
}

/// From now on this company of the CRM is that client here.
pub(super) async fn link(work: &mut Work, row: client::Model, company: CompanyId, by: &str) -> Result<()> {
    let change = client::ActiveModel {
        id: Set(row.id),
        company_id: Set(Some(company)),
        ignored: Set(false),
        linked_by: Set(by.to_owned()),
        // The CRM has been told nothing of this client yet.
        revision: Set(row.revision + 1),
        changed_at: Set(Some(work.now())),
        told: Set(String::new()),
        ..Default::default()
    };
    let row = change.update(work.write()).await?;
    let line = audit::Line::new("crm_client.linked", format!("company:{company}")).tenant(row.tenant_id);
    audit::record(work, line.with("client", row.name.as_str()).with("by", by)).await?;
    take_people(work, &row, company).await
}

/// Who it is here, and how that is known; none where an admin has to say it.
async fn place(work: &mut Work, tenant: TenantId, one: &Company) -> Result<Option<(CompanyId, &'static str)>> {
    if let Some(known) = tenancy::alias(work.read(), tenant, AliasKind::Company, &one.id).await? {
        let company = CompanyId(known.about);
        let is_free = queries::client_of_company(work.read(), company).await?.is_none();
        return Ok(is_free.then_some((company, "its number")));
    }
    let named = |row: &company::Model| is_same_name(&row.name, &one.name) || is_same_name(&row.legal_name, one.legal_name());
    let alike: Vec<_> = tenancy::companies(work.read(), tenant).await?.into_iter().filter(named).collect();
    match alike.as_slice() {
        [] => {
            let input = CreateCompany { name: one.name.clone(), legal_name: one.legal_name.clone() };
            Ok(Some((tenancy::create_company(work, keeper(tenant), input).await?, "the CRM")))
        }
        [only] if queries::client_of_company(work.read(), only.id).await?.is_none() => Ok(Some((only.id, "its name"))),
        _ => Ok(None),
    }
}

fn keeper(tenant: TenantId) -> Keeper {
    Keeper::of_program(tenant, "the CRM tells who the MSP's clients are")
}

/// A name that was changed there changes here, unless somebody here has given it another.
async fn follow(work: &mut Work, tenant: TenantId, id: CompanyId, before: &client::Model, one: &Company) -> Result<()> {
    let Some(here) = tenancy::company_in(work.read(), id).await? else { return Ok(()) };
    let newer = |here: &str, told: &str, now: &str| if here == told { now.trim().to_owned() } else { here.to_owned() };
    let input = CreateCompany {
        name: newer(&here.name, &before.name, &one.name),
        legal_name: newer(&here.legal_name, &before.legal_name, one.legal_name()),
    };
    if input.name == here.name && input.legal_name == here.legal_name {
        return Ok(());
    }
    match tenancy::change_company(work, keeper(tenant), id, input).await {
        // Another client has that name: the old one stays, and the page shows both.
        Err(Error::Invalid(_)) => Ok(()),
        other => other,
    }
}

/// People with an address become contacts; giving them access stays a decision of somebody here.
async fn take_people(work: &mut Work, row: &client::Model, company: CompanyId) -> Result<()> {
    let people: Vec<Person> = serde_json::from_str(&row.people)?;
    for one in &people {
        if let Some(email) = one.address() {
            take_person(work, row, company, one, email).await?;
        }
    }
    Ok(())
}

async fn take_person(work: &mut Work, row: &client::Model, company: CompanyId, one: &Person, email: String) -> Result<()> {
    let known = contact::Entity::within(work.read().reach())
        .filter(contact::Column::ClientId.eq(row.id))
        .filter(contact::Column::ContactRef.eq(one.id.as_str()))
        .one(work.read())
        .await?;
    let (name, title) = (one.name.trim().to_owned(), one.title.trim().to_owned());
    let here = match &known {
        Some(known) => tenancy::contact_in(work.read(), known.contact_id).await?.filter(|here| here.company_id == company),
        None => None,
    };
    // Another address is another contact, unless they sign in by the old one: that is theirs to change.
    let stays = known.as_ref().zip(here.as_ref()).is_some_and(|(known, here)| known.email == email || here.account_id.is_some());
    let contact_id = match (&known, here.filter(|_| stays)) {
        (Some(known), Some(here)) => {
            let newer = |here: &str, told: &str, now: &str| if here == told { now.to_owned() } else { here.to_owned() };
            let (name, title) = (newer(&here.name, &known.name, &name), newer(&here.title, &known.title, &title));
            if name != here.name || title != here.title {
                tenancy::change_contact(work, keeper(row.tenant_id), here.id, &name, &title, here.access).await?;
            }
            here.id
        }
        _ => match tenancy::contact_by_email(work.read(), company, &email).await? {
            Some(here) => here.id,
            None => {
                let input = AddContact { name: name.clone(), email: email.clone(), title: title.clone(), access: AccessLevel::Own };
                tenancy::add_contact(work, keeper(row.tenant_id), company, input).await?
            }
        },
    };
    let told = contact::ActiveModel {
        id: Set(known.as_ref().map_or_else(|| work.id::<CrmContactId>(), |known| known.id)),
        tenant_id: Set(row.tenant_id),
        client_id: Set(row.id),
        contact_ref: Set(one.id.clone()),
        contact_id: Set(contact_id),
        name: Set(name),
        email: Set(email),
        title: Set(title),
    };
    match known {
        Some(_) => told.update(work.write()).await?,
        None => told.insert(work.write()).await?,
    };
    Ok(())
}
