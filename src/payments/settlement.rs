//! The noun: one period's settlement as a state machine. Pure: what is stored and what Stripe shows go in; the next state and at
//! most one call come out.
//!
//! Nothing here believes a message: a webhook, an answer and the nightly look all end in the same [`decide`] over freshly fetched
//! [`Facts`], so any number, order and overlap of them gives the same end.

use entity::{
    Moment,
    payments::{Movement, PayoutStatus, Step, Turn, settlement},
};

use super::{
    cause::Cause,
    stripe::{DisputeFact, IntentFact, PayoutFact, TransferFact},
};

/// What is stored of a settlement and changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub step: Step,
    pub cause: Cause,
    pub turn: Turn,
    pub attempt: i32,
    pub next_at: Option<Moment>,
    pub key_at: Option<Moment>,
    pub customer: Option<String>,
    pub method: Option<String>,
    pub intent: Option<String>,
    pub charge: Option<String>,
    pub transfer: Option<String>,
    pub payout: Option<String>,
    pub arrives_at: Option<Moment>,
    pub fee: i64,
}

impl State {
    pub fn of(row: &settlement::Model) -> Self {
        Self {
            step: row.step,
            cause: Cause(row.cause.clone()),
            turn: row.turn,
            attempt: row.attempt,
            next_at: row.next_at,
            key_at: row.key_at,
            customer: row.customer.clone(),
            method: row.method.clone(),
            intent: row.intent.clone(),
            charge: row.charge.clone(),
            transfer: row.transfer.clone(),
            payout: row.payout.clone(),
            arrives_at: row.arrives_at,
            fee: row.fee,
        }
    }

    /// As the Payout History says it.
    pub fn status(&self) -> PayoutStatus {
        match self.step {
            Step::Approval => PayoutStatus::Scheduled,
            Step::Scheduled if self.attempt == 0 => PayoutStatus::Scheduled,
            Step::Scheduled => PayoutStatus::Retrying,
            Step::Paid => PayoutStatus::Paid,
            Step::Failed | Step::Halted | Step::Waived | Step::Reversing => PayoutStatus::Failed,
            Step::PayingOut if self.cause.0.starts_with("payout_") && self.turn == Turn::Attorney => PayoutStatus::Failed,
            _ => PayoutStatus::Processing,
        }
    }

    /// Nothing is expected to happen any more.
    pub fn is_over(&self) -> bool {
        matches!(self.step, Step::Paid | Step::Waived)
    }

    fn to(mut self, step: Step) -> Self {
        self.step = step;
        self
    }

    fn because(mut self, cause: impl Into<String>, turn: Turn) -> Self {
        self.cause = Cause::word(cause);
        self.turn = turn;
        self
    }

    fn goes_on(mut self) -> Self {
        self.cause = Cause::none();
        self.turn = Turn::Nobody;
        self
    }

    fn at(mut self, at: Moment) -> Self {
        self.next_at = Some(at);
        self
    }
}

/// What never changes of it, and the rules.
#[derive(Clone, Debug)]
pub struct Terms {
    pub id: String,
    pub amount: i64,
    pub currency: String,
    pub live: bool,
    /// Days between tries: so many retries as there are days.
    pub retry_days: Vec<i64>,
    pub now: Moment,
}

