//! Takes invoices as Books tells them. The same again, or older than known, changes nothing.

use std::collections::BTreeSet;

use entity::{
    Moment,
    ids::{BooksClientId, CompanyId, InvoiceId, TenantId},
    invoices::{InvoiceStatus, client, invoice},
    tenancy::AccessLevel,
    wall::Walled,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};

use crate::{
    audit,
    invoices::{
        events::{About, InvoiceSent},
        invoice::{Incoming, day},
    },
    platform::{Error, Result, Work, money},
    tenancy,
};

/// Nobody is told of what was issued longer ago: a first look at Books brings years.
const NEWS: i64 = 14 * Moment::DAY;

/// How many were new or newer than known. Nothing is taken where one of them is wrong.
pub async fn take(work: &mut Work, tenant: TenantId, incoming: &[Incoming]) -> Result<usize> {
    if let Some(problem) = incoming.iter().find_map(Incoming::problem) {
        return Err(Error::invalid("invoices", problem));
    }
    // An admin may say this moment whose they are: whoever comes second waits here, and reads what the first has written. In one
    // order, so that two who take never wait for each other.
    let clients: BTreeSet<&str> = incoming.iter().map(|one| one.client_id.as_str()).collect();
    for client_ref in clients {
        client::Entity::update_many()
            .col_expr(client::Column::Name, Expr::col(client::Column::Name))
            .filter(client::Column::TenantId.eq(tenant))
            .filter(client::Column::ClientRef.eq(client_ref))
            .exec(work.write())
            .await?;
    }
    let mut taken = 0;
    for one in incoming {
        let company = company_of(work, tenant, one).await?;
        taken += usize::from(take_one(work, tenant, company, one).await?);
    }
    if taken > 0 {
        let line = audit::Line::new("invoices.taken", format!("tenant:{tenant}")).tenant(tenant).with("invoices", taken);
        audit::record(work, line).await?;
    } else {
        work.counts_as_audited("nothing that was told is new");
    }
    Ok(taken)
}

/// Who the client at Books is here; a name seen for the first time is written down for the admin.
async fn company_of(work: &mut Work, tenant: TenantId, one: &Incoming) -> Result<Option<CompanyId>> {
    let find = |work: &Work| {
        client::Entity::within(work.read().reach())
            .filter(client::Column::TenantId.eq(tenant))
            .filter(client::Column::ClientRef.eq(one.client_id.as_str()))
    };
    if let Some(known) = find(work).one(work.read()).await? {
        if known.name != one.client_name {
            let mut row: client::ActiveModel = known.clone().into();
            row.name = Set(one.client_name.clone());
            row.update(work.write()).await?;
        }
        return Ok(known.company_id);
    }
    let row = client::ActiveModel {
        id: Set(work.id::<BooksClientId>()),
        tenant_id: Set(tenant),
        client_ref: Set(one.client_id.clone()),
        name: Set(one.client_name.clone()),
        company_id: Set(None),
        mapped_by: Set(String::new()),
        mapped_at: Set(None),
        first_seen_at: Set(work.now()),
    };
    let once = OnConflict::columns([client::Column::TenantId, client::Column::ClientRef]).do_nothing().to_owned();
    client::Entity::insert(row).on_conflict(once).exec_without_returning(work.write()).await?;
    Ok(find(work).one(work.read()).await?.and_then(|row| row.company_id))
}

async fn take_one(work: &mut Work, tenant: TenantId, company: Option<CompanyId>, one: &Incoming) -> Result<bool> {
    let known = invoice::Entity::within(work.read().reach())
        .filter(invoice::Column::TenantId.eq(tenant))
        .filter(invoice::Column::ExternalId.eq(one.id.as_str()))
        .one(work.read())
        .await?;
    if known.as_ref().is_some_and(|row| row.version >= one.version) {
        return Ok(false);
    }
    let was_sent = known.as_ref().is_some_and(|row| row.status != InvoiceStatus::Draft);
    let id = known.as_ref().map_or_else(|| work.id::<InvoiceId>(), |row| row.id);
    let row = invoice::ActiveModel {
        id: Set(id),
        tenant_id: Set(tenant),
        company_id: Set(company),
        client_ref: Set(one.client_id.clone()),
        external_id: Set(one.id.clone()),
        number: Set(one.number.clone()),
        status: Set(one.status),
        currency: Set(one.currency.clone()),
        issued_on: Set(one.issued_on.clone()),
        due_on: Set(one.due_on.clone()),
        total: Set(one.total),
        balance: Set(one.balance),
        detail: Set(serde_json::to_string(&one.detail())?),
        version: Set(one.version),
        taken_at: Set(work.now()),
    };
    match known {
        Some(_) => {
            row.update(work.write()).await?;
        }
        None => {
            row.insert(work.write()).await?;
        }
    }
    let open = matches!(one.status, InvoiceStatus::Sent | InvoiceStatus::Overdue);
    let recent = day(&one.issued_on).is_some_and(|issued| work.now().since(Moment::of_day(issued)) < NEWS);
    if let Some(company) = company.filter(|_| open && recent && !was_sent) {
        tell(work, tenant, company, id, one).await?;
    }
    Ok(true)
}

async fn tell(work: &mut Work, tenant: TenantId, company: CompanyId, invoice: InvoiceId, one: &Incoming) -> Result<()> {
    let issuer = tenancy::tenant(work.read(), tenant).await?.map_or_else(String::new, |tenant| tenant.name);
    let mut people = Vec::new();
    for contact in tenancy::contacts_of(work.read(), company).await? {
        if let Some(account) = contact.account_id.filter(|_| contact.access != AccessLevel::Own) {
            people.push(account);
        }
    }
    let amount = money::words(one.total, &one.currency);
    let about = About { tenant, company, invoice, issuer, number: one.number.clone(), amount, people };
    work.tell(&InvoiceSent { about })
}
