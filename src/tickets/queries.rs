//! Reading tickets, always behind the wall of the tenant, and for clients behind that of their access level.

use std::collections::HashMap;

use entity::{
    Moment,
    ids::{AccountId, CompanyId, ContactId, ServiceId, TenantId, TicketEntryId, TicketId},
    tenancy::StaffRole,
    tickets::{EntryKind, TicketCategory, TicketPriority, TicketStatus, entry, service, ticket},
    wall::Walled,
};
use sea_orm::{
    ColumnTrait, Condition, ExprTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{CaseStatement, Expr, Func, LikeExpr, SimpleExpr},
};

use super::ticket::owner;
use crate::{
    platform::{Count, Leaf, Platform, Result, Tx, web::paging::PAGE_SIZE},
    tenancy::{self, Caller, caller::PortalClient},
    vault::{self, DocumentRow},
};

/// A ticket within reach.
pub async fn ticket(tx: &Tx, id: TicketId) -> Result<Option<ticket::Model>> {
    Ok(ticket::Entity::within(tx.reach()).filter(ticket::Column::Id.eq(id)).one(tx).await?)
}

/// The tenant's ticket that the other system calls so.
pub async fn by_outside_ref(tx: &Tx, tenant: TenantId, outside_ref: &str) -> Result<Option<ticket::Model>> {
    Ok(ticket::Entity::within(tx.reach())
        .filter(ticket::Column::TenantId.eq(tenant))
        .filter(ticket::Column::OutsideRef.eq(outside_ref))
        .one(tx)
        .await?)
}

/// The ticket that was opened with this key.
pub(super) async fn opened_with(tx: &Tx, tenant: TenantId, key: &str) -> Result<Option<TicketId>> {
    let row = ticket::Entity::within(tx.reach())
        .filter(ticket::Column::TenantId.eq(tenant))
        .filter(ticket::Column::OpeningKey.eq(key))
        .one(tx)
        .await?;
    Ok(row.map(|row| row.id))
}

/// Tickets of which the other system has not seen everything, those waiting longest first.
pub async fn unsent_of(tx: &Tx, tenant: TenantId, limit: u64) -> Result<Vec<TicketId>> {
    Ok(ticket::Entity::within(tx.reach())
        .filter(ticket::Column::TenantId.eq(tenant))
        .filter(Expr::col(ticket::Column::OutgoingRevision).gt(Expr::col(ticket::Column::SeenRevision)))
        .order_by_asc(ticket::Column::UpdatedAt)
        .limit(limit)
        .select_only()
        .column(ticket::Column::Id)
        .into_tuple()
        .all(tx)
        .await?)
}

/// How many tickets wait to be seen by the other system, and since when it is away, or refuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unsent {
    pub waiting: u64,
    pub in_trouble: u64,
    pub away_since: Option<Moment>,
}

pub async fn of_tenant(tx: &Tx, tenant: TenantId) -> Result<Unsent> {
    let waits = ticket::Entity::within(tx.reach())
        .filter(ticket::Column::TenantId.eq(tenant))
        .filter(Expr::col(ticket::Column::OutgoingRevision).gt(Expr::col(ticket::Column::SeenRevision)));
    Ok(Unsent {
        waiting: waits.clone().count(tx).await?,
        in_trouble: waits.filter(ticket::Column::Trouble.is_not_null()).count(tx).await?,
        away_since: away_since(tx, tenant).await?,
    })
}

/// Since when the other system does not answer while tickets wait for it: the banner.
pub async fn away_since(tx: &Tx, tenant: TenantId) -> Result<Option<Moment>> {
    let row = ticket::Entity::within(tx.reach())
        .filter(ticket::Column::TenantId.eq(tenant))
        .filter(ticket::Column::TroubleAway.eq(true))
        .order_by_asc(ticket::Column::TroubleAt)
        .one(tx)
        .await?;
    Ok(row.and_then(|row| row.trouble_at))
}

/// What was said and done, in order; `inner` shows notes and what was overruled.
pub async fn entries(tx: &Tx, id: TicketId, inner: bool) -> Result<Vec<entry::Model>> {
    let mut select = entry::Entity::within(tx.reach()).filter(entry::Column::TicketId.eq(id));
    if !inner {
        select = select
            .filter(entry::Column::Kind.is_in([EntryKind::Comment, EntryKind::Change]))
            // Who of the MSP has it is the MSP's own.
            .filter(entry::Column::EntryKey.not_like("assignee@%"));
    }
    Ok(select
        .order_by_asc(entry::Column::Seq)
        .order_by_asc(entry::Column::CreatedAt)
        .order_by_asc(entry::Column::Id)
        .all(tx)
        .await?)
}