/// What is true outside, freshly looked at.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub payer: Option<Payer>,
    pub payee: Option<Payee>,
    pub intent: Option<IntentFact>,
    pub transfer: Option<TransferFact>,
    pub payout: Option<PayoutFact>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payer {
    pub customer: String,
    pub method: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payee {
    pub account: String,
    pub transfers: bool,
    pub payouts: bool,
}

/// The one call that may be made next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// By the frozen attempt of the state.
    Charge,
    CancelIntent(String),
    Transfer {
        amount: i64,
        charge: String,
        destination: String,
    },
    Reverse {
        transfer: String,
        amount: i64,
        already: i64,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub state: State,
    pub call: Option<Call>,
}

fn wait(state: State) -> Plan {
    Plan { state, call: None }
}

fn call(state: State, call: Call) -> Plan {
    Plan { state, call: Some(call) }
}

/// For so long Stripe remembers a key; with a margin on both sides nothing is sent under it.
const KEY_LIVES: i64 = 23 * Moment::HOUR;
const KEY_IS_GONE: i64 = 25 * Moment::HOUR;
/// How long a payer may take to confirm at the bank.
const CONFIRM_WITHIN: i64 = 7 * Moment::DAY;

pub fn decide(state: State, facts: &Facts, terms: &Terms) -> Plan {
    let now = terms.now;
    match state.step {
        Step::Waived | Step::Halted => return wait(state),
        Step::Approval => return wait(state.because("approval", Turn::Msp)),
        Step::Scheduled => return scheduled(state, facts, terms),
        Step::Failed if state.intent.is_none() => return wait(state),
        _ => {}
    }
    let Some(intent) = &facts.intent else { return unknown_charge(state, now) };
    if !is_ours(intent, &state, terms) {
        return wait(state.to(Step::Halted).because("mismatch", Turn::Operator));
    }
    let mut state = State { intent: Some(intent.id.clone()), ..state };
    match intent.status.as_str() {
        "succeeded" => {}
        "processing" => return wait(state.to(Step::Settling).because("bank_debit", Turn::Nobody).at(now.plus(Moment::DAY))),
        "requires_action" => return confirming(state, now),
        "requires_payment_method" if intent.error == "authentication_required" => return confirming(state, now),
        "requires_payment_method" | "requires_confirmation" | "requires_capture" => {
            let id = intent.id.clone();
            return call(state.to(Step::Charging).because(&intent.error, Turn::Nobody), Call::CancelIntent(id));
        }
        "canceled" => {
            let cause = match (state.step, intent.error.as_str()) {
                (Step::Confirming, _) | (_, "authentication_required") => "authentication_expired".to_owned(),
                (_, "") => state.cause.0.clone(),
                (_, error) => error.to_owned(),
            };
            return wait(failed_attempt(state, &cause, terms));
        }
        _ => return wait(state.to(Step::Halted).because("mismatch", Turn::Operator)),
    }
    let Some(charge) = intent.charge.as_ref().filter(|charge| charge.succeeded) else {
        return wait(state.to(Step::Settling).because("bank_debit", Turn::Nobody).at(now.plus(Moment::HOUR)));
    };
    if charge.amount != terms.amount || charge.currency != terms.currency {
        return wait(state.to(Step::Halted).because("mismatch", Turn::Operator));
    }
    state.charge = Some(charge.id.clone());
    state.fee = charge.fee;

    // What has gone back to the payer, or is being fought over.
    let lost: i64 = charge.disputes.iter().filter(|dispute| dispute.lost).map(|dispute| dispute.amount).sum();
    let refunded: i64 = charge.refunds.iter().map(|refund| refund.amount).sum();
    let back = (lost + refunded).min(terms.amount);
    if let Some(transfer) = &facts.transfer {
        state.transfer = Some(transfer.id.clone());
        if transfer.currency != terms.currency || transfer.settlement != terms.id || transfer.amount > terms.amount {
            return wait(state.to(Step::Halted).because("mismatch", Turn::Operator));
        }
        // What must come back of what was passed on: never more than was passed on.
        let owed = (transfer.amount + back - terms.amount).max(0) - transfer.reversed();
        if owed > 0 {
            if state.step == Step::Reversing && state.next_at.is_some_and(|at| at > now) {
                return wait(state);
            }
            let why = if state.step == Step::Reversing { state.cause.0.clone() } else { String::new() };
            let turn = if why == "reversal_waits" { Turn::Attorney } else { Turn::Nobody };
            // A refusal is remembered under its key for a day, so each new try has one of its own, stored before.
            let key_at = match state.key_at.filter(|_| state.step == Step::Reversing) {
                Some(at) if now.since(at) < KEY_LIVES => Some(at),
                Some(at) if now.since(at) < KEY_IS_GONE => return wait(state.at(at.plus(KEY_IS_GONE))),
                _ => Some(now),
            };
            let reverse = Call::Reverse { transfer: transfer.id.clone(), amount: owed, already: transfer.reversed() };
            return call(State { key_at, next_at: None, ..state.to(Step::Reversing).because(why, turn) }, reverse);
        }
    }
    if charge.disputes.iter().any(|dispute| dispute.open) {
        return wait(state.to(Step::Disputed).because("disputed", Turn::Operator).at(now.plus(Moment::DAY)));
    }
    if back >= terms.amount {
        let cause = back_because(&charge.disputes, refunded);
        let mut state = state.to(Step::Failed).because(cause, Turn::Msp);
        state.next_at = None;
        return wait(state);
    }
    match &facts.transfer {
        None => transferring(state, facts, terms, charge.id.clone(), terms.amount - back),
        Some(_) => paying_out(state, facts, now, back > 0),
    }
}

fn back_because(disputes: &[DisputeFact], refunded: i64) -> &'static str {
    // An ACH return of a debit that had succeeded comes as a dispute lost at once.
    let returned = ["bank_cannot_process", "debit_not_authorized", "insufficient_funds", "incorrect_account_details"];
    match disputes.iter().find(|dispute| dispute.lost) {
        Some(dispute) if returned.contains(&dispute.reason.as_str()) => "debit_returned",
        Some(_) => "dispute_lost",
        None if refunded > 0 => "refunded",
        None => "mismatch",
    }
}

