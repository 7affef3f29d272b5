//! Reading announcements: for the admin all of the MSP's, for a client what is published for their company.

use std::collections::HashMap;

use entity::{
    Moment,
    announcements::{AnnouncementStatus, announcement, read, target},
    identity::AccountStatus,
    ids::{AccountId, AnnouncementId, CompanyId, TenantId},
    wall::Walled,
};
use sea_orm::{
    ColumnTrait, Condition, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, Func, LikeExpr, Query},
};

use crate::{
    announcements::events::About,
    identity,
    platform::{Count, Result, Tx, web::paging::PAGE_SIZE},
    tenancy::{self, caller::PortalClient},
};

pub async fn announcement(tx: &Tx, id: AnnouncementId) -> Result<Option<announcement::Model>> {
    Ok(announcement::Entity::within(tx.reach()).filter(announcement::Column::Id.eq(id)).one(tx).await?)
}

/// The companies it is for, where it is not for all.
pub async fn companies_of(tx: &Tx, id: AnnouncementId) -> Result<Vec<CompanyId>> {
    Ok(target::Entity::within(tx.reach())
        .filter(target::Column::AnnouncementId.eq(id))
        .all(tx)
        .await?
        .into_iter()
        .map(|row| row.company_id)
        .collect())
}

/// What the others are told of it.
pub(super) async fn about(tx: &Tx, row: &announcement::Model) -> Result<About> {
    let issuer = tenancy::tenant(tx, row.tenant_id).await?.map_or_else(String::new, |tenant| tenant.name);
    let people = people(tx, row).await?.into_iter().map(|reader| reader.account).collect();
    Ok(About { tenant: row.tenant_id, announcement: row.id, issuer, title: row.title.clone(), people })
}

/// What is published for a company.
fn seen_by(tx: &Tx, tenant: TenantId, company: CompanyId) -> Select<announcement::Entity> {
    let mine = Query::select()
        .column(target::Column::AnnouncementId)
        .from(target::Entity)
        .and_where(target::Column::CompanyId.eq(company))
        .to_owned();
    announcement::Entity::within(tx.reach())
        .filter(announcement::Column::TenantId.eq(tenant))
        .filter(announcement::Column::Status.eq(AnnouncementStatus::Published))
        .filter(Condition::any().add(announcement::Column::ForAll.eq(true)).add(announcement::Column::Id.in_subquery(mine)))
}

pub(super) async fn published_for(tx: &Tx, client: &PortalClient, id: AnnouncementId) -> Result<Option<announcement::Model>> {
    Ok(seen_by(tx, client.tenant, client.company).filter(announcement::Column::Id.eq(id)).one(tx).await?)
}

/// An announcement as a client sees it.
#[derive(Clone, Debug)]
pub struct Notice {
    pub row: announcement::Model,
    pub read: bool,
}

/// A page, newest first, and how many there are.
pub(super) async fn notices(tx: &Tx, client: &PortalClient, offset: u64) -> Result<(Vec<Notice>, u64)> {
    let select = seen_by(tx, client.tenant, client.company);
    let total = select.clone().count(tx).await?;
    let rows = select
        .order_by_desc(announcement::Column::PublishedAt)
        .order_by_desc(announcement::Column::Id)
        .offset(offset)
        .limit(PAGE_SIZE)
        .all(tx)
        .await?;
    Ok((marked(tx, client.caller.account, rows).await?, total))
}

async fn marked(tx: &Tx, account: AccountId, rows: Vec<announcement::Model>) -> Result<Vec<Notice>> {
    let seen: Vec<AnnouncementId> = read::Entity::within(tx.reach())
        .filter(read::Column::AccountId.eq(account))
        .filter(read::Column::AnnouncementId.is_in(rows.iter().map(|row| row.id)))
        .all(tx)
        .await?
        .into_iter()
        .map(|row| row.announcement_id)
        .collect();
    Ok(rows.into_iter().map(|row| Notice { read: seen.contains(&row.id), row }).collect())
}

