//! The noun: why a settlement waits or failed, in the words both sides read, and where it is put right.

use std::fmt;

use entity::payments::Turn;

/// Why it waits or failed. The word is stored; the sentences are for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cause(pub String);

impl Cause {
    pub fn none() -> Self {
        Self::default()
    }

    pub fn word(word: impl Into<String>) -> Self {
        Self(word.into())
    }

    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// What happened, in plain words, for both sides.
    pub fn words(&self) -> &'static str {
        match self.0.as_str() {
            "" => "",
            "approval" => "The amount is above the limit: two people must approve it.",
            "no_method" => "There is no payment method to charge.",
            "payee_missing" => "The attorney has not set up payouts yet.",
            "payee_restricted" => {
                "Stripe has restricted the attorney's account: it cannot receive money until what Stripe asks for is given."
            }
            "payouts_disabled" => {
                "The money is in the attorney's Stripe account, but Stripe does not pay out to the bank until what it asks for is given."
            }
            "bank_debit" => "The bank debit is on its way. Banks take up to four business days.",
            "payout_pending" => "The money is in the attorney's Stripe account. Stripe pays it out to the bank by itself.",
            "authentication_required" => "The bank wants the card's holder to confirm this payment.",
            "authentication_expired" => "Nobody confirmed the payment at the bank within a week, so it was withdrawn.",
            "insufficient_funds" => "The bank says there is not enough money on the account.",
            "expired_card" => "The card has expired.",
            "card_declined" | "declined" | "do_not_honor" | "payment_intent_authentication_failure" => {
                "The bank declined the payment."
            }
            "lost_card" | "stolen_card" | "pickup_card" => "The bank has blocked the card.",
            "account_closed" | "bank_account_closed" => "The bank account has been closed.",
            "no_account" => "The bank does not know the account number.",
            "debit_not_authorized" => "The account does not allow debits.",
            "payment_method_bank_account_blocked" => "The bank account cannot be debited any more after its last return.",
            "payment_method_unusable" => "The payment method can no longer be charged.",
            "amount_too_small" => "The amount is below the least Stripe charges.",
            "stripe_unreachable" => {
                "Stripe did not give a clear answer. Nothing is asked for again before what became of the last call is known."
            }
            "disputed" => {
                "The payment is disputed with the bank. Stripe withholds the amount until the bank decides; if the dispute is lost, what was passed on comes back."
            }
            "dispute_lost" => "The dispute was lost: the bank gave the money back to the MSP, so this period is not paid.",
            "debit_returned" => {
                "The bank returned the debit after it had succeeded: the MSP has the money back, so this period is not paid."
            }
            "refunded" => "The payment was refunded to the MSP.",
            "refunded_in_part" => "A part of the payment was refunded to the MSP; the rest was passed on.",
            "reversal_waits" => {
                "The bank gave the money back to the MSP, so it must come back from the attorney's Stripe account, which does not hold enough now."
            }
            "payout_failed" => "The bank sent the payout back. The money is in the attorney's Stripe account.",
            "payout_account_closed" => {
                "The bank sent the payout back: the bank account has been closed. The money is in the attorney's Stripe account."
            }
            "payout_no_account" => {
                "The bank sent the payout back: it does not know the account number. The money is in the attorney's Stripe account."
            }
            "transfer_refused" => "Stripe refused to pass the money on.",
            "charge_refused" => "Stripe refused the charge.",
            "mismatch" => "What Stripe shows is not what was asked for. Nothing moves until it has been looked at.",
            "waived" => "The attorney let this amount go.",
            "stripe_missing" => "Payments are not set up on this installation, so nothing is charged.",
            "not_run" => "Its moment has passed and it was not charged.",
            _ => "Stripe gave a reason of its own.",
        }
    }

    /// What the person whose turn it is does, and the label and place of their button.
    pub fn fix(&self, turn: Turn) -> Option<(&'static str, &'static str, Fix)> {
        Some(match (turn, self.0.as_str()) {
            (Turn::Nobody, _) => return None,
            (Turn::Msp, "approval") => ("Look at the lines and approve it.", "Approve", Fix::Approve),
            (Turn::Msp, "authentication_required") => {
                ("Confirm the payment at your bank; then it goes on by itself.", "Confirm Payment", Fix::Confirm)
            }
            (Turn::Msp, "dispute_lost" | "debit_returned" | "refunded") => (
                "Choose the payment method to use and charge it again, or settle it with your attorney.",
                "Charge Again",
                Fix::TryAgain,
            ),
            (Turn::Msp, "no_method") => ("Add a payment method; then it is charged by itself.", "Add Payment Method", Fix::Method),
            (Turn::Msp, _) => ("Use another payment method; then it is charged again.", "Change Payment Method", Fix::Method),
            (Turn::Attorney, "amount_too_small") => ("Waive it, or bill it with other work.", "Open Payout", Fix::Waive),
            (Turn::Attorney, "reversal_waits") => {
                ("Put money into your Stripe account, or let the next payments cover it.", "Open Stripe", Fix::Account)
            }
            (Turn::Attorney, "payout_failed" | "payout_account_closed" | "payout_no_account") => {
                ("Give Stripe another bank account; then it pays out again by itself.", "Change Bank Account", Fix::Account)
            }
            (Turn::Attorney, _) => {
                ("Give Stripe what it asks for; then it goes on by itself.", "Finish Payout Set-up", Fix::Account)
            }
            (Turn::Operator, "stripe_missing") => {
                ("Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET; then it can be charged.", "Open Payout", Fix::Stripe)
            }
            (Turn::Operator, "not_run") => {
                ("Look at Health whether jobs run, then have it looked at again.", "Open Payout", Fix::Stripe)
            }
            (Turn::Operator, "disputed") => ("Answer the dispute at Stripe before its deadline.", "Open Payout", Fix::Stripe),
            (Turn::Operator, _) => ("Look at it at Stripe, put it right there, then let it go on.", "Open Payout", Fix::Stripe),
        })
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a cause is put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fix {
    Approve,
    Confirm,
    /// The MSP's payment method.
    Method,
    TryAgain,
    Waive,
    /// The attorney's payout set-up.
    Account,
    /// At Stripe's own dashboard.
    Stripe,
}