/// It is what we asked for: amount, currency, customer and mode come from our records.
fn is_ours(intent: &IntentFact, state: &State, terms: &Terms) -> bool {
    intent.amount == terms.amount
        && intent.currency == terms.currency
        && intent.livemode == terms.live
        && intent.settlement == terms.id
        && intent.attempt == state.attempt
        && state.customer.as_deref() == Some(intent.customer.as_str())
}

fn scheduled(state: State, facts: &Facts, terms: &Terms) -> Plan {
    let now = terms.now;
    if state.next_at.is_some_and(|at| at > now) {
        return wait(state);
    }
    // Nobody is charged for whom nothing can be passed on.
    match &facts.payee {
        None => return wait(state.because("payee_missing", Turn::Attorney).at(now.plus(Moment::DAY))),
        Some(payee) if !payee.transfers => {
            return wait(state.because("payee_restricted", Turn::Attorney).at(now.plus(Moment::DAY)));
        }
        Some(_) => {}
    }
    let Some(payer) = &facts.payer else {
        return wait(state.because("no_method", Turn::Msp).at(now.plus(Moment::DAY)));
    };
    let state = State {
        attempt: state.attempt + 1,
        key_at: Some(now),
        next_at: None,
        customer: Some(payer.customer.clone()),
        method: Some(payer.method.clone()),
        intent: None,
        charge: None,
        transfer: None,
        payout: None,
        arrives_at: None,
        ..state
    };
    call(state.to(Step::Charging).goes_on(), Call::Charge)
}

/// Asked for, and no intent is to be seen: the call never arrived, is on its way, or its key still holds a fault.
fn unknown_charge(state: State, now: Moment) -> Plan {
    let age = state.key_at.map_or(KEY_IS_GONE, |at| now.since(at));
    if state.next_at.is_some_and(|at| at > now) {
        return wait(state);
    }
    if age < KEY_LIVES {
        return call(state.to(Step::Charging), Call::Charge);
    }
    if age < KEY_IS_GONE {
        let at = state.key_at.map_or(now, |at| at.plus(KEY_IS_GONE));
        return wait(state.at(at));
    }
    // Looked for and not there, and the key forgotten: it never happened. The same attempt begins again.
    call(State { key_at: Some(now), ..state.to(Step::Charging) }, Call::Charge)
}

fn confirming(state: State, now: Moment) -> Plan {
    let until = state.key_at.unwrap_or(now).plus(CONFIRM_WITHIN);
    let intent = state.intent.clone().unwrap_or_default();
    let state = state.to(Step::Confirming).because("authentication_required", Turn::Msp).at(until);
    if now >= until { call(state, Call::CancelIntent(intent)) } else { wait(state) }
}

/// This try has failed for certain; the next one by the schedule, or nobody's but a person's.
pub fn failed_attempt(state: State, cause: &str, terms: &Terms) -> State {
    let tries = usize::try_from(state.attempt).unwrap_or(usize::MAX);
    let cause = if cause.is_empty() { "declined" } else { cause };
    let turn = match cause {
        "charge_refused" => Turn::Operator,
        "amount_too_small" => Turn::Attorney,
        _ => Turn::Msp,
    };
    let mut state = state.because(cause, turn);
    state.key_at = None;
    let days = if cause == "amount_too_small" { None } else { tries.checked_sub(1).and_then(|at| terms.retry_days.get(at)) };
    match days {
        Some(days) => state.to(Step::Scheduled).at(terms.now.plus(days * Moment::DAY)),
        None => {
            state.next_at = None;
            // It is over with this intent; a person's word begins the next.
            state.intent = None;
            state.to(Step::Failed)
        }
    }
}

