//! The noun: what a month of a retainer costs, line by line. Pure: terms, days and minutes in, a bill out.
//!
//! A month is settled when it has ended. Fee and included time count for the days on which the retainer ran: from its start (but
//! never for months that had ended before it was accepted), not while it was paused, not after its end. A day on which it ran at
//! any moment is a whole day.

use time::{Date, Duration};

use super::{
    Terms,
    meter::{Month, cost},
    minutes,
    terms::Step,
};

/// The days on which a retainer ran.
#[derive(Clone, Debug, Default)]
pub struct Run {
    from: Option<Date>,
    /// Acceptance and what came after, in order.
    steps: Vec<(Date, Step)>,
}

impl Run {
    /// `steps` in order; what comes before the acceptance does not count.
    pub fn of(terms: &Terms, steps: impl IntoIterator<Item = (Date, Step)>) -> Self {
        let steps: Vec<_> = steps.into_iter().skip_while(|(_, step)| *step != Step::Accept).collect();
        let accepted_in = steps.first().map(|(day, _)| Month::containing(*day, terms.billing_day).first);
        Self { from: accepted_in.map(|first| first.max(terms.starts_on)), steps }
    }

    /// Its first day; none where it never ran.
    pub fn from(&self) -> Option<Date> {
        self.from
    }

    pub fn ran_on(&self, day: Date) -> bool {
        if self.from.is_none_or(|from| day < from) {
            return false;
        }
        let stands =
            self.steps.iter().rev().find(|(at, _)| *at < day).is_none_or(|(_, step)| !matches!(step, Step::Pause | Step::Cancel));
        stands || self.steps.iter().any(|(at, step)| *at == day && *step == Step::Resume)
    }

    pub fn days_in(&self, month: Month) -> i64 {
        (0..month.days()).filter(|day| self.ran_on(month.first + Duration::days(*day))).count().try_into().unwrap_or(0)
    }
}

/// What a month costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    pub month: Month,
    /// Days of the month on which it ran.
    pub days: i64,
    /// Minutes that are covered: the fee's own for those days, in whole steps, rounded up; and what was carried over.
    pub included: i64,
    /// Of them what the month before left unused.
    pub carried: i64,
    /// Minutes beyond.
    pub over: i64,
    /// Minor units.
    pub fee: i64,
    pub overage: i64,
}

impl Bill {
    pub fn of(terms: &Terms, month: Month, days: i64, used: i64) -> Self {
        Self::carrying(terms, month, days, 0, used)
    }

    pub fn carrying(terms: &Terms, month: Month, days: i64, carried: i64, used: i64) -> Self {
        let all = month.days();
        let days = days.clamp(0, all);
        let own = minutes::in_steps((terms.included_minutes * days + all - 1).div_euclid(all));
        let included = own.saturating_add(carried);
        let over = (used - included).max(0);
        Self { month, days, included, carried, over, fee: part(terms.fee, days, all), overage: cost(over, terms.overage_rate) }
    }

    /// The month's own minutes that were not used: what was carried into it is used first, and goes no further.
    pub fn unused(&self, used: i64) -> i64 {
        let own = self.included - self.carried;
        (own - (used - self.carried).max(0)).max(0)
    }

    pub fn total(&self) -> i64 {
        self.fee.saturating_add(self.overage)
    }

    pub fn is_whole(&self) -> bool {
        self.days == self.month.days()
    }
}