pub(super) async fn has_read(tx: &Tx, account: AccountId, id: AnnouncementId) -> Result<bool> {
    let select =
        read::Entity::within(tx.reach()).filter(read::Column::AccountId.eq(account)).filter(read::Column::AnnouncementId.eq(id));
    Ok(select.count(tx).await? > 0)
}

fn unread(tx: &Tx, tenant: TenantId, company: CompanyId, account: AccountId) -> Select<announcement::Entity> {
    let seen = Query::select()
        .column(read::Column::AnnouncementId)
        .from(read::Entity)
        .and_where(read::Column::AccountId.eq(account))
        .to_owned();
    seen_by(tx, tenant, company).filter(announcement::Column::Id.not_in_subquery(seen))
}

/// How many this client has not read: the number beside the menu.
pub fn unread_count(tx: &Tx, tenant: TenantId, company: CompanyId, account: AccountId) -> Count {
    Count::of(unread(tx, tenant, company, account))
}

/// The newest of them, for the first page.
pub async fn newest_unread(tx: &Tx, client: &PortalClient, limit: u64) -> Result<Vec<announcement::Model>> {
    let select = unread(tx, client.tenant, client.company, client.caller.account);
    Ok(select.order_by_desc(announcement::Column::PublishedAt).limit(limit).all(tx).await?)
}

/// One line of the admin's list.
#[derive(Clone, Debug)]
pub struct AdminLine {
    pub row: announcement::Model,
    /// `All clients`, `Acme Dental and 2 more`.
    pub whom: String,
    pub readers: u64,
    pub people: u64,
}

/// What of the list somebody wants to see.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub text: String,
    pub status: Option<AnnouncementStatus>,
    pub offset: u64,
}

pub(super) async fn list(tx: &Tx, tenant: TenantId, wanted: &Wanted) -> Result<(Vec<AdminLine>, u64)> {
    let mut select = announcement::Entity::within(tx.reach()).filter(announcement::Column::TenantId.eq(tenant));
    if let Some(status) = wanted.status {
        select = select.filter(announcement::Column::Status.eq(status));
    }
    let text = wanted.text.trim().to_lowercase();
    if !text.is_empty() {
        let pattern = format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        let title = Func::lower(Expr::col((announcement::Entity, announcement::Column::Title)));
        select = select.filter(Expr::expr(title).like(LikeExpr::new(pattern).escape('\\')));
    }
    let total = select.clone().count(tx).await?;
    let rows = select
        .order_by_desc(announcement::Column::UpdatedAt)
        .order_by_desc(announcement::Column::Id)
        .offset(wanted.offset)
        .limit(PAGE_SIZE)
        .all(tx)
        .await?;
    let names: HashMap<CompanyId, String> =
        tenancy::companies(tx, tenant).await?.into_iter().map(|company| (company.id, company.name)).collect();
    let everybody = everybody(tx, tenant).await?;
    let ids: Vec<AnnouncementId> = rows.iter().map(|row| row.id).collect();
    let mut companies: HashMap<AnnouncementId, Vec<CompanyId>> = HashMap::new();
    let targets = target::Entity::within(tx.reach()).filter(target::Column::AnnouncementId.is_in(ids.iter().copied()));
    for target in targets.all(tx).await? {
        companies.entry(target.announcement_id).or_default().push(target.company_id);
    }
    let readers = read_counts(tx, ids).await?;
    let line = |row: announcement::Model| {
        let companies = companies.get(&row.id).map_or(&[][..], Vec::as_slice);
        AdminLine {
            whom: whom_words(row.for_all, companies.iter().filter_map(|id| names.get(id)).cloned().collect()),
            people: everybody.iter().filter(|reader| row.for_all || companies.contains(&reader.company)).count() as u64,
            readers: readers.get(&row.id).copied().unwrap_or(0),
            row,
        }
    };
    Ok((rows.into_iter().map(line).collect(), total))
}