fn transferring(state: State, facts: &Facts, terms: &Terms, charge: String, amount: i64) -> Plan {
    let now = terms.now;
    let state = if state.step == Step::Transferring { state } else { State { key_at: None, next_at: None, ..state } };
    match &facts.payee {
        Some(payee) if payee.transfers => {
            if state.step == Step::Transferring && state.next_at.is_some_and(|at| at > now) && state.cause.0 != "payee_restricted" {
                return wait(state);
            }
            let age = state.key_at.map(|at| now.since(at));
            if age.is_some_and(|age| (KEY_LIVES..KEY_IS_GONE).contains(&age)) {
                let at = state.key_at.map_or(now, |at| at.plus(KEY_IS_GONE));
                return wait(state.at(at));
            }
            let key_at = match age {
                Some(age) if age < KEY_LIVES => state.key_at,
                _ => Some(now),
            };
            let transfer = Call::Transfer { amount, charge, destination: payee.account.clone() };
            call(State { key_at, next_at: None, ..state.to(Step::Transferring).goes_on() }, transfer)
        }
        _ => wait(state.to(Step::Transferring).because("payee_restricted", Turn::Attorney).at(now.plus(Moment::DAY))),
    }
}

fn paying_out(state: State, facts: &Facts, now: Moment, in_part: bool) -> Plan {
    let mut state = state;
    state.key_at = None;
    let later = now.plus(Moment::DAY);
    let Some(payout) = &facts.payout else {
        let can = facts.payee.as_ref().is_some_and(|payee| payee.payouts);
        let state = state.to(Step::PayingOut);
        return wait(if can {
            state.because("payout_pending", Turn::Nobody).at(later)
        } else {
            state.because("payouts_disabled", Turn::Attorney).at(later)
        });
    };
    state.payout = Some(payout.id.clone());
    state.arrives_at = payout.arrives_at;
    match payout.status.as_str() {
        "paid" => {
            state.next_at = None;
            let state = state.to(Step::Paid);
            wait(if in_part { state.because("refunded_in_part", Turn::Nobody) } else { state.goes_on() })
        }
        "failed" | "canceled" => {
            let cause = match payout.failure.as_str() {
                "account_closed" => "payout_account_closed",
                "no_account" => "payout_no_account",
                _ => "payout_failed",
            };
            wait(state.to(Step::PayingOut).because(cause, Turn::Attorney).at(later))
        }
        _ => wait(state.to(Step::PayingOut).because("payout_pending", Turn::Nobody).at(later)),
    }
}

/// What the books must hold of these facts: movement, amount, currency and Stripe's name. Posted once each, whatever their order.
pub fn movements(facts: &Facts) -> Vec<(Movement, i64, String, String)> {
    let mut all = Vec::new();
    let Some(charge) = facts.intent.as_ref().and_then(|intent| intent.charge.as_ref()).filter(|charge| charge.succeeded) else {
        return all;
    };
    let mut add = |movement, amount: i64, currency: &str, reference: &str| {
        if amount > 0 {
            all.push((movement, amount, currency.to_owned(), reference.to_owned()));
        }
    };
    add(Movement::Charged, charge.amount, &charge.currency, &charge.id);
    add(Movement::Fee, charge.fee, &charge.fee_currency, &charge.id);
    if let Some(transfer) = &facts.transfer {
        add(Movement::Transferred, transfer.amount, &transfer.currency, &transfer.id);
    }
    for dispute in charge.disputes.iter().filter(|dispute| dispute.open || dispute.lost || dispute.won) {
        add(Movement::Withheld, dispute.amount, &charge.currency, &dispute.id);
        if dispute.won {
            add(Movement::Released, dispute.amount, &charge.currency, &dispute.id);
        }
        if dispute.lost {
            add(Movement::Lost, dispute.amount, &charge.currency, &dispute.id);
        }
    }
    for refund in &charge.refunds {
        add(Movement::Returned, refund.amount, &charge.currency, &refund.id);
    }
    if let Some(transfer) = &facts.transfer {
        for reversal in &transfer.reversals {
            add(Movement::Reversed, reversal.amount, &transfer.currency, &reversal.id);
        }
    }
    all
}