pub async fn entry_of(tx: &Tx, id: TicketEntryId) -> Result<Option<entry::Model>> {
    Ok(entry::Entity::within(tx.reach()).filter(entry::Column::Id.eq(id)).one(tx).await?)
}

/// What was said and set here after that revision, for the other system, in order.
pub async fn outgoing(tx: &Tx, id: TicketId, after: i64) -> Result<Vec<entry::Model>> {
    Ok(entry::Entity::within(tx.reach())
        .filter(entry::Column::TicketId.eq(id))
        .filter(entry::Column::Seq.gt(after))
        .filter(entry::Column::Side.ne(entity::tickets::EntrySide::Outside))
        .order_by_asc(entry::Column::Seq)
        .all(tx)
        .await?)
}

/// The ticket's files that this person may read.
pub async fn attachments_of(tx: &Tx, caller: &Caller, id: TicketId) -> Result<Vec<DocumentRow>> {
    vault::documents_of(tx, caller, &owner(id)).await
}

/// Whether the other system knows what is new, in what a person reads of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// There is no other system.
    Off,
    Seen(Moment),
    Waiting,
    Trouble {
        words: String,
        since: Moment,
        away: bool,
    },
}

impl Delivery {
    pub fn of(platform: &Platform, row: &ticket::Model) -> Self {
        let is_off = platform.config.psa.is_off();
        match (&row.trouble, row.trouble_at, row.seen_at) {
            (Some(words), Some(since), _) if !is_off => Self::Trouble { words: words.clone(), since, away: row.trouble_away },
            (_, _, Some(at)) if row.outgoing_revision <= row.seen_revision || is_off => Self::Seen(at),
            _ if is_off => Self::Off,
            _ => Self::Waiting,
        }
    }
}

/// One line of a list.
#[derive(Clone, Debug)]
pub struct TicketLine {
    pub id: TicketId,
    pub number: i64,
    pub subject: String,
    pub company: String,
    pub category: TicketCategory,
    pub priority: TicketPriority,
    pub status: TicketStatus,
    pub service: Option<String>,
    pub opened_by_name: String,
    pub assignee_name: Option<String>,
    pub due_at: Option<Moment>,
    pub overdue: bool,
    pub updated_at: Moment,
    pub delivery: Delivery,
}

/// What of the list somebody wants to see.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub text: String,
    pub status: Option<Statuses>,
    pub priority: Option<TicketPriority>,
    pub category: Option<TicketCategory>,
    pub company: Option<CompanyId>,
    pub assignee: Option<Assignee>,
    pub sort: Sort,
    pub offset: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statuses {
    /// Neither resolved nor closed.
    Live,
    One(TicketStatus),
}

