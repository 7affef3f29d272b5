//! Reading matters, always behind the wall of who takes part.

use std::collections::HashMap;

use entity::{
    Moment,
    identity::AccountStatus,
    ids::{AccountId, CompanyId, ConversationId, MatterId, TenantId},
    matters::{MatterKind, MatterStatus, Side, Urgency, matter, participant},
    tenancy::{AttorneyRole, StaffRole},
    wall::Walled,
};
use sea_orm::{
    ColumnTrait, Condition, FromQueryResult, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{CaseStatement, Expr, ExprTrait, Func, LikeExpr, Query, SimpleExpr},
};

use super::{
    access::offices,
    matter::{MatterLine, owner},
};
use crate::{
    identity, messaging,
    platform::{Leaf, Result, Tx, web::paging::PAGE_SIZE},
    tenancy::{self, Caller},
    vault::{self, DocumentRow},
};

/// The matters this person may know of.
fn walled(tx: &Tx, caller: &Caller) -> Select<matter::Entity> {
    let takes_part = Query::select()
        .column(participant::Column::MatterId)
        .from(participant::Entity)
        .and_where(participant::Column::AccountId.eq(caller.account))
        .and_where(participant::Column::LeftAt.is_null())
        .to_owned();
    let mut any = Condition::any().add(matter::Column::Id.in_subquery(takes_part));
    let offices = offices(caller);
    if !offices.is_empty() {
        any = any.add(matter::Column::TenantId.is_in(offices));
    }
    matter::Entity::within(tx.reach()).filter(any)
}

/// What of the list somebody wants to see.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub text: String,
    pub status: Option<MatterStatus>,
    pub kind: Option<MatterKind>,
    pub urgency: Option<Urgency>,
    pub company: Option<CompanyId>,
    pub sort: Sort,
    pub offset: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Unclaimed first, the most urgent of them on top, then what moved last.
    #[default]
    Waiting,
    Updated,
    Opened,
    Title,
    Urgency,
    Status,
}

impl Sort {
    pub const ALL: [(&'static str, &'static str); 6] = [
        ("waiting", "Waiting first"),
        ("updated", "Last activity"),
        ("opened", "Newest"),
        ("title", "Title"),
        ("urgency", "Urgency"),
        ("status", "Status"),
    ];

    pub fn parse(text: &str) -> Self {
        match text {
            "updated" => Self::Updated,
            "opened" => Self::Opened,
            "title" => Self::Title,
            "urgency" => Self::Urgency,
            "status" => Self::Status,
            _ => Self::Waiting,
        }
    }
}

/// 0 for the first of these words, 1 for the second …
fn rank(column: matter::Column, words: &[&str]) -> SimpleExpr {
    let mut case = CaseStatement::new();
    for (place, word) in (0_i32..).zip(words) {
        case = case.case(Expr::col((matter::Entity, column)).eq(*word), place);
    }
    case.finally(99).into()
}

/// A matter's row without what is sealed.
#[derive(Clone, Debug, FromQueryResult)]
struct Listed {
    id: MatterId,
    tenant_id: TenantId,
    company_id: Option<CompanyId>,
    title: String,
    kind: MatterKind,
    urgency: Urgency,
    status: MatterStatus,
    conversation_id: ConversationId,
    opened_by_name: String,
    claimed_by: Option<AccountId>,
    claimed_by_name: Option<String>,
    opened_at: Moment,
    active_at: Moment,
}

/// These rows, what moved last on top unless they are ordered already.
async fn listed(tx: &Tx, rows: Select<matter::Entity>) -> Result<Vec<Listed>> {
    use matter::Column as C;
    Ok(messaging::by_activity(rows, C::ConversationId)
        .select_only()
        .columns([C::Id, C::TenantId, C::CompanyId, C::Title, C::Kind, C::Urgency, C::Status, C::ConversationId])
        .columns([C::OpenedByName, C::ClaimedBy, C::ClaimedByName, C::OpenedAt])
        .column_as(messaging::last_at(), "active_at")
        .order_by_desc(C::Id)
        .into_model()
        .all(tx)
        .await?)
}

