//! The bill of any month of a retainer: the one that runs, one that has ended, one to come. The card of the month that runs and the
//! settlement of one that has ended read the same.

use std::collections::HashMap;

use entity::{
    Moment,
    ids::RetainerId,
    retainers::{AmendmentStatus, amendment, event, retainer, time_entry},
    wall::Walled,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use time::{Date, Duration};

use crate::{
    platform::{Error, Result, Tx},
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
    let mut figures = figures(tx, &[(row, zone, month)]).await?;
    Ok(figures.pop().ok_or(Error::NotFound)?.billed)
}

/// A month with all it was read from.
pub(super) struct Figures {
    pub billed: MonthBill,
    /// Day and minutes of what counts in the month.
    pub entries: Vec<(Date, i64)>,
    pub changes: Changes,
}

/// Of each of these retainers a month, in their order: three statements for any number of them.
pub(super) async fn figures(tx: &Tx, of: &[(&retainer::Model, &str, Month)]) -> Result<Vec<Figures>> {
    let rows: Vec<&retainer::Model> = of.iter().map(|(row, ..)| *row).collect();
    let mut changes = Changes::read_all(tx, &rows).await?;
    let mut steps = steps_of(tx, rows.iter().filter(|row| row.accepted_at.is_some()).map(|row| row.id)).await?;
    let mut begun = Vec::with_capacity(of.len());
    for (row, zone, month) in of {
        let changes = changes.remove(&row.id).unwrap_or_else(|| Changes::none(row));
        let run = row.accepted_at.map(|_| run_of(&changes.first, zone, steps.remove(&row.id).unwrap_or_default()));
        let begin = run.as_ref().and_then(Run::from).map_or(*month, |from| begin(&changes, from, *month));
        begun.push((row.id, changes, run, begin, *month));
    }
    let spans: Vec<_> = begun.iter().map(|(id, _, _, begin, month)| (*id, begin.first, month.last)).collect();
    let mut entries = counted(tx, &spans).await?;
    let figures = |(id, changes, run, begin, month): (RetainerId, Changes, Option<Run>, Month, Month)| {
        let mut entries = entries.remove(&id).unwrap_or_default();
        let used = |month: Month| entries.iter().filter(|(day, _)| month.contains(*day)).map(|(_, minutes)| minutes).sum();
        let billed = bill_in(&changes, run.as_ref(), begin, month, used);
        entries.retain(|(day, _)| month.contains(*day));
        Figures { billed, entries, changes }
    };
    Ok(begun.into_iter().map(figures).collect())
}

/// The bill of a month by its terms, its days and the minutes `used` tells; what is carried over is followed from `begin` on.
fn bill_in(changes: &Changes, run: Option<&Run>, begin: Month, month: Month, used: impl Fn(Month) -> i64) -> MonthBill {
    let days = |month: Month| run.map_or(month.days(), |run| run.days_in(month));
    let mut carried = 0;
    let mut at = begin;
    while at.first < month.first {
        let (terms, minutes) = (changes.terms_in(at), used(at));
        let bill = Bill::carrying(&terms, at, days(at), carried, minutes);
        carried = if terms.rolls_over { bill.unused(minutes) } else { 0 };
        at = Month::containing(at.next_billing(), changes.first.billing_day);
    }
    let (terms, minutes) = (changes.terms_in(month), used(month));
    let bill = Bill::carrying(&terms, month, days(month), carried, minutes);
    MonthBill { terms, bill, minutes }
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
    fn none(row: &retainer::Model) -> Self {
        Self { first: Terms::of(row), accepted: Vec::new(), offered: None }
    }

    pub async fn read(tx: &Tx, row: &retainer::Model) -> Result<Self> {
        Ok(Self::read_all(tx, &[row]).await?.remove(&row.id).unwrap_or_else(|| Self::none(row)))
    }

    async fn read_all(tx: &Tx, of: &[&retainer::Model]) -> Result<HashMap<RetainerId, Self>> {
        let rows = amendment::Entity::within(tx.reach())
            .filter(amendment::Column::RetainerId.is_in(of.iter().map(|row| row.id)))
            .filter(amendment::Column::Status.is_in([AmendmentStatus::Offered, AmendmentStatus::Accepted]))
            .order_by_asc(amendment::Column::EffectiveOn)
            .order_by_asc(amendment::Column::DecidedAt)
            .order_by_asc(amendment::Column::Id)
            .all(tx)
            .await?;
        let mut all: HashMap<RetainerId, Self> = of.iter().map(|row| (row.id, Self::none(row))).collect();
        for row in rows {
            let Some(changes) = all.get_mut(&row.retainer_id) else { continue };
            match row.status {
                AmendmentStatus::Accepted => changes.accepted.push(row),
                _ => {
                    changes.offered.get_or_insert(row);
                }
            }
        }
        Ok(all)
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

/// When which retainer was accepted, paused, resumed and cancelled, in order.
async fn steps_of(tx: &Tx, ids: impl Iterator<Item = RetainerId>) -> Result<HashMap<RetainerId, Vec<(Moment, String)>>> {
    let rows: Vec<(RetainerId, Moment, String)> = event::Entity::within(tx.reach())
        .filter(event::Column::RetainerId.is_in(ids))
        .filter(event::Column::What.is_in(["accepted", "paused", "resumed", "cancelled"]))
        .order_by_asc(event::Column::At)
        .order_by_asc(event::Column::Id)
        .select_only()
        .columns([event::Column::RetainerId, event::Column::At, event::Column::What])
        .into_tuple()
        .all(tx)
        .await?;
    let mut steps: HashMap<RetainerId, Vec<(Moment, String)>> = HashMap::new();
    for (id, at, what) in rows {
        steps.entry(id).or_default().push((at, what));
    }
    Ok(steps)
}

/// The days on which a retainer ran, by its history.
fn run_of(terms: &Terms, zone: &str, steps: Vec<(Moment, String)>) -> Run {
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
    Run::of(terms, steps)
}

/// Day and minutes of every entry that counts, of each retainer on its days.
async fn counted(tx: &Tx, spans: &[(RetainerId, Date, Date)]) -> Result<HashMap<RetainerId, Vec<(Date, i64)>>> {
    let mut any = Condition::any().add(time_entry::Column::RetainerId.is_null());
    for (id, first, last) in spans {
        let days = time_entry::Column::WorkedOn.between(meter::iso(*first), meter::iso(*last));
        any = any.add(Condition::all().add(time_entry::Column::RetainerId.eq(*id)).add(days));
    }
    let rows: Vec<(RetainerId, String, i64)> = time_entry::Entity::within(tx.reach())
        .filter(any)
        .filter(time_entry::Column::WrittenOff.eq(false))
        .select_only()
        .columns([time_entry::Column::RetainerId, time_entry::Column::WorkedOn, time_entry::Column::Minutes])
        .into_tuple()
        .all(tx)
        .await?;
    let mut found: HashMap<RetainerId, Vec<(Date, i64)>> = HashMap::new();
    for (id, day, minutes) in rows {
        found.entry(id).or_default().extend(meter::day(&day).map(|day| (day, minutes)));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use entity::ids::{AmendmentId, TenantId};
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;
    use crate::retainers::{
        ledes::{self, Invoice, Timekeeper, Worked},
        meter::cost,
        minutes,
    };

    /// Fee, included steps of six minutes, rate, whether it rolls over.
    type Price = (i64, i64, i64, bool);

    fn price() -> impl Strategy<Value = Price> {
        (0..=5_000_000_i64, 0..=150_i64, 0..=900_000_i64, any::<bool>())
    }

    /// A retainer of a dozen months: begun on some day of the first, perhaps paused, ended on some day of the eleventh, its terms
    /// changed now and then from the first day of a month, and minutes worked on any day of any month.
    #[derive(Clone, Debug)]
    struct Year {
        changes: Changes,
        run: Run,
        months: Vec<Month>,
        entries: Vec<(Date, i64)>,
    }

    impl Year {
        fn used(&self, month: Month) -> i64 {
            self.entries.iter().filter(|(day, _)| month.contains(*day)).map(|(_, minutes)| minutes).sum()
        }

        /// As the product bills a month: from the month in which something may still have been carried.
        fn billed(&self, month: Month) -> MonthBill {
            let begin = self.run.from().map_or(month, |from| begin(&self.changes, from, month));
            bill_in(&self.changes, Some(&self.run), begin, month, |month| self.used(month))
        }
    }

    fn amendment(at: usize, (fee, steps, overage_rate, rolls_over): Price, from: Date) -> amendment::Model {
        amendment::Model {
            id: AmendmentId(uuid::Uuid::from_u128(at as u128 + 1)),
            tenant_id: TenantId(uuid::Uuid::from_u128(1)),
            retainer_id: RetainerId(uuid::Uuid::from_u128(2)),
            status: AmendmentStatus::Accepted,
            fee,
            included_minutes: steps * minutes::STEP,
            overage_rate,
            rolls_over,
            effective_on: meter::iso(from),
            offered_at: Moment(0),
            offered_by_name: "Ada".to_owned(),
            decided_at: Some(Moment(at as i64)),
            decided_by: None,
            decided_by_name: None,
        }
    }

    prop_compose! {
        fn years()(
            begun in 0..1_500_i64, billing_day in 1..=28_i32, starts in 0..28_i64, ends in 0..28_i64, first in price(),
            paused in prop::option::of((2..9_usize, 0..28_i64, 1..60_i64)),
            changed in prop::collection::vec((1..11_usize, price()), 0..5),
            worked in prop::collection::vec((0..370_i64, 1..=120_i64), 0..60),
            currency in prop::sample::select(vec!["JPY", "USD", "KWD"]),
        ) -> Year {
            let mut months = vec![Month::containing(date!(2023 - 11 - 15) + Duration::days(begun), billing_day)];
            while months.len() < 12 {
                months.push(Month::containing(months[months.len() - 1].next_billing(), billing_day));
            }
            let starts_on = months[0].first + Duration::days(starts.min(months[0].days() - 1));
            let (fee, steps, overage_rate, rolls_over) = first;
            let first = Terms {
                fee, currency: currency.to_owned(), included_minutes: steps * minutes::STEP, overage_rate, rolls_over, starts_on, billing_day,
            };
            let mut steps = vec![(starts_on, Step::Accept)];
            if let Some((month, day, days)) = paused {
                let day = months[month].first + Duration::days(day);
                steps.extend([(day, Step::Pause), (day + Duration::days(days), Step::Resume)]);
            }
            // What has been cancelled is not resumed.
            let end = months[10].first + Duration::days(ends);
            steps.retain(|(day, _)| *day < end);
            steps.push((end, Step::Cancel));
            steps.sort_by_key(|(day, _)| *day);
            let run = Run::of(&first, steps);
            let mut accepted: Vec<_> =
                changed.into_iter().enumerate().map(|(at, (month, price))| amendment(at, price, months[month].first)).collect();
            accepted.sort_by(|one, other| (&one.effective_on, one.decided_at).cmp(&(&other.effective_on, other.decided_at)));
            let mut entries: Vec<_> = worked.into_iter().map(|(day, steps)| (starts_on + Duration::days(day), steps * minutes::STEP)).collect();
            entries.retain(|(day, _)| *day <= months[11].last);
            entries.sort();
            Year { changes: Changes { first, accepted, offered: None }, run, months, entries }
        }
    }

    proptest! {
        /// Minutes are poured, entry by entry, into what the month before left and then into the month's own; what flows over is
        /// charged. The bills say the same, whatever the terms did meanwhile.
        #[test]
        fn every_minute_worked_stands_in_one_bill_and_none_is_carried_twice(year in years()) {
            let (mut left_before, mut poured, mut over_all) = (0, 0, 0);
            for month in &year.months {
                let MonthBill { terms, bill, minutes } = year.billed(*month);
                let own = minutes::in_steps((terms.included_minutes * year.run.days_in(*month) + month.days() - 1) / month.days());
                let (mut of_before, mut of_own, mut over) = (left_before, own, 0);
                for (_, worked) in year.entries.iter().filter(|(day, _)| month.contains(*day)) {
                    let first = of_before.min(*worked);
                    let then = of_own.min(worked - first);
                    of_before -= first;
                    of_own -= then;
                    over += worked - first - then;
                }
                prop_assert_eq!((bill.carried, bill.included - bill.carried, bill.over), (left_before, own, over), "{:?}", month);
                prop_assert_eq!(bill.unused(minutes), of_own, "{:?}", month);
                poured += minutes;
                over_all += over;
                // What was left of what had been carried in lapses here.
                left_before = if terms.rolls_over { of_own } else { 0 };
            }
            let worked: i64 = year.entries.iter().map(|(_, minutes)| minutes).sum();
            prop_assert_eq!(poured, worked, "the months' minutes are the entries', once");
            let covered: i64 = year.months.iter().map(|month| { let one = year.billed(*month); one.minutes - one.bill.over }).sum();
            prop_assert_eq!(covered + over_all, worked);
            let granted: i64 = year.months.iter().map(|month| { let bill = year.billed(*month).bill; bill.included - bill.carried }).sum();
            prop_assert!(covered <= granted, "no included minute covers two");
        }

        #[test]
        fn each_month_costs_its_days_by_the_terms_of_its_first_day_and_its_file_validates(year in years()) {
            for (at, month) in year.months.iter().enumerate() {
                let MonthBill { terms, bill, minutes } = year.billed(*month);
                let changed = year.changes.accepted.iter().rfind(|change| change.effective_on <= meter::iso(month.first));
                let (fee, rate) = changed.map_or((year.changes.first.fee, year.changes.first.overage_rate), |one| (one.fee, one.overage_rate));
                let days = year.run.days_in(*month);
                // Half a minor unit at most between the fee and the exact part of it.
                let exact = i128::from(fee) * i128::from(days);
                let off = i128::from(bill.fee) * i128::from(month.days()) - exact;
                prop_assert!(2 * off.abs() <= i128::from(month.days()), "{off} in {month:?}");
                prop_assert_eq!(bill.total(), bill.fee + cost(bill.over, rate));
                match at {
                    0 => prop_assert_eq!(days, (month.last - year.changes.first.starts_on).whole_days() + 1),
                    10 => prop_assert!(days <= 28, "it ended in this month"),
                    11 => prop_assert_eq!((days, bill.fee), (0, 0), "nothing is owed after the end but what was worked"),
                    _ => {}
                }
                prop_assert!(days != month.days() || bill.fee == fee, "a whole month is the whole fee");
                let by = Timekeeper { id: uuid::Uuid::from_u128(7), name: "Ada Whitfield", class: "PT" };
                let rows = year.entries.iter().filter(|(day, _)| month.contains(*day));
                let worked: Vec<_> =
                    rows.map(|(day, minutes)| Worked { day: *day, minutes: *minutes, description: "Worked", matter: None, by }).collect();
                prop_assert_eq!(worked.iter().map(|one| one.minutes).sum::<i64>(), minutes);
                let invoice = Invoice {
                    number: format!("{at}"),
                    client: "harbor",
                    firm: "FIRM".to_owned(),
                    attorney: by,
                    description: "Retainer".to_owned(),
                };
                prop_assert_eq!(ledes::check(&ledes::write(&invoice, &terms, &bill, &worked)), Vec::<String>::new());
            }
        }
    }
}
