//! The noun: a statement of what moved in a time, from one side's point of view. Pure: postings in, sums out.
//!
//! The balance is what is open between the two: what the MSP owes, or what the attorney is owed. What lies between them (held at
//! Stripe, withheld in a dispute) is named below it, and the three together are the other side's balance: books sum to zero.

use std::collections::BTreeMap;

use entity::{
    Moment,
    ids::{AccountId, SettlementId, TenantId},
    payments::{AccountKind, Movement},
};

use super::ledger::debit_and_credit;

/// Whose statement it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Msp,
    Attorney,
}

/// One posting, with whom and what it is of.
#[derive(Clone, Debug)]
pub struct Moved {
    pub at: Moment,
    pub movement: Movement,
    /// Minor units, above zero.
    pub amount: i64,
    pub currency: String,
    /// The processor's name of it, or empty.
    pub reference: String,
    pub settlement: Option<SettlementId>,
    pub tenant: TenantId,
    pub msp: String,
    pub payee: AccountId,
    pub attorney: String,
    /// `1 Mar 2026 – 31 Mar 2026`
    pub period: String,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub moved: Moved,
    /// What it did to the balance.
    pub change: i64,
    /// After it.
    pub balance: i64,
}

/// One currency's statement.
#[derive(Clone, Debug)]
pub struct Statement {
    pub currency: String,
    pub opening: i64,
    pub rows: Vec<Row>,
    pub closing: i64,
    /// Between the two at the end: charged, not passed on yet.
    pub held: i64,
    pub disputed: i64,
    /// Of the time itself.
    pub totals: Totals,
}

/// What was moved in the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub billed: i64,
    pub charged: i64,
    /// To the attorney, less what was taken back.
    pub passed_on: i64,
    /// To the MSP: returned, refunded, lost in a dispute.
    pub returned: i64,
    pub waived: i64,
}

impl Totals {
    fn add(&mut self, movement: Movement, amount: i64) {
        match movement {
            Movement::Due => self.billed += amount,
            Movement::Charged => self.charged += amount,
            Movement::Transferred => self.passed_on += amount,
            Movement::Reversed => self.passed_on -= amount,
            Movement::Returned | Movement::Lost => self.returned += amount,
            Movement::Waived => self.waived += amount,
            Movement::Withheld | Movement::Released | Movement::Fee => {}
        }
    }
}

/// What a movement does to an account; debit is positive.
fn change_of(movement: Movement, kind: AccountKind, amount: i64) -> i64 {
    let (debit, credit) = debit_and_credit(movement);
    i64::from(debit == kind) * amount - i64::from(credit == kind) * amount
}

impl Side {
    /// What a movement does to this side's balance.
    pub fn change(self, movement: Movement, amount: i64) -> i64 {
        match self {
            Self::Msp => change_of(movement, AccountKind::Payer, amount),
            Self::Attorney => -change_of(movement, AccountKind::Payee, amount),
        }
    }

    /// What its balance is called.
    pub fn balance_words(self) -> &'static str {
        match self {
            Self::Msp => "Owed by the MSP",
            Self::Attorney => "Owed to the attorney",
        }
    }
}

/// A statement for each currency in which something is open or moved. `moved` is all there ever was, oldest first; the time is
/// `[from, until)`.
pub fn statements(side: Side, moved: &[Moved], from: Moment, until: Moment) -> Vec<Statement> {
    let mut by_currency: BTreeMap<&str, Statement> = BTreeMap::new();
    for one in moved.iter().filter(|one| one.at < until) {
        let statement = by_currency.entry(&one.currency).or_insert_with(|| Statement {
            currency: one.currency.clone(),
            opening: 0,
            rows: Vec::new(),
            closing: 0,
            held: 0,
            disputed: 0,
            totals: Totals::default(),
        });
        let change = side.change(one.movement, one.amount);
        statement.closing += change;
        statement.held += change_of(one.movement, AccountKind::Held, one.amount);
        statement.disputed += change_of(one.movement, AccountKind::Disputed, one.amount);
        if one.at < from {
            statement.opening += change;
        } else {
            statement.totals.add(one.movement, one.amount);
            statement.rows.push(Row { moved: one.clone(), change, balance: statement.closing });
        }
    }
    let says_something =
        |one: &Statement| !one.rows.is_empty() || one.opening != 0 || one.closing != 0 || one.held != 0 || one.disputed != 0;
    by_currency.into_values().filter(says_something).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn moved(at: i64, movement: Movement, amount: i64, currency: &str) -> Moved {
        Moved {
            at: Moment(at),
            movement,
            amount,
            currency: currency.to_owned(),
            reference: String::new(),
            settlement: None,
            tenant: TenantId(uuid::Uuid::nil()),
            msp: String::new(),
            payee: AccountId(uuid::Uuid::nil()),
            attorney: String::new(),
            period: String::new(),
        }
    }

    proptest! {
        #[test]
        fn a_statement_adds_up_and_both_sides_agree(
            all in proptest::collection::vec((0..100_i64, 0..9_usize, 1..100_000_i64, any::<bool>()), 0..60),
            from in 0..100_i64, length in 0..60_i64,
        ) {
            let kinds: Vec<Movement> = Movement::ALL.iter().copied().filter(|one| *one != Movement::Fee).collect();
            let mut all: Vec<Moved> = all.into_iter()
                .map(|(at, kind, amount, dollars)| moved(at, kinds[kind % kinds.len()], amount, if dollars { "USD" } else { "JPY" }))
                .collect();
            all.sort_by_key(|one| one.at);
            let (from, until) = (Moment(from), Moment(from + length));
            let msp = statements(Side::Msp, &all, from, until);
            let attorney = statements(Side::Attorney, &all, from, until);
            for one in msp.iter().chain(&attorney) {
                let changes: i64 = one.rows.iter().map(|row| row.change).sum();
                prop_assert_eq!(one.opening + changes, one.closing);
                prop_assert_eq!(one.rows.last().map_or(one.opening, |row| row.balance), one.closing);
            }
            for one in &msp {
                let other = attorney.iter().find(|other| other.currency == one.currency);
                prop_assert_eq!(one.closing + one.held + one.disputed, other.map_or(0, |other| other.closing));
                if let Some(other) = other {
                    prop_assert_eq!(one.totals, other.totals);
                }
            }
            // Month after month is the same as all at once.
            let whole = statements(Side::Msp, &all, Moment(0), Moment(200));
            let first = statements(Side::Msp, &all, Moment(0), from);
            let second = statements(Side::Msp, &all, from, Moment(200));
            for one in &whole {
                let of = |part: &[Statement]| part.iter().find(|part| part.currency == one.currency).map_or(0, |part| part.totals.charged);
                prop_assert_eq!(of(&first) + of(&second), one.totals.charged);
                let opening = second.iter().find(|part| part.currency == one.currency).map_or(0, |part| part.opening);
                let closing = first.iter().find(|part| part.currency == one.currency).map_or(0, |part| part.closing);
                prop_assert_eq!(opening, closing);
            }
        }
    }
}
