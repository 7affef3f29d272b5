//! Reading retainers, hours and meters.

use std::{collections::HashMap, sync::Arc};

use entity::{
    Moment,
    ids::{AccountId, MatterId, RetainerId, TenantId, TimeEntryId},
    retainers::{RetainerStatus, event, retainer, time_entry, timer},
    wall::Walled,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use time::Date;

use super::{
    Bill, MonthBill, Seats, Terms, bills, crypt,
    meter::{self, Meter, Month},
    minutes, money,
};
use crate::{
    matters,
    platform::{Platform, Result, Tx, web::paging::PAGE_SIZE},
    tenancy::{self, Caller},
};

/// A retainer with its meter: what stands on both sides' first screen.
#[derive(Clone, Debug)]
pub struct MeterCard {
    pub id: RetainerId,
    pub tenant: TenantId,
    /// Whose side the reader is not: the attorney for the MSP, the MSP for the attorney.
    pub with: String,
    pub with_role: &'static str,
    pub status: RetainerStatus,
    pub terms: Terms,
    pub meter: Meter,
    /// What the month that runs costs so far.
    pub bill: Bill,
    /// Waits for the reader to accept it.
    pub to_accept: bool,
}

impl MeterCard {
    pub fn fee_words(&self) -> String {
        money::words(self.terms.fee, &self.terms.currency)
    }

    pub fn rate_words(&self) -> String {
        money::words(self.terms.overage_rate, &self.terms.currency)
    }

    pub fn over_cost_words(&self) -> String {
        money::words(self.meter.over_cost, &self.terms.currency)
    }

    pub fn bill_fee_words(&self) -> String {
        money::words(self.bill.fee, &self.terms.currency)
    }

    pub fn bill_total_words(&self) -> String {
        money::words(self.bill.total(), &self.terms.currency)
    }

    /// `10 of 31 days`, where it is not the whole month.
    pub fn bill_days_words(&self) -> Option<String> {
        (!self.bill.is_whole()).then(|| format!("{} of {} days", self.bill.days, self.bill.month.days()))
    }

    pub fn month_first(&self) -> String {
        meter::iso(self.meter.month.first)
    }

    pub fn month_last(&self) -> String {
        meter::iso(self.meter.month.last)
    }

    pub fn used(&self) -> String {
        minutes::hours(self.meter.used)
    }

    /// Of the month that runs; of a month in part, its part.
    pub fn included(&self) -> String {
        minutes::hours(self.meter.included)
    }

    /// A whole month's, by the terms.
    pub fn included_a_month(&self) -> String {
        minutes::hours(self.terms.included_minutes)
    }

    pub fn left(&self) -> String {
        minutes::hours(self.meter.left)
    }

    pub fn over(&self) -> String {
        minutes::hours(self.meter.over)
    }

    pub fn forecast(&self) -> String {
        minutes::hours(self.meter.forecast)
    }

    pub fn month_words(&self) -> String {
        format!("{} – {}", meter::day_words(self.meter.month.first), meter::day_words(self.meter.month.last))
    }

    pub fn next_billing(&self) -> String {
        meter::day_words(self.meter.month.next_billing())
    }

    pub fn starts_words(&self) -> String {
        meter::day_words(self.terms.starts_on)
    }

    pub fn is_running(&self) -> bool {
        matches!(self.status, RetainerStatus::Active | RetainerStatus::Paused)
    }
}

/// The running and offered retainers of this person, for a dashboard; none for those to whom retainers do not exist.
/// The page includes `retainers/meter_card.html` with the variable `card`.
pub async fn meter_cards(tx: &Tx, now: Moment, caller: &Caller) -> Result<Vec<MeterCard>> {
    let Ok(seats) = Seats::of(Arc::new(caller.clone())) else { return Ok(Vec::new()) };
    let rows = visible(tx, &seats)
        .filter(retainer::Column::Status.is_in([RetainerStatus::Offered, RetainerStatus::Active, RetainerStatus::Paused]))
        .order_by_asc(retainer::Column::CreatedAt)
        .limit(20)
        .all(tx)
        .await?;
    let mut cards = Vec::new();
    for row in rows {
        cards.push(card(tx, now, caller, row).await?);
    }
    Ok(cards)
}

fn visible(tx: &Tx, seats: &Seats) -> Select<retainer::Entity> {
    let select = retainer::Entity::within(tx.reach()).filter(retainer::Column::TenantId.is_in(seats.tenants.iter().copied()));
    if seats.caller.is_staff() { select.filter(retainer::Column::Status.ne(RetainerStatus::Draft)) } else { select }
}

/// A page of the list, newest first, each with its meter, and how many there are.
pub async fn list(
    tx: &Tx,
    now: Moment,
    seats: &Seats,
    status: Option<RetainerStatus>,
    offset: u64,
) -> Result<(Vec<MeterCard>, u64)> {
    let mut select = visible(tx, seats);
    if let Some(status) = status {
        select = select.filter(retainer::Column::Status.eq(status));
    }
    let total = select.clone().count(tx).await?;
    let rows = select.order_by_desc(retainer::Column::CreatedAt).offset(offset).limit(PAGE_SIZE).all(tx).await?;
    let mut cards = Vec::new();
    for row in rows {
        cards.push(card(tx, now, &seats.caller, row).await?);
    }
    Ok((cards, total))
}

/// One retainer as this person reads it, with the meter of the month that runs.
pub async fn card(tx: &Tx, now: Moment, caller: &Caller, row: retainer::Model) -> Result<MeterCard> {
    let tenant = tenancy::tenant(tx, row.tenant_id).await?;
    let zone = tenant.as_ref().map_or("UTC", |tenant| tenant.zone.as_str());
    let today = meter::day_in(zone, now);
    let (meter, billed) = month_of(tx, &row, zone, today).await?;
    let (with, with_role) = match (caller.is_staff(), tenant) {
        (true, _) => (row.attorney_name.clone(), "Attorney"),
        (false, Some(tenant)) => (tenant.name, "MSP"),
        (false, None) => (row.attorney_name.clone(), "Attorney"),
    };
    let to_accept = row.status == RetainerStatus::Offered && caller.manages(row.tenant_id);
    Ok(MeterCard {
        id: row.id,
        tenant: row.tenant_id,
        with,
        with_role,
        status: row.status,
        terms: billed.terms,
        meter,
        bill: billed.bill,
        to_accept,
    })
}

/// The month in which `today` lies: its meter, and what it costs so far. A retainer that did not run yet shows a whole month.
pub(super) async fn month_of(tx: &Tx, row: &retainer::Model, zone: &str, today: Date) -> Result<(Meter, MonthBill)> {
    let month = Month::containing(today, row.billing_day);
    let entries = bills::counted(tx, row.id, month).await?;
    let billed = bills::read(tx, row, zone, month, entries.iter().map(|(_, minutes)| minutes).sum()).await?;
    let (terms, included) = (&billed.terms, billed.bill.included);
    Ok((Meter::read(month, included, terms.overage_rate, terms.starts_on, today, &entries), billed))
}

/// The history of a retainer, newest first.
pub async fn history(tx: &Tx, id: RetainerId) -> Result<Vec<event::Model>> {
    Ok(event::Entity::within(tx.reach())
        .filter(event::Column::RetainerId.eq(id))
        .order_by_desc(event::Column::At)
        .order_by_desc(event::Column::Id)
        .limit(500)
        .all(tx)
        .await?)
}

/// Which of the log's entries somebody wants to see.
#[derive(Clone, Debug, Default)]
pub struct WantedHours {
    pub retainer: Option<RetainerId>,
    /// Of these MSPs only.
    pub tenants: Option<Vec<TenantId>>,
    pub matter: Option<MatterId>,
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
    let select = wanted(tx, which);
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
pub(super) async fn may_read(tx: &Tx, caller: &Caller, row: &time_entry::Model) -> Result<bool> {
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

/// A timer that runs.
#[derive(Clone, Debug)]
pub struct RunningTimer {
    pub tenant: TenantId,
    pub retainer: RetainerId,
    pub matter: Option<(MatterId, String)>,
    pub started_at: Moment,
    /// Whole minutes so far.
    pub minutes: i64,
}

impl RunningTimer {
    pub fn words(&self) -> String {
        minutes::words(self.minutes)
    }
}

/// This person's timer, if one runs.
pub async fn timer(tx: &Tx, now: Moment, caller: &Caller) -> Result<Option<RunningTimer>> {
    let Some(row) = timer_row(tx, caller.account).await? else { return Ok(None) };
    let matter = match row.matter_id {
        Some(id) => matters::visible(tx, caller, &[id]).await?.remove(&id).map(|title| (id, title)),
        None => None,
    };
    let minutes = now.since(row.started_at).max(0) / Moment::MINUTE;
    Ok(Some(RunningTimer { tenant: row.tenant_id, retainer: row.retainer_id, matter, started_at: row.started_at, minutes }))
}

pub(super) async fn timer_row(tx: &Tx, account: AccountId) -> Result<Option<timer::Model>> {
    Ok(timer::Entity::within(tx.reach()).filter(timer::Column::AccountId.eq(account)).one(tx).await?)
}