impl Statuses {
    pub fn parse(text: &str) -> Option<Self> {
        if text == "live" { Some(Self::Live) } else { text.parse().ok().map(Self::One) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignee {
    Nobody,
    Account(AccountId),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Updated,
    Opened,
    Priority,
    Due,
    Status,
}

impl Sort {
    pub const ALL: [(&'static str, &'static str); 4] =
        [("opened", "Newest"), ("priority", "Priority"), ("due", "Promised by"), ("status", "Status")];

    pub fn parse(text: &str) -> Self {
        match text {
            "opened" => Self::Opened,
            "priority" => Self::Priority,
            "due" => Self::Due,
            "status" => Self::Status,
            _ => Self::Updated,
        }
    }
}

/// 0 for the first of these words, 1 for the second …
fn rank(column: ticket::Column, words: &[&str]) -> SimpleExpr {
    let mut case = CaseStatement::new();
    for (place, word) in (0_i32..).zip(words) {
        case = case.case(Expr::col((ticket::Entity, column)).eq(*word), place);
    }
    case.finally(99).into()
}

const DONE: [TicketStatus; 2] = [TicketStatus::Resolved, TicketStatus::Closed];

fn seen_by_client(tx: &Tx, client: &PortalClient) -> Select<ticket::Entity> {
    let select = ticket::Entity::within(tx.reach())
        .filter(ticket::Column::TenantId.eq(client.tenant))
        .filter(ticket::Column::CompanyId.eq(client.company));
    if client.sees_company() { select } else { select.filter(ticket::Column::ContactId.eq(client.contact)) }
}

/// A page of what this client may see.
pub async fn list_for_client(
    tx: &Tx,
    platform: &Platform,
    client: &PortalClient,
    wanted: &Wanted,
) -> Result<(Vec<TicketLine>, u64)> {
    page_of(tx, platform, seen_by_client(tx, client), wanted).await
}

/// A page of the MSP's tickets.
pub async fn list_for_desk(tx: &Tx, platform: &Platform, tenant: TenantId, wanted: &Wanted) -> Result<(Vec<TicketLine>, u64)> {
    page_of(tx, platform, ticket::Entity::within(tx.reach()).filter(ticket::Column::TenantId.eq(tenant)), wanted).await
}

async fn page_of(
    tx: &Tx,
    platform: &Platform,
    mut select: Select<ticket::Entity>,
    wanted: &Wanted,
) -> Result<(Vec<TicketLine>, u64)> {
    let text = wanted.text.trim();
    if let Some(number) = text.strip_prefix('#').unwrap_or(text).parse::<i64>().ok().filter(|number| *number > 0) {
        select = select.filter(ticket::Column::Number.eq(number));
    } else if !text.is_empty() {
        let pattern = format!("%{}%", text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        let like = |column: ticket::Column| {
            Expr::expr(Func::lower(Expr::col((ticket::Entity, column)))).like(LikeExpr::new(pattern.clone()).escape('\\'))
        };
        let any = Condition::any()
            .add(like(ticket::Column::Subject))
            .add(like(ticket::Column::Description))
            .add(like(ticket::Column::OpenedByName));
        select = select.filter(any);
    }
    select = match wanted.status {
        Some(Statuses::Live) => select.filter(ticket::Column::Status.is_not_in(DONE)),
        Some(Statuses::One(status)) => select.filter(ticket::Column::Status.eq(status)),
        None => select,
    };
    if let Some(priority) = wanted.priority {
        select = select.filter(ticket::Column::Priority.eq(priority));
    }
    if let Some(category) = wanted.category {
        select = select.filter(ticket::Column::Category.eq(category));
    }
    if let Some(company) = wanted.company {
        select = select.filter(ticket::Column::CompanyId.eq(company));
    }
    select = match wanted.assignee {
        Some(Assignee::Nobody) => select.filter(ticket::Column::AssigneeId.is_null()),
        Some(Assignee::Account(account)) => select.filter(ticket::Column::AssigneeId.eq(account)),
        None => select,
    };
    let total = select.clone().count(tx).await?;
    let statuses: Vec<&str> = TicketStatus::ALL.iter().map(|word| word.word()).collect();
    select = match wanted.sort {
        Sort::Updated => select,
        Sort::Opened => select.order_by_desc(ticket::Column::Number),
        Sort::Priority => select.order_by(rank(ticket::Column::Priority, &["urgent", "high", "normal", "low"]), Order::Asc),
        Sort::Due => {
            // What promises nothing comes last, on either database.
            let none = Expr::col((ticket::Entity, ticket::Column::DueAt)).is_null();
            select.order_by(none, Order::Asc).order_by_asc(ticket::Column::DueAt)
        }
        Sort::Status => select.order_by(rank(ticket::Column::Status, &statuses), Order::Asc),
    };
    let rows = select
        .order_by_desc(ticket::Column::UpdatedAt)
        .order_by_desc(ticket::Column::Number)
        .offset(wanted.offset)
        .limit(PAGE_SIZE)
        .all(tx)
        .await?;
    Ok((lines(tx, platform, rows).await?, total))
}

async fn lines(tx: &Tx, platform: &Platform, rows: Vec<ticket::Model>) -> Result<Vec<TicketLine>> {
    let names: HashMap<CompanyId, String> = tenancy::company_names(tx, rows.iter().map(|row| row.company_id)).await?;
    let now = platform.clock.now();
    Ok(rows
        .into_iter()
        .map(|row| TicketLine {
            company: names.get(&row.company_id).cloned().unwrap_or_default(),
            overdue: row.due_at.is_some_and(|due| due < now) && !super::ticket::is_done(row.status),
            delivery: Delivery::of(platform, &row),
            id: row.id,
            number: row.number,
            subject: row.subject,
            category: row.category,
            priority: row.priority,
            status: row.status,
            service: row.service_name,
            opened_by_name: row.opened_by_name,
            assignee_name: row.assignee_name,
            due_at: row.due_at,
            updated_at: row.updated_at,
        })
        .collect())
}

/// Tickets that wait for this client's own answer.
pub async fn waiting_for_client(tx: &Tx, client: &PortalClient) -> Result<Vec<ticket::Model>> {
    Ok(ticket::Entity::within(tx.reach())
        .filter(ticket::Column::CompanyId.eq(client.company))
        .filter(ticket::Column::ContactId.eq(client.contact))
        .filter(ticket::Column::Status.eq(TicketStatus::WaitingOnClient))
        .order_by_asc(ticket::Column::StatusAt)
        .limit(20)
        .all(tx)
        .await?)
}

/// How many tickets wait for this contact's answer.
pub fn waiting_count_for_client(tx: &Tx, contact: ContactId) -> Count {
    let of_contact = ticket::Entity::within(tx.reach()).filter(ticket::Column::ContactId.eq(contact));
    Count::of(of_contact.filter(ticket::Column::Status.eq(TicketStatus::WaitingOnClient)))
}

/// Open tickets that nobody has, or that this person of the MSP has. Viewers read; nothing waits for them.
fn for_staff(tx: &Tx, caller: &Caller) -> Option<Select<ticket::Entity>> {
    let works = |tenant: &TenantId| caller.staff_role(*tenant).is_some_and(|role| role != StaffRole::Viewer);
    let tenant = caller.home_tenant().filter(works)?;
    let select = ticket::Entity::within(tx.reach())
        .filter(ticket::Column::TenantId.eq(tenant))
        .filter(ticket::Column::Status.eq(TicketStatus::Open))
        .filter(Condition::any().add(ticket::Column::AssigneeId.is_null()).add(ticket::Column::AssigneeId.eq(caller.account)));
    Some(select)
}

/// How many of them there are.
pub fn waiting_count_for_staff(tx: &Tx, caller: &Caller) -> Option<Count> {
    for_staff(tx, caller).map(Count::of)
}

/// The most urgent of them.
pub async fn waiting_for_staff(tx: &Tx, caller: &Caller, limit: u64) -> Result<Vec<ticket::Model>> {
    let Some(select) = for_staff(tx, caller) else { return Ok(Vec::new()) };
    let rows = select
        .order_by(rank(ticket::Column::Priority, &["urgent", "high", "normal", "low"]), Order::Asc)
        .order_by_asc(ticket::Column::Number)
        .limit(limit)
        .all(tx)
        .await?;
    Ok(rows)
}

/// The catalog, by name; clients see what is offered.
pub(super) async fn services(tx: &Tx, tenant: TenantId, only_offered: bool) -> Result<Vec<service::Model>> {
    let mut select = service::Entity::within(tx.reach()).filter(service::Column::TenantId.eq(tenant));
    if only_offered {
        select = select.filter(service::Column::Offered.eq(true));
    }
    Ok(select.order_by_asc(service::Column::Name).all(tx).await?)
}

pub(super) async fn service(tx: &Tx, tenant: TenantId, id: ServiceId) -> Result<Option<service::Model>> {
    Ok(service::Entity::within(tx.reach())
        .filter(service::Column::Id.eq(id))
        .filter(service::Column::TenantId.eq(tenant))
        .one(tx)
        .await?)
}

/// The tickets of a tenant, the oldest first, as programs read on.
pub(super) async fn leaf_of(
    tx: &Tx,
    tenant: TenantId,
    status: Option<TicketStatus>,
    company: Option<CompanyId>,
    leaf: &Leaf,
) -> Result<(Vec<ticket::Model>, Option<uuid::Uuid>)> {
    let mut rows = ticket::Entity::within(tx.reach()).filter(ticket::Column::TenantId.eq(tenant));
    if let Some(status) = status {
        rows = rows.filter(ticket::Column::Status.eq(status));
    }
    if let Some(company) = company {
        rows = rows.filter(ticket::Column::CompanyId.eq(company));
    }
    Ok(leaf.cut(leaf.select(rows, ticket::Column::Id).all(tx).await?, |row| row.id.0))
}