/// A page of the list and how many matters match; `clients` are those of [`clients`].
pub async fn list(tx: &Tx, caller: &Caller, wanted: &Wanted, clients: &[(CompanyId, String)]) -> Result<(Vec<MatterLine>, u64)> {
    let mut select = walled(tx, caller);
    let text = wanted.text.trim();
    if !text.is_empty() {
        let pattern = format!("%{}%", text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        let title = Func::lower(Expr::col((matter::Entity, matter::Column::Title)));
        select = select.filter(Expr::expr(title).like(LikeExpr::new(pattern).escape('\\')));
    }
    if let Some(status) = wanted.status {
        select = select.filter(matter::Column::Status.eq(status));
    }
    if let Some(kind) = wanted.kind {
        select = select.filter(matter::Column::Kind.eq(kind));
    }
    if let Some(urgency) = wanted.urgency {
        select = select.filter(matter::Column::Urgency.eq(urgency));
    }
    if let Some(company) = wanted.company {
        select = select.filter(matter::Column::CompanyId.eq(company));
    }
    let total = select.clone().count(tx).await?;
    let urgency = || rank(matter::Column::Urgency, &["urgent", "high", "normal"]);
    let status = || rank(matter::Column::Status, &["open", "in_progress", "resolved", "closed"]);
    select = match wanted.sort {
        Sort::Waiting => select.order_by(status(), Order::Asc).order_by(urgency(), Order::Asc),
        Sort::Updated => select,
        Sort::Opened => select.order_by_desc(matter::Column::OpenedAt),
        Sort::Title => select.order_by_asc(matter::Column::Title),
        Sort::Urgency => select.order_by(urgency(), Order::Asc),
        Sort::Status => select.order_by(status(), Order::Asc),
    };
    let rows = listed(tx, select.offset(wanted.offset).limit(PAGE_SIZE)).await?;
    Ok((lines(tx, caller, rows, clients).await?, total))
}

async fn lines(tx: &Tx, caller: &Caller, rows: Vec<Listed>, clients: &[(CompanyId, String)]) -> Result<Vec<MatterLine>> {
    let conversations: Vec<ConversationId> = rows.iter().map(|row| row.conversation_id).collect();
    let unread = messaging::unread_among(tx, caller.account, &conversations).await?;
    let name = |id: CompanyId| clients.iter().find(|(client, _)| *client == id).map(|(_, name)| name.clone());
    let line = |row: Listed| MatterLine {
        id: row.id,
        tenant: row.tenant_id,
        company_id: row.company_id,
        company: row.company_id.and_then(name),
        title: row.title,
        kind: row.kind,
        urgency: row.urgency,
        status: row.status,
        conversation: row.conversation_id,
        opened_by_name: row.opened_by_name,
        claimed_by: row.claimed_by,
        claimed_by_name: row.claimed_by_name,
        opened_at: row.opened_at,
        active_at: row.active_at,
        unread: unread.get(&row.conversation_id).copied().unwrap_or(0),
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The clients of the matters this person may know of, by name.
pub async fn clients(tx: &Tx, caller: &Caller) -> Result<Vec<(CompanyId, String)>> {
    let ids = walled(tx, caller).select_only().column(matter::Column::CompanyId).into_query();
    tenancy::companies_among(tx, ids).await
}

/// The figures of a dashboard: what this person sees of matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Wait for an attorney.
    pub unclaimed: u64,
    /// In progress with this person: as the responsible attorney, or as one who takes part.
    pub mine: u64,
    /// Wait for the MSP to confirm.
    pub resolved: u64,
}

pub async fn counts(tx: &Tx, caller: &Caller) -> Result<Counts> {
    let rows: Vec<(MatterStatus, Option<AccountId>, i64)> = walled(tx, caller)
        .filter(matter::Column::Status.ne(MatterStatus::Closed))
        .select_only()
        .column(matter::Column::Status)
        .column(matter::Column::ClaimedBy)
        .column_as(matter::Column::Id.count(), "matters")
        .group_by(matter::Column::Status)
        .group_by(matter::Column::ClaimedBy)
        .into_tuple()
        .all(tx)
        .await?;
    let mut counts = Counts::default();
    for (status, claimed_by, matters) in rows {
        let matters = u64::try_from(matters).unwrap_or(0);
        match status {
            MatterStatus::Open => counts.unclaimed += matters,
            MatterStatus::InProgress if !caller.is_attorney() || claimed_by == Some(caller.account) => counts.mine += matters,
            MatterStatus::Resolved => counts.resolved += matters,
            MatterStatus::InProgress | MatterStatus::Closed => {}
        }
    }
    Ok(counts)
}

/// What moved last, for a dashboard.
pub async fn recent(tx: &Tx, caller: &Caller, limit: u64) -> Result<Vec<MatterLine>> {
    let rows = listed(tx, walled(tx, caller).filter(matter::Column::Status.ne(MatterStatus::Closed)).limit(limit)).await?;
    let names = tenancy::company_names(tx, rows.iter().filter_map(|row| row.company_id)).await?;
    lines(tx, caller, rows, &names.into_iter().collect::<Vec<_>>()).await
}

/// The matters this person may know of that are not closed, by title: what hours may be logged on.
pub async fn visible_in(tx: &Tx, caller: &Caller, tenant: TenantId) -> Result<Vec<(MatterId, String)>> {
    let rows = walled(tx, caller)
        .filter(matter::Column::TenantId.eq(tenant))
        .order_by_desc(matter::Column::UpdatedAt)
        .limit(500)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.title)).collect())
}

