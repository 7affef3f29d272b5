//! The noun: books, and which two accounts each movement touches. Pure.

use std::fmt;

use entity::{
    ids::TenantId,
    payments::{AccountKind, Movement},
};

use crate::platform::{Refusal, Result};

/// Money that belongs together and mixes with no other: that of one agreement, or the platform's own beside a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Book {
    /// `retainer:ID`: a word of the caller.
    Agreement(String),
    Platform(TenantId),
}

impl fmt::Display for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agreement(word) => f.write_str(word),
            Self::Platform(tenant) => write!(f, "platform:{tenant}"),
        }
    }
}

/// The account that grows and the one that shrinks.
///
/// | movement | debit | credit | |
/// |---|---|---|---|
/// | due | payer | payee | a month was settled: the MSP owes, the attorney is owed |
/// | charged | held | payer | the charge has settled |
/// | transferred | payee | held | passed on to the attorney, all of it |
/// | reversed | held | payee | a transfer was taken back |
/// | returned | payer | held | the bank returned the charge, or it was refunded |
/// | withheld, released | disputed / held | held / disputed | a dispute opened; it was won |
/// | lost | payer | disputed | a dispute was lost: the MSP owes again |
/// | waived | payee | payer | the attorney lets it go |
/// | fee | processing fees | platform | what the processor took; never out of an agreement's book |
pub fn debit_and_credit(movement: Movement) -> (AccountKind, AccountKind) {
    use AccountKind::{Disputed, Held, Payee, Payer, Platform, ProcessingFees};
    match movement {
        Movement::Due => (Payer, Payee),
        Movement::Charged => (Held, Payer),
        Movement::Transferred => (Payee, Held),
        Movement::Reversed => (Held, Payee),
        Movement::Returned => (Payer, Held),
        Movement::Withheld => (Disputed, Held),
        Movement::Released => (Held, Disputed),
        Movement::Lost => (Payer, Disputed),
        Movement::Waived => (Payee, Payer),
        Movement::Fee => (ProcessingFees, Platform),
    }
}

/// What must lie in an account before a movement takes from it: nobody is paid out of another month's or another client's money.
pub(super) fn covered(movement: Movement, credit_balance: i64, amount: i64) -> Result<(), Refusal> {
    let refuse = |code, sentence, next| Err(Refusal::new(code, sentence, next));
    match movement {
        Movement::Transferred if credit_balance < amount => refuse(
            "not_charged",
            "Nothing is passed on before the charge for it has settled.",
            "Wait for the charge; the next step is taken by itself.",
        ),
        Movement::Charged | Movement::Waived if credit_balance < amount => {
            refuse("not_due", "That is more than the MSP owes.", "Look at the statement: it names what is due.")
        }
        Movement::Released | Movement::Lost if credit_balance < amount => {
            refuse("not_disputed", "That is more than is withheld.", "Look at the dispute at Stripe.")
        }
        _ => Ok(()),
    }
}

/// In which book a movement belongs.
pub(super) fn belongs(movement: Movement, book: &Book) -> bool {
    (movement == Movement::Fee) == matches!(book, Book::Platform(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_movement_leaves_money_where_it_was() {
        for movement in Movement::ALL {
            let (debit, credit) = debit_and_credit(*movement);
            assert_ne!(debit, credit, "{movement}");
        }
    }

    #[test]
    fn what_undoes_a_movement_is_its_mirror() {
        for (there, back) in [
            (Movement::Transferred, Movement::Reversed),
            (Movement::Charged, Movement::Returned),
            (Movement::Withheld, Movement::Released),
        ] {
            let (debit, credit) = debit_and_credit(there);
            assert_eq!(debit_and_credit(back), (credit, debit), "{there}");
        }
    }

    #[test]
    fn only_the_platforms_book_carries_fees() {
        let (agreement, platform) = (Book::Agreement("retainer:1".to_owned()), Book::Platform(TenantId(uuid::Uuid::nil())));
        for movement in Movement::ALL {
            assert_ne!(belongs(*movement, &agreement), belongs(*movement, &platform), "{movement}");
        }
    }
}
