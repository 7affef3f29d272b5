//! Reading invoices, whose they are, and how old what is shown is.

use std::collections::HashMap;

use entity::{
    Moment,
    ids::{CompanyId, InvoiceId, TenantId},
    invoices::{InvoiceStatus, client, invoice},
    platform::sync,
    wall::Walled,
};
use sea_orm::{ColumnTrait, Condition, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use time::Date;

use super::{
    access::InvoiceReader,
    invoice::{day, status_on},
};
use crate::platform::{self, Count, Leaf, Result, Tx, money, web::paging::PAGE_SIZE};

/// One line of the list.
#[derive(Clone, Debug)]
pub struct InvoiceLine {
    pub id: InvoiceId,
    pub number: String,
    pub status: InvoiceStatus,
    pub issued_on: String,
    pub due_on: Option<String>,
    pub total: i64,
    pub balance: i64,
    pub currency: String,
}

impl InvoiceLine {
    pub fn of(row: &invoice::Model, today: Date) -> Self {
        Self {
            id: row.id,
            number: row.number.clone(),
            status: status_on(row.status, row.due_on.as_deref(), row.balance, today),
            issued_on: day_words(&row.issued_on),
            due_on: row.due_on.as_deref().map(day_words),
            total: row.total,
            balance: row.balance,
            currency: row.currency.clone(),
        }
    }

    pub fn total_words(&self) -> String {
        money::words(self.total, &self.currency)
    }

    pub fn balance_words(&self) -> String {
        money::words(self.balance, &self.currency)
    }

    pub fn is_open(&self) -> bool {
        matches!(self.status, InvoiceStatus::Sent | InvoiceStatus::Overdue)
    }

    /// Part of it is paid.
    pub fn is_part_paid(&self) -> bool {
        self.is_open() && self.balance != self.total
    }

    /// The tone of its badge.
    pub fn tone(&self) -> &'static str {
        match self.status {
            InvoiceStatus::Draft | InvoiceStatus::Void => "grey",
            InvoiceStatus::Sent => "blue",
            InvoiceStatus::Paid => "green",
            InvoiceStatus::Overdue => "red",
        }
    }
}

/// `2026-03-31` → `31 Mar 2026`
pub fn day_words(text: &str) -> String {
    day(text).map_or_else(|| text.to_owned(), |day| Moment::of_day(day).day_words())
}

/// Which of a company's invoices somebody wants to see.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub status: Option<InvoiceStatus>,
    pub number: String,
    pub offset: u64,
}

fn of_company(tx: &Tx, company: CompanyId) -> Select<invoice::Entity> {
    invoice::Entity::within(tx.reach()).filter(invoice::Column::CompanyId.eq(company))
}

/// A page, latest first, and how many there are. `today` decides what is overdue.
pub async fn invoices(tx: &Tx, company: CompanyId, wanted: &Wanted, today: Date) -> Result<(Vec<InvoiceLine>, u64)> {
    let mut select = of_company(tx, company);
    if let Some(status) = wanted.status {
        select = select.filter(is(status, today));
    }
    if !wanted.number.is_empty() {
        select = select.filter(invoice::Column::Number.contains(&wanted.number));
    }
    let total = select.clone().count(tx).await?;
    let rows = select
        .order_by_desc(invoice::Column::IssuedOn)
        .order_by_desc(invoice::Column::Number)
        .order_by_desc(invoice::Column::Id)
        .offset(wanted.offset)
        .limit(PAGE_SIZE)
        .all(tx)
        .await?;
    Ok((rows.iter().map(|row| InvoiceLine::of(row, today)).collect(), total))
}

/// As Books says them of what was sent and is not paid.
const OPEN: [InvoiceStatus; 2] = [InvoiceStatus::Sent, InvoiceStatus::Overdue];

/// The same as [`status_on`] says, for the database.
fn is(status: InvoiceStatus, today: Date) -> Condition {
    let open = || invoice::Column::Status.is_in(OPEN);
    let today = format!("{}-{:02}-{:02}", today.year(), u8::from(today.month()), today.day());
    match status {
        InvoiceStatus::Overdue => {
            let late = invoice::Column::DueOn.lt(today.as_str());
            Condition::all().add(open()).add(late).add(invoice::Column::Balance.gt(0))
        }
        InvoiceStatus::Sent => Condition::all().add(open()).add(
            Condition::any()
                .add(invoice::Column::DueOn.is_null())
                .add(invoice::Column::DueOn.gte(today.as_str()))
                .add(invoice::Column::Balance.lte(0)),
        ),
        other => Condition::all().add(invoice::Column::Status.eq(other)),
    }
}

