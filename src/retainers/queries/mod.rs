//! Reading retainers, hours and meters.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use entity::{
    Moment,
    ids::{AccountId, AmendmentId, MatterId, RetainerId, TenantId, TimeEntryId},
    retainers::{AmendmentStatus, RetainerStatus, amendment, event, retainer, time_entry, timer},
    tenancy::AttorneyRole,
    wall::Walled,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use time::Date;

pub mod bills;
pub mod proposals;

use bills::Figures;

use crate::{
    matters,
    platform::{
        Platform, Result, Tx, money,
        web::{frame::FrameTimer, paging::PAGE_SIZE},
    },
    retainers::{
        Bill, Seats, Terms,
        access::may_have_timer,
        crypt,
        meter::{self, Meter, Month},
        minutes,
    },
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
    /// New terms that wait for the MSP.
    pub change: Option<Change>,
    /// New terms that were accepted and are not in force yet.
    pub coming: Vec<Change>,
    /// The reader decides for the MSP.
    pub manages: bool,
}

/// New terms from the first day of a later month.
#[derive(Clone, Debug)]
pub struct Change {
    pub id: AmendmentId,
    pub terms: Terms,
    pub effective_on: Date,
    pub offered_by: String,
    pub decided_by: Option<String>,
    /// Its day has come before anybody accepted it.
    pub too_late: bool,
}

impl Change {
    fn of(row: &amendment::Model, first: &Terms, today: Date) -> Self {
        let effective_on = meter::day(&row.effective_on).unwrap_or_else(|| row.offered_at.date());
        Self {
            id: row.id,
            terms: first.changed(row),
            effective_on,
            offered_by: row.offered_by_name.clone(),
            decided_by: row.decided_by_name.clone(),
            too_late: row.status == AmendmentStatus::Offered && effective_on <= today,
        }
    }

    pub fn since_words(&self) -> String {
        meter::day_words(self.effective_on)
    }

    pub fn words(&self) -> String {
        self.terms.price_words()
    }
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

    /// The entries of the month that runs.
    pub fn entries_href(&self) -> String {
        format!("/legal/retainers/{}/hours?from={}&to={}", self.id, self.month_first(), self.month_last())
    }

    /// Of them those that lie beyond the included time.
    pub fn over_href(&self) -> String {
        format!("{}&beyond={}", self.entries_href(), self.meter.included)
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

    /// `10.0 h + 2.5 h carried over`, where something was.
    pub fn carried_words(&self) -> Option<String> {
        let own = minutes::hours(self.bill.included - self.bill.carried);
        (self.bill.carried > 0).then(|| format!("{own} h + {} h carried over", minutes::hours(self.bill.carried)))
    }

    /// New terms that this reader can accept.
    pub fn change_to_accept(&self) -> Option<&Change> {
        self.change.as_ref().filter(|change| self.manages && self.is_running() && !change.too_late)
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
    // A retainer that did not run yet shows a whole month.
    let month = Month::containing(today, row.billing_day);
    let Figures { billed, entries, changes } = bills::figures(tx, &row, zone, month).await?;
    let included = billed.bill.included;
    let meter = Meter::read(month, included, billed.terms.overage_rate, billed.terms.starts_on, today, &entries);
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
        change: changes.offered.as_ref().map(|offered| Change::of(offered, &changes.first, today)),
        coming: changes.coming(month).into_iter().map(|change| Change::of(change, &changes.first, today)).collect(),
        manages: caller.manages(row.tenant_id),
    })
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

/// The same for the top bar of every page: nothing is asked for people who cannot have one.
pub async fn header_timer(tx: &Tx, now: Moment, caller: &Caller) -> Result<Option<FrameTimer>> {
    if !may_have_timer(caller) {
        return Ok(None);
    }
    let Some(running) = timer(tx, now, caller).await? else { return Ok(None) };
    let (what, href) = match running.matter {
        Some((id, title)) => (title, format!("/legal/matters/{id}/hours")),
        None if caller.attorney_role(running.tenant) == Some(AttorneyRole::Primary) => {
            ("Retainer".to_owned(), format!("/legal/retainers/{}/hours", running.retainer))
        }
        None => ("Retainer".to_owned(), "/legal/timer".to_owned()),
    };
    let seconds = now.since(running.started_at).max(0) / 1_000;
    Ok(Some(FrameTimer { what, href, started_at: running.started_at, seconds }))
}

pub(super) async fn timer_row(tx: &Tx, account: AccountId) -> Result<Option<timer::Model>> {
    Ok(timer::Entity::within(tx.reach()).filter(timer::Column::AccountId.eq(account)).one(tx).await?)
}
