//! Retainers with their meters: the first screens, the list, the page of one.

use std::sync::Arc;

use entity::{
    Moment,
    ids::{AmendmentId, RetainerId, TenantId},
    retainers::{AmendmentStatus, RetainerStatus, amendment, event, retainer},
    tenancy::tenant,
    wall::Walled,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use time::Date;

use super::bills::{self, Figures};
use crate::{
    platform::{Error, Result, Tx, money, web::paging::PAGE_SIZE},
    retainers::{
        Bill, Seats, Terms,
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

    /// The same in a sentence, as its price is told elsewhere: `18 h`.
    pub fn included_words(&self) -> String {
        minutes::words(self.terms.included_minutes)
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
    cards(tx, now, caller, rows).await
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
    Ok((cards(tx, now, &seats.caller, rows).await?, total))
}

/// One retainer as this person reads it, with the meter of the month that runs.
pub async fn card(tx: &Tx, now: Moment, caller: &Caller, row: retainer::Model) -> Result<MeterCard> {
    cards(tx, now, caller, vec![row]).await?.pop().ok_or(Error::NotFound)
}

async fn cards(tx: &Tx, now: Moment, caller: &Caller, rows: Vec<retainer::Model>) -> Result<Vec<MeterCard>> {
    let tenants = tenancy::tenants_among(tx, rows.iter().map(|row| row.tenant_id)).await?;
    let month = |row: &retainer::Model| {
        let zone = tenants.get(&row.tenant_id).map_or("UTC", |tenant| tenant.zone.as_str());
        // A retainer that did not run yet shows a whole month.
        (zone, Month::containing(meter::day_in(zone, now), row.billing_day))
    };
    let of: Vec<_> = rows.iter().map(|row| (row, month(row).0, month(row).1)).collect();
    let figures = bills::figures(tx, &of).await?;
    let read = |(row, figures): (&retainer::Model, Figures)| {
        let tenant = tenants.get(&row.tenant_id);
        read_card(caller, row, tenant, meter::day_in(month(row).0, now), figures)
    };
    Ok(rows.iter().zip(figures).map(read).collect())
}

fn read_card(caller: &Caller, row: &retainer::Model, tenant: Option<&tenant::Model>, today: Date, figures: Figures) -> MeterCard {
    let Figures { billed, entries, changes } = figures;
    let month = Month::containing(today, row.billing_day);
    let included = billed.bill.included;
    let meter = Meter::read(month, included, billed.terms.overage_rate, billed.terms.starts_on, today, &entries);
    let (with, with_role) = match (caller.is_staff(), tenant) {
        (true, _) => (row.attorney_name.clone(), "Attorney"),
        (false, Some(tenant)) => (tenant.name.clone(), "MSP"),
        (false, None) => (row.attorney_name.clone(), "Attorney"),
    };
    let to_accept = row.status == RetainerStatus::Offered && caller.manages(row.tenant_id);
    MeterCard {
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
    }
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