/// What a company owes, by currency.
pub async fn owed(tx: &Tx, company: CompanyId) -> Result<Vec<(String, i64)>> {
    let rows = of_company(tx, company)
        .filter(invoice::Column::Status.is_in(OPEN))
        .select_only()
        .column(invoice::Column::Currency)
        .column(invoice::Column::Balance)
        .into_tuple::<(String, i64)>()
        .all(tx)
        .await?;
    let mut sums = std::collections::BTreeMap::<String, i64>::new();
    for (currency, balance) in rows {
        *sums.entry(currency).or_default() += balance;
    }
    Ok(sums.into_iter().filter(|(_, sum)| *sum > 0).collect())
}

/// Those that should have been paid before `today`, the oldest first, and how many there are.
pub async fn overdue(tx: &Tx, reader: &InvoiceReader, limit: u64, today: Date) -> Result<(Vec<InvoiceLine>, u64)> {
    let late = of_company(tx, reader.client.company).filter(is(InvoiceStatus::Overdue, today));
    let total = late.clone().count(tx).await?;
    let rows = late.order_by_asc(invoice::Column::DueOn).order_by_asc(invoice::Column::Id).limit(limit).all(tx).await?;
    Ok((rows.iter().map(|row| InvoiceLine::of(row, today)).collect(), total))
}

/// Invoices of a company that wait to be paid: the number beside the menu.
pub fn open_count(tx: &Tx, company: CompanyId) -> Count {
    Count::of(of_company(tx, company).filter(invoice::Column::Status.is_in(OPEN)).filter(invoice::Column::Balance.gt(0)))
}

pub async fn any(tx: &Tx, company: CompanyId) -> Result<bool> {
    Ok(of_company(tx, company).limit(1).count(tx).await? > 0)
}

/// How far this tenant's invoices were taken; none where nobody ever looked.
pub async fn sync_of(tx: &Tx, tenant: TenantId) -> Result<Option<sync::Model>> {
    platform::sync::state(tx, "Books", tenant).await
}

/// A client at Books that is nobody here yet, and how many invoices wait for it.
#[derive(Clone, Debug)]
pub struct Unmapped {
    pub row: client::Model,
    pub invoices: u64,
}

fn clients(tx: &Tx, tenant: TenantId) -> Select<client::Entity> {
    client::Entity::within(tx.reach())
        .filter(client::Column::TenantId.eq(tenant))
        .order_by_asc(client::Column::Name)
        .order_by_asc(client::Column::Id)
        .limit(2_000)
}

/// The clients at Books of a tenant that are a company here, by name.
pub async fn mapped(tx: &Tx, tenant: TenantId) -> Result<Vec<client::Model>> {
    Ok(clients(tx, tenant).filter(client::Column::CompanyId.is_not_null()).all(tx).await?)
}

/// Those that are nobody here, with what waits for them.
pub async fn unmapped(tx: &Tx, tenant: TenantId) -> Result<Vec<Unmapped>> {
    let nobody = clients(tx, tenant).filter(client::Column::CompanyId.is_null()).all(tx).await?;
    if nobody.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, i64)> = invoice::Entity::within(tx.reach())
        .filter(invoice::Column::TenantId.eq(tenant))
        .filter(invoice::Column::ClientRef.is_in(nobody.iter().map(|row| row.client_ref.as_str())))
        .select_only()
        .column(invoice::Column::ClientRef)
        .column_as(invoice::Column::Id.count(), "invoices")
        .group_by(invoice::Column::ClientRef)
        .into_tuple()
        .all(tx)
        .await?;
    let waiting: HashMap<String, u64> =
        rows.into_iter().map(|(client, count)| (client, u64::try_from(count).unwrap_or(0))).collect();
    Ok(nobody.into_iter().map(|row| Unmapped { invoices: waiting.get(&row.client_ref).copied().unwrap_or(0), row }).collect())
}

/// The invoices of a tenant's clients, the oldest first, as programs read on.
pub async fn invoices_leaf(
    tx: &Tx,
    tenant: TenantId,
    status: Option<InvoiceStatus>,
    company: Option<CompanyId>,
    leaf: &Leaf,
) -> Result<(Vec<invoice::Model>, Option<uuid::Uuid>)> {
    let mut rows = invoice::Entity::within(tx.reach()).filter(invoice::Column::TenantId.eq(tenant));
    if let Some(status) = status {
        rows = rows.filter(invoice::Column::Status.eq(status));
    }
    if let Some(company) = company {
        rows = rows.filter(invoice::Column::CompanyId.eq(company));
    }
    Ok(leaf.cut(leaf.select(rows, invoice::Column::Id).all(tx).await?, |row| row.id.0))
}
