//! The log of hours: what of it somebody wants to see, and what they may read.

use std::collections::{HashMap, HashSet};

use entity::{
    ids::{AccountId, MatterId, RetainerId, TenantId, TimeEntryId},
    retainers::{RetainerStatus, retainer, time_entry},
    wall::Walled,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use time::Date;

use crate::{
    matters,
    platform::{Platform, Result, Tx},
    retainers::{crypt, meter, minutes},
    tenancy::Caller,
};

/// Which of the log's entries somebody wants to see.
#[derive(Clone, Debug, Default)]
pub struct WantedHours {
    pub retainer: Option<RetainerId>,
    /// Of these MSPs only.
    pub tenants: Option<Vec<TenantId>>,
    pub matter: Option<MatterId>,
    pub attorney: Option<AccountId>,
    /// Only what lies beyond so many minutes of all that match, in the order worked.
    pub beyond: Option<i64>,
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// One line of the log, as this person may read it.
#[derive(Clone, Debug)]
pub struct HoursLine {
    pub id: TimeEntryId,
    pub retainer: RetainerId,
    pub worked_on: Date,
    pub attorney: AccountId,
    pub attorney_name: String,
    pub minutes: i64,
    pub written_off: bool,
    pub settled: bool,
    /// None where there is no matter, or the reader stands behind its wall.
    pub matter: Option<(MatterId, String)>,
    /// None where the reader stands behind the matter's wall.
    pub description: Option<String>,
    /// May correct it and write it off.
    pub may_edit: bool,
}

impl HoursLine {
    pub fn day_words(&self) -> String {
        meter::day_words(self.worked_on)
    }

    pub fn iso(&self) -> String {
        meter::iso(self.worked_on)
    }

    pub fn hours(&self) -> String {
        minutes::hours(self.minutes)
    }
}

fn wanted(tx: &Tx, wanted: &WantedHours) -> Select<time_entry::Entity> {
    let mut select = time_entry::Entity::within(tx.reach());
    if let Some(retainer) = wanted.retainer {
        select = select.filter(time_entry::Column::RetainerId.eq(retainer));
    }
    if let Some(tenants) = &wanted.tenants {
        select = select.filter(time_entry::Column::TenantId.is_in(tenants.iter().copied()));
    }
    if let Some(matter) = wanted.matter {
        select = select.filter(time_entry::Column::MatterId.eq(matter));
    }
    if let Some(attorney) = wanted.attorney {
        select = select.filter(time_entry::Column::AttorneyId.eq(attorney));
    }
    if let Some(from) = wanted.from {
        select = select.filter(time_entry::Column::WorkedOn.gte(meter::iso(from)));
    }
    if let Some(to) = wanted.to {
        select = select.filter(time_entry::Column::WorkedOn.lte(meter::iso(to)));
    }
    select
}

/// A page of entries, latest day first; how many there are; and the counted minutes of all of them.
pub async fn hours(
    platform: &Platform,
    tx: &Tx,
    caller: &Caller,
    which: &WantedHours,
    offset: u64,
    limit: u64,
) -> Result<(Vec<HoursLine>, u64, i64)> {
    let mut select = wanted(tx, which);
    if let Some(beyond) = which.beyond {
        let ids = lying_beyond(tx, select.clone(), beyond).await?;
        select = select.filter(time_entry::Column::Id.is_in(ids));
    }
    let total = select.clone().count(tx).await?;
    let counted: Vec<i64> = select
        .clone()
        .filter(time_entry::Column::WrittenOff.eq(false))
        .select_only()
        .column(time_entry::Column::Minutes)
        .into_tuple()
        .all(tx)
        .await?;
    let rows = select
        .order_by_desc(time_entry::Column::WorkedOn)
        .order_by_desc(time_entry::Column::CreatedAt)
        .order_by_desc(time_entry::Column::Id)
        .offset(offset)
        .limit(limit)
        .all(tx)
        .await?;
    Ok((lines(platform, tx, caller, rows).await?, total, counted.into_iter().sum()))
}

/// The entries that use up more than so many minutes, oldest first; the first of them may lie across.
async fn lying_beyond(tx: &Tx, select: Select<time_entry::Entity>, beyond: i64) -> Result<Vec<TimeEntryId>> {
    let rows: Vec<(TimeEntryId, i64)> = select
        .filter(time_entry::Column::WrittenOff.eq(false))
        .order_by_asc(time_entry::Column::WorkedOn)
        .order_by_asc(time_entry::Column::CreatedAt)
        .order_by_asc(time_entry::Column::Id)
        .select_only()
        .column(time_entry::Column::Id)
        .column(time_entry::Column::Minutes)
        .into_tuple()
        .all(tx)
        .await?;
    let mut sum = 0;
    let over = |(id, minutes): (TimeEntryId, i64)| {
        sum += minutes;
        (sum > beyond).then_some(id)
    };
    Ok(rows.into_iter().filter_map(over).collect())
}

async fn lines(platform: &Platform, tx: &Tx, caller: &Caller, rows: Vec<time_entry::Model>) -> Result<Vec<HoursLine>> {
    let ids: Vec<MatterId> = rows.iter().filter_map(|row| row.matter_id).collect();
    let titles = matters::visible(tx, caller, &ids).await?;
    let retainers: HashMap<RetainerId, AccountId> = retainer::Entity::within(tx.reach())
        .filter(retainer::Column::Id.is_in(rows.iter().map(|row| row.retainer_id)))
        .all(tx)
        .await?
        .into_iter()
        .map(|row| (row.id, row.attorney_id))
        .collect();
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let own = row.attorney_id == caller.account;
        let matter = row.matter_id.and_then(|id| titles.get(&id).map(|title| (id, title.clone())));
        let open = row.matter_id.is_none() || matter.is_some() || own;
        let may_edit = row.settled_at.is_none() && (own || retainers.get(&row.retainer_id) == Some(&caller.account));
        out.push(HoursLine {
            id: row.id,
            retainer: row.retainer_id,
            worked_on: meter::day(&row.worked_on).unwrap_or_else(|| row.created_at.date()),
            attorney: row.attorney_id,
            attorney_name: row.attorney_name.clone(),
            minutes: row.minutes,
            written_off: row.written_off,
            settled: row.settled_at.is_some(),
            matter,
            description: if open { Some(crypt::open(platform, &row)?) } else { None },
            may_edit,
        });
    }
    Ok(out)
}

/// Whether this person may read what was done: their own work, and nothing behind a matter's wall.
pub async fn may_read(tx: &Tx, caller: &Caller, row: &time_entry::Model) -> Result<bool> {
    match row.matter_id {
        Some(id) if row.attorney_id != caller.account => Ok(matters::visible(tx, caller, &[id]).await?.contains_key(&id)),
        _ => Ok(true),
    }
}

/// The matters that stand on a retainer's log and that this person may know of: what the log can be filtered by.
pub async fn matters_on(tx: &Tx, caller: &Caller, id: RetainerId) -> Result<Vec<(MatterId, String)>> {
    let ids: Vec<Option<MatterId>> = time_entry::Entity::within(tx.reach())
        .filter(time_entry::Column::RetainerId.eq(id))
        .select_only()
        .column(time_entry::Column::MatterId)
        .distinct()
        .into_tuple()
        .all(tx)
        .await?;
    let ids: Vec<MatterId> = ids.into_iter().flatten().collect();
    let mut found: Vec<(MatterId, String)> = matters::visible(tx, caller, &ids).await?.into_iter().collect();
    found.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(found)
}

/// The attorneys who worked on a retainer, by name: what the log can be filtered by.
pub async fn attorneys_on(tx: &Tx, id: RetainerId) -> Result<Vec<(AccountId, String)>> {
    let mut found: Vec<(AccountId, String)> = time_entry::Entity::within(tx.reach())
        .filter(time_entry::Column::RetainerId.eq(id))
        .select_only()
        .column(time_entry::Column::AttorneyId)
        .column(time_entry::Column::AttorneyName)
        .distinct()
        .into_tuple()
        .all(tx)
        .await?;
    // A person who changed their name is one person.
    found.sort_by(|a, b| a.1.cmp(&b.1));
    let mut seen = HashSet::new();
    found.retain(|(account, _)| seen.insert(*account));
    Ok(found)
}

/// The retainer that an attorney's work on a matter of this tenant is charged to: their own running one; for those without
/// one, the tenant's only one.
pub async fn charged_to(tx: &Tx, tenant: TenantId, attorney: AccountId) -> Result<Option<retainer::Model>> {
    let rows = retainer::Entity::within(tx.reach())
        .filter(retainer::Column::TenantId.eq(tenant))
        .filter(retainer::Column::Status.eq(RetainerStatus::Active))
        .order_by_asc(retainer::Column::CreatedAt)
        .all(tx)
        .await?;
    let own = rows.iter().find(|row| row.attorney_id == attorney).cloned();
    Ok(own.or_else(|| if rows.len() == 1 { rows.into_iter().next() } else { None }))
}
