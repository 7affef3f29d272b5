//! What a reader is told whose turn it is not: what the one it waits for does, and what that means for the reader. Pure.

use entity::payments::Turn;

use super::cause::Cause;

/// None where it goes on by itself.
pub fn waits_for(cause: &Cause, turn: Turn) -> Option<&'static str> {
    Some(match (turn, cause.0.as_str()) {
        (Turn::Nobody, _) => return None,
        (Turn::Msp, "approval") => "Its owner and admins approve it; two of them must say yes before it is charged.",
        (Turn::Msp, "authentication_required") => {
            "Its owner or an admin confirms the payment at the bank; then it goes on by itself."
        }
        (Turn::Msp, "dispute_lost" | "debit_returned" | "refunded") => {
            "Its owner or an admin charges it again or settles it with the attorney; nothing is charged by itself."
        }
        (Turn::Msp, "no_method") => "Its owner or an admin adds a payment method; then it is charged by itself.",
        (Turn::Msp, _) => "Its owner or an admin gives another payment method; then it is charged again.",
        (Turn::Attorney, "amount_too_small") => "They waive it, or bill it with other work.",
        (Turn::Attorney, "reversal_waits") => {
            "They put money into the Stripe account, or their next payments cover it; it is tried again every day."
        }
        (Turn::Attorney, "payout_failed" | "payout_account_closed" | "payout_no_account") => {
            "They give Stripe another bank account; then it pays out again by itself. The MSP has paid and is not charged again."
        }
        (Turn::Attorney, _) => "They give Stripe what it asks for; then it goes on by itself.",
        (Turn::Operator, "stripe_missing") => {
            "The operator sets STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET; until then it stays unpaid."
        }
        (Turn::Operator, "not_run") => "The operator looks at why it did not go on, and has it go on.",
        (Turn::Operator, "disputed") => {
            "They answer the dispute at Stripe before its deadline. If it was a mistake, the MSP has its bank withdraw it."
        }
        (Turn::Operator, _) => "They look at it at Stripe and put it right; then it goes on.",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_it_waits_for_has_a_step_and_the_others_read_of_it() {
        for cause in [
            "approval",
            "disputed",
            "dispute_lost",
            "debit_returned",
            "reversal_waits",
            "payout_account_closed",
            "stripe_missing",
            "not_run",
            "new",
        ] {
            for turn in [Turn::Nobody, Turn::Msp, Turn::Attorney, Turn::Operator] {
                let cause = Cause::word(cause);
                assert_eq!(waits_for(&cause, turn).is_some(), cause.fix(turn).is_some(), "{cause} {turn:?}");
            }
        }
    }
}