/// How many have read each of these.
async fn read_counts(tx: &Tx, ids: Vec<AnnouncementId>) -> Result<HashMap<AnnouncementId, u64>> {
    let rows: Vec<(AnnouncementId, i64)> = read::Entity::within(tx.reach())
        .filter(read::Column::AnnouncementId.is_in(ids))
        .select_only()
        .column(read::Column::AnnouncementId)
        .column_as(read::Column::AccountId.count(), "readers")
        .group_by(read::Column::AnnouncementId)
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|(id, count)| (id, u64::try_from(count).unwrap_or(0))).collect())
}

/// `All clients`, `Acme Dental`, `Acme Dental and 2 more`
pub(super) fn whom_words(for_all: bool, mut names: Vec<String>) -> String {
    names.sort_by_key(|name| name.to_lowercase());
    match (for_all, names.as_slice()) {
        (true, _) => "All clients".to_owned(),
        (_, []) => "Nobody yet".to_owned(),
        (_, [one]) => one.clone(),
        (_, [one, two]) => format!("{one} and {two}"),
        (_, [one, more @ ..]) => format!("{one} and {} more", more.len()),
    }
}

/// Somebody an announcement is for, who has an account.
#[derive(Clone, Debug)]
pub struct Reader {
    pub account: AccountId,
    pub name: String,
    pub company: CompanyId,
    pub company_name: String,
    pub read_at: Option<Moment>,
}

/// Everybody of the MSP's clients who can sign in, by company and name.
async fn everybody(tx: &Tx, tenant: TenantId) -> Result<Vec<Reader>> {
    let companies: HashMap<CompanyId, String> =
        tenancy::companies(tx, tenant).await?.into_iter().map(|company| (company.id, company.name)).collect();
    let contacts: Vec<_> = tenancy::contacts_in(tx, tenant)
        .await?
        .into_iter()
        .filter_map(|contact| Some((contact.account_id?, contact.name, contact.company_id)))
        .collect();
    let accounts = identity::accounts(tx, contacts.iter().map(|(account, ..)| *account)).await?;
    let mut found: Vec<Reader> = contacts
        .into_iter()
        .filter(|(account, ..)| accounts.get(account).is_some_and(|person| person.status == AccountStatus::Active))
        .map(|(account, name, company)| Reader {
            company_name: companies.get(&company).cloned().unwrap_or_default(),
            account,
            name,
            company,
            read_at: None,
        })
        .collect();
    found.sort_by_key(|reader| (reader.company_name.to_lowercase(), reader.name.to_lowercase()));
    Ok(found)
}

/// Those of them whom it is for.
pub(super) async fn people(tx: &Tx, row: &announcement::Model) -> Result<Vec<Reader>> {
    let mut found = everybody(tx, row.tenant_id).await?;
    if !row.for_all {
        let companies = companies_of(tx, row.id).await?;
        found.retain(|reader| companies.contains(&reader.company));
    }
    Ok(found)
}

/// The same with when each has read it; who read it and has left since stands at the end.
pub(super) async fn readers(tx: &Tx, row: &announcement::Model) -> Result<Vec<Reader>> {
    let mut found = people(tx, row).await?;
    let reads = read::Entity::within(tx.reach())
        .filter(read::Column::AnnouncementId.eq(row.id))
        .order_by_asc(read::Column::At)
        .all(tx)
        .await?;
    let names = tenancy::company_names(tx, reads.iter().map(|read| read.company_id)).await?;
    for read in reads {
        match found.iter_mut().find(|reader| reader.account == read.account_id) {
            Some(reader) => reader.read_at = Some(read.at),
            None => found.push(Reader {
                account: read.account_id,
                name: read.name,
                company_name: names.get(&read.company_id).cloned().unwrap_or_default(),
                company: read.company_id,
                read_at: Some(read.at),
            }),
        }
    }
    Ok(found)
}
