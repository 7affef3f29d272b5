//! The bill of any month of a retainer: the one that runs, one that has ended, one to come. The card of the month that runs and the
//! settlement of one that has ended read the same.

use entity::{
    Moment,
    ids::RetainerId,
    retainers::{event, retainer, time_entry},
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use time::Date;

use super::{
    Bill, Terms,
    bill::Run,
    meter::{self, Month},
    terms::Step,
};
use crate::platform::{Result, Tx};

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
    let entries = counted(tx, row.id, month).await?;
    read(tx, row, zone, month, entries.iter().map(|(_, minutes)| minutes).sum()).await
}

/// The same where the used minutes are known already.
pub(super) async fn read(tx: &Tx, row: &retainer::Model, zone: &str, month: Month, minutes: i64) -> Result<MonthBill> {
    let terms = Terms::of(row);
    let days = match row.accepted_at {
        Some(_) => run_of(tx, row, &terms, zone).await?.days_in(month),
        None => month.days(),
    };
    let bill = Bill::of(&terms, month, days, minutes);
    Ok(MonthBill { terms, bill, minutes })
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

/// Day and minutes of every entry of a month that counts.
pub(super) async fn counted(tx: &Tx, retainer: RetainerId, month: Month) -> Result<Vec<(Date, i64)>> {
    let rows: Vec<(String, i64)> = time_entry::Entity::within(tx.reach())
        .filter(time_entry::Column::RetainerId.eq(retainer))
        .filter(time_entry::Column::WrittenOff.eq(false))
        .filter(time_entry::Column::WorkedOn.between(meter::iso(month.first), meter::iso(month.last)))
        .select_only()
        .column(time_entry::Column::WorkedOn)
        .column(time_entry::Column::Minutes)
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().filter_map(|(day, minutes)| Some((meter::day(&day)?, minutes))).collect())
}
