//! The bill of any month of a retainer: the one that runs, one that has ended, one to come. The card of the month that runs and the
//! settlement of one that has ended read the same.

use entity::{
    Moment,
    ids::RetainerId,
    retainers::{AmendmentStatus, amendment, event, retainer, time_entry},
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use time::{Date, Duration};

use crate::{
    platform::{Result, Tx},
    retainers::{
        Bill, Terms,
        bill::Run,
        meter::{self, Month},
        terms::Step,
    },
};

/// What a month costs, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthBill {
    /// In force in that month.
    pub terms: Terms,
    pub bill: Bill,
    /// Used: every entry of the month that counts, together.
    pub minutes: i64,
}

/// The bill of a month, by the terms in force then; `zone` is the tenant's, in which its days are. A retainer that was never
/// accepted shows whole months: what they would cost.
pub async fn bill_of(tx: &Tx, row: &retainer::Model, zone: &str, month: Month) -> Result<MonthBill> {
    Ok(figures(tx, row, zone, month).await?.billed)
}

/// A month with all it was read from.
pub(super) struct Figures {
    pub billed: MonthBill,
    /// Day and minutes of what counts in the month.
    pub entries: Vec<(Date, i64)>,
    pub changes: Changes,
}

pub(super) async fn figures(tx: &Tx, row: &retainer::Model, zone: &str, month: Month) -> Result<Figures> {
    let changes = Changes::read(tx, row).await?;
    let run = match row.accepted_at {
        Some(_) => Some(run_of(tx, row, &changes.first, zone).await?),
        None => None,
    };
    let begin = run.as_ref().and_then(Run::from).map_or(month, |from| begin(&changes, from, month));
    let entries = counted(tx, row.id, begin.first, month.last).await?;
    let used = |month: Month| entries.iter().filter(|(day, _)| month.contains(*day)).map(|(_, minutes)| minutes).sum();
    let days = |month: Month| run.as_ref().map_or(month.days(), |run| run.days_in(month));
    let mut carried = 0;
    let mut at = begin;
    while at.first < month.first {
        let (terms, minutes) = (changes.terms_in(at), used(at));
        let bill = Bill::carrying(&terms, at, days(at), carried, minutes);
        carried = if terms.rolls_over { bill.unused(minutes) } else { 0 };
        at = Month::containing(at.next_billing(), row.billing_day);
    }
    let (terms, minutes) = (changes.terms_in(month), used(month));
    let bill = Bill::carrying(&terms, month, days(month), carried, minutes);
    let entries = entries.into_iter().filter(|(day, _)| month.contains(*day)).collect();
    Ok(Figures { billed: MonthBill { terms, bill, minutes }, entries, changes })
}

/// The month from which unused time may still have come into this one: back while the month before rolls over.
fn begin(changes: &Changes, from: Date, month: Month) -> Month {
    let mut begin = month;
    while begin.first > from {
        let before = Month::containing(begin.first - Duration::days(1), changes.first.billing_day);
        if !changes.terms_in(before).rolls_over {
            break;
        }
        begin = before;
    }
    begin
}

/// The terms a retainer began with, and what became of them.
#[derive(Clone, Debug)]
pub struct Changes {
    pub first: Terms,
    /// In the order in which they take effect; of one day the one accepted last is last.
    pub accepted: Vec<amendment::Model>,
    /// Waits for the MSP.
    pub offered: Option<amendment::Model>,
}

impl Changes {
    pub async fn read(tx: &Tx, row: &retainer::Model) -> Result<Self> {
        let rows = amendment::Entity::within(tx.reach())
            .filter(amendment::Column::RetainerId.eq(row.id))
            .filter(amendment::Column::Status.is_in([AmendmentStatus::Offered, AmendmentStatus::Accepted]))
            .order_by_asc(amendment::Column::EffectiveOn)
            .order_by_asc(amendment::Column::DecidedAt)
            .order_by_asc(amendment::Column::Id)
            .all(tx)
            .await?;
        let (accepted, offered): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.status == AmendmentStatus::Accepted);
        Ok(Self { first: Terms::of(row), accepted, offered: offered.into_iter().next() })
    }

    /// In force in a month: the last change that took effect on its first day or before.
    pub fn terms_in(&self, month: Month) -> Terms {
        let first = meter::iso(month.first);
        let change = self.accepted.iter().rev().find(|change| change.effective_on <= first);
        change.map_or_else(|| self.first.clone(), |change| self.first.changed(change))
    }

    /// Accepted, and not in force in this month yet: what a later one of the same day took the place of is left out.
    pub fn coming(&self, month: Month) -> Vec<&amendment::Model> {
        let last = meter::iso(month.last);
        let later: Vec<_> = self.accepted.iter().filter(|change| change.effective_on > last).collect();
        let stands = |at: usize| later.get(at + 1).is_none_or(|next| next.effective_on != later[at].effective_on);
        (0..later.len()).filter(|at| stands(*at)).map(|at| later[at]).collect()
    }
}

/// The days on which a retainer ran, by its history.
async fn run_of(tx: &Tx, row: &retainer::Model, terms: &Terms, zone: &str) -> Result<Run> {
    let steps: Vec<(Moment, String)> = event::Entity::within(tx.reach())
        .filter(event::Column::RetainerId.eq(row.id))
        .filter(event::Column::What.is_in(["accepted", "paused", "resumed", "cancelled"]))
        .order_by_asc(event::Column::At)
        .order_by_asc(event::Column::Id)
        .select_only()
        .column(event::Column::At)
        .column(event::Column::What)
        .into_tuple()
        .all(tx)
        .await?;
    let steps = steps.into_iter().filter_map(|(at, what)| {
        let step = match what.as_str() {
            "accepted" => Step::Accept,
            "paused" => Step::Pause,
            "resumed" => Step::Resume,
            "cancelled" => Step::Cancel,
            _ => return None,
        };
        Some((meter::day_in(zone, at), step))
    });
    Ok(Run::of(terms, steps))
}

/// Day and minutes of every entry of these days that counts.
async fn counted(tx: &Tx, retainer: RetainerId, first: Date, last: Date) -> Result<Vec<(Date, i64)>> {
    let rows: Vec<(String, i64)> = time_entry::Entity::within(tx.reach())
        .filter(time_entry::Column::RetainerId.eq(retainer))
        .filter(time_entry::Column::WrittenOff.eq(false))
        .filter(time_entry::Column::WorkedOn.between(meter::iso(first), meter::iso(last)))
        .select_only()
        .column(time_entry::Column::WorkedOn)
        .column(time_entry::Column::Minutes)
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().filter_map(|(day, minutes)| Some((meter::day(&day)?, minutes))).collect())
}