/// Of these matters the ones this person may know of, with their titles.
pub async fn visible(tx: &Tx, caller: &Caller, ids: &[MatterId]) -> Result<HashMap<MatterId, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = walled(tx, caller).filter(matter::Column::Id.is_in(ids.iter().copied())).all(tx).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.title)).collect())
}

/// How many matters of a client are not closed; for the CRM, which is told numbers only.
pub async fn activity_of_company(tx: &Tx, company: CompanyId) -> Result<(usize, Option<Moment>)> {
    let rows = matter::Entity::within(tx.reach())
        .filter(matter::Column::CompanyId.eq(company))
        .select_only()
        .columns([matter::Column::Status, matter::Column::OpenedAt, matter::Column::ClaimedAt])
        .columns([matter::Column::ResolvedAt, matter::Column::ClosedAt])
        .into_tuple::<(MatterStatus, Moment, Option<Moment>, Option<Moment>, Option<Moment>)>()
        .all(tx)
        .await?;
    let open = rows.iter().filter(|(status, ..)| *status != MatterStatus::Closed).count();
    let moved = rows
        .iter()
        .filter_map(|(_, opened, claimed, resolved, closed)| [Some(*opened), *claimed, *resolved, *closed].into_iter().max()?);
    Ok((open, moved.max()))
}

/// The matter a conversation belongs to, where it belongs to one.
pub async fn of_conversation(tx: &Tx, conversation: ConversationId) -> Result<Option<MatterId>> {
    let row = matter::Entity::within(tx.reach()).filter(matter::Column::ConversationId.eq(conversation)).one(tx).await?;
    Ok(row.map(|row| row.id))
}

/// Who takes part now, in the order of joining.
pub async fn participants(tx: &Tx, id: MatterId) -> Result<Vec<participant::Model>> {
    participants_of(tx, &[id]).await
}

async fn participants_of(tx: &Tx, ids: &[MatterId]) -> Result<Vec<participant::Model>> {
    Ok(participant::Entity::within(tx.reach())
        .filter(participant::Column::MatterId.is_in(ids.iter().copied()))
        .filter(participant::Column::LeftAt.is_null())
        .order_by_asc(participant::Column::JoinedAt)
        .order_by_asc(participant::Column::Id)
        .all(tx)
        .await?)
}

/// Who takes or took part, for the words of the activity.
pub(super) async fn everybody_ever(tx: &Tx, id: MatterId) -> Result<Vec<participant::Model>> {
    Ok(participant::Entity::within(tx.reach()).filter(participant::Column::MatterId.eq(id)).all(tx).await?)
}

/// The matter this person opened with that key, if they did.
pub(super) async fn opened_with(tx: &Tx, opener: AccountId, key: &str) -> Result<Option<MatterId>> {
    let row = matter::Entity::within(tx.reach())
        .filter(matter::Column::OpenedBy.eq(opener))
        .filter(matter::Column::OpeningKey.eq(key))
        .one(tx)
        .await?;
    Ok(row.map(|row| row.id))
}

/// Somebody who could take part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub account: AccountId,
    pub name: String,
    pub side: Side,
    pub role: String,
}