/// So many days' part of a month's amount, half a minor unit rounded up.
fn part(amount: i64, days: i64, all: i64) -> i64 {
    let twice = 2 * i128::from(amount) * i128::from(days) + i128::from(all);
    i64::try_from(twice.div_euclid(2 * i128::from(all))).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    fn terms(starts_on: Date) -> Terms {
        Terms {
            fee: 150_000,
            currency: "USD".to_owned(),
            included_minutes: 600,
            overage_rate: 25_000,
            rolls_over: false,
            starts_on,
            billing_day: 1,
        }
    }

    #[test]
    fn a_first_month_counts_from_its_start() {
        let terms = terms(date!(2026 - 03 - 22));
        let run = Run::of(&terms, [(date!(2026 - 03 - 20), Step::Offer), (date!(2026 - 03 - 25), Step::Accept)]);
        let march = Month::containing(date!(2026 - 03 - 22), 1);
        let bill = Bill::of(&terms, march, run.days_in(march), 300);
        // 10 of 31 days: 193.5 minutes included, so 198; 102 beyond.
        assert_eq!((bill.days, bill.fee, bill.included, bill.over, bill.overage), (10, 48_387, 198, 102, 42_500));
        assert_eq!(bill.total(), 90_887);
        let april = Month::containing(date!(2026 - 04 - 01), 1);
        let bill = Bill::of(&terms, april, run.days_in(april), 300);
        assert_eq!((bill.is_whole(), bill.total()), (true, 150_000));
    }

    #[test]
    fn months_that_had_ended_before_the_acceptance_are_not_owed() {
        let terms = terms(date!(2026 - 01 - 10));
        let run = Run::of(&terms, [(date!(2026 - 03 - 25), Step::Accept)]);
        assert!(!run.ran_on(date!(2026 - 02 - 28)));
        assert!(run.ran_on(date!(2026 - 03 - 01)));
    }

    #[test]
    fn what_is_carried_over_is_used_first_and_goes_no_further() {
        let (terms, month) = (terms(date!(2026 - 01 - 01)), Month::containing(date!(2026 - 02 - 01), 1));
        // Six hours came with it: eight used take those six and two of its own ten.
        let bill = Bill::carrying(&terms, month, 28, 360, 480);
        assert_eq!((bill.included, bill.carried, bill.over, bill.unused(480)), (960, 360, 0, 480));
        // Two used: four of the carried six are lost, its own ten go on.
        assert_eq!(bill.unused(120), 600);
        let bill = Bill::carrying(&terms, month, 28, 360, 1_020);
        assert_eq!((bill.over, bill.overage, bill.unused(1_020)), (60, 25_000, 0));
    }

    #[test]
    fn what_was_never_accepted_never_ran() {
        let terms = terms(date!(2026 - 01 - 10));
        assert!(!Run::of(&terms, [(date!(2026 - 01 - 10), Step::Offer)]).ran_on(date!(2026 - 01 - 10)));
    }

    #[test]
    fn a_pause_counts_from_the_day_after_to_the_day_before_it_goes_on() {
        let terms = terms(date!(2024 - 02 - 01));
        let run = Run::of(
            &terms,
            [
                (date!(2024 - 02 - 01), Step::Accept),
                (date!(2024 - 02 - 10), Step::Pause),
                (date!(2024 - 02 - 20), Step::Resume),
                (date!(2024 - 03 - 05), Step::Cancel),
            ],
        );
        // A leap February: 29 days less the nine from the 11th to the 19th.
        assert_eq!(run.days_in(Month::containing(date!(2024 - 02 - 05), 1)), 20);
        assert_eq!(run.days_in(Month::containing(date!(2024 - 03 - 05), 1)), 5);
        assert_eq!(run.days_in(Month::containing(date!(2024 - 04 - 05), 1)), 0);
    }

    proptest! {
        #[test]
        fn the_parts_of_a_month_make_the_month(fee in 0..=1_000_000_000_i64, cut in 0..=31_i64, days in 0..20_000_i64, billing_day in 1..=28) {
            let month = Month::containing(date!(2000 - 01 - 01) + Duration::days(days), billing_day);
            let cut = cut.min(month.days());
            let terms = Terms { fee, billing_day, ..terms(month.first) };
            let (one, two) = (Bill::of(&terms, month, cut, 0), Bill::of(&terms, month, month.days() - cut, 0));
            prop_assert!((one.fee + two.fee - fee).abs() <= 1);
            prop_assert!(one.included + two.included >= terms.included_minutes, "rounded in favour of who pays");
            prop_assert_eq!(Bill::of(&terms, month, month.days(), 0).total(), fee);
            prop_assert_eq!(Bill::of(&terms, month, 0, 0).total(), 0);
        }

        #[test]
        fn a_bill_is_the_fee_and_every_minute_beyond(used in 0..=44_640_i64, rate in 0..=1_000_000_i64) {
            let used = minutes::in_steps(used);
            let month = Month::containing(date!(2026 - 03 - 01), 1);
            let terms = Terms { overage_rate: rate, ..terms(month.first) };
            let bill = Bill::of(&terms, month, 31, used);
            prop_assert_eq!(bill.over, (used - 600).max(0));
            prop_assert_eq!(bill.total() - terms.fee, cost(bill.over, rate));
        }

        #[test]
        fn carried_time_is_time_and_never_money(used in 0..=10_000_i64, carried in 0..=200_i64, days in 0..=28_i64) {
            let (used, carried) = (minutes::in_steps(used), carried * minutes::STEP);
            let month = Month::containing(date!(2026 - 02 - 01), 1);
            let terms = terms(month.first);
            let (without, with) = (Bill::of(&terms, month, days, used), Bill::carrying(&terms, month, days, carried, used));
            prop_assert_eq!(with.fee, without.fee);
            prop_assert_eq!(with.over, (without.over - carried).max(0));
            prop_assert!((0..=with.included - carried).contains(&with.unused(used)), "never more than its own");
            // Every minute is its own, carried, over, unused or lost, once.
            let lost = (carried - used).max(0);
            prop_assert_eq!(with.included + with.over, used + with.unused(used) + lost);
        }
    }
}