/// Who could be put on the matter: staff and attorneys of the tenant, people of the matter's client who come to the portal.
/// Only accounts that are active.
pub async fn candidates(tx: &Tx, row: &matter::Model) -> Result<Vec<Candidate>> {
    let mut found: Vec<(AccountId, Side, String)> = Vec::new();
    for role in AttorneyRole::ALL {
        for account in tenancy::attorneys_of(tx, row.tenant_id, &[*role]).await? {
            found.push((account, Side::Attorney, role.label().to_owned()));
        }
    }
    for role in StaffRole::ALL {
        for account in tenancy::staff_of(tx, row.tenant_id, &[*role]).await? {
            found.push((account, Side::Staff, role.label().to_owned()));
        }
    }
    if let Some(company) = row.company_id {
        for contact in tenancy::contacts_of(tx, company).await? {
            if let Some(account) = contact.account_id {
                found.push((account, Side::Client, contact.title));
            }
        }
    }
    let people = identity::accounts(tx, found.iter().map(|(account, ..)| *account)).await?;
    let candidate = |(account, side, role)| {
        let person = people.get(&account).filter(|person| person.status == AccountStatus::Active)?;
        Some(Candidate { account, name: person.name.clone(), side, role })
    };
    Ok(found.into_iter().filter_map(candidate).collect())
}

/// A conversation as the portal lists it.
#[derive(Clone, Debug)]
pub struct ClientLine {
    pub id: MatterId,
    pub title: String,
    pub status: MatterStatus,
    pub conversation: ConversationId,
    pub with: Vec<String>,
    pub active_at: entity::Moment,
    pub unread: u64,
}

/// The matters a client user takes part in, what moved last first.
pub async fn for_client(tx: &Tx, caller: &Caller, offset: u64) -> Result<(Vec<ClientLine>, u64)> {
    let select = walled(tx, caller);
    let total = select.clone().count(tx).await?;
    let rows = messaging::by_activity(select, matter::Column::ConversationId)
        .order_by_desc(matter::Column::Id)
        .offset(offset)
        .limit(PAGE_SIZE)
        .all(tx)
        .await?;
    Ok((client_lines(tx, caller.account, rows).await?, total))
}

/// These matters as this client user sees them in a list.
pub(super) async fn client_lines(tx: &Tx, me: AccountId, rows: Vec<matter::Model>) -> Result<Vec<ClientLine>> {
    let conversations: Vec<ConversationId> = rows.iter().map(|row| row.conversation_id).collect();
    let unread = messaging::unread_among(tx, me, &conversations).await?;
    let active = messaging::last_activity(tx, &conversations).await?;
    let ids: Vec<MatterId> = rows.iter().map(|row| row.id).collect();
    let mut with: HashMap<MatterId, Vec<String>> = HashMap::new();
    for person in participants_of(tx, &ids).await?.into_iter().filter(|person| person.account_id != me) {
        with.entry(person.matter_id).or_default().push(person.name);
    }
    let line = |row: matter::Model| ClientLine {
        id: row.id,
        title: row.title,
        status: row.status,
        conversation: row.conversation_id,
        with: with.remove(&row.id).unwrap_or_default(),
        active_at: active.get(&row.conversation_id).copied().unwrap_or(row.updated_at),
        unread: unread.get(&row.conversation_id).copied().unwrap_or(0),
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The matters of a tenant as programs may know of them, the oldest first: for facts without words.
pub(super) async fn leaf_of(
    tx: &Tx,
    tenant: entity::ids::TenantId,
    status: Option<MatterStatus>,
    company: Option<CompanyId>,
    leaf: &Leaf,
) -> Result<(Vec<matter::Model>, Option<uuid::Uuid>)> {
    let mut rows = matter::Entity::within(tx.reach()).filter(matter::Column::TenantId.eq(tenant));
    if let Some(status) = status {
        rows = rows.filter(matter::Column::Status.eq(status));
    }
    if let Some(company) = company {
        rows = rows.filter(matter::Column::CompanyId.eq(company));
    }
    Ok(leaf.cut(leaf.select(rows, matter::Column::Id).all(tx).await?, |row| row.id.0))
}

/// What is filed on a matter and what was sent in its conversation, as far as this person may read it.
pub async fn documents(tx: &Tx, caller: &Caller, id: MatterId, conversation: ConversationId) -> Result<Vec<DocumentRow>> {
    vault::documents_of_all(tx, caller, &[owner(id), messaging::owner(conversation)]).await
}
