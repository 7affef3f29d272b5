//! The model test: a month's settlement while calls, webhooks and the process itself fail at random.
//!
//! `MODEL_RUNS=10000 cargo test --release --test it payments::model -- --nocapture` runs it at length; `MODEL_SEED` begins elsewhere.
//! At every step: never two charges for a period that both stand, never a transfer without its charge, the ledger balanced. In
//! the end: paid, or somebody's turn with a named next step, or a moment at which it goes on.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use entity::{
    ids::SettlementId,
    payments::{Step, Turn},
};
use one_legal::{
    payments::{self, Cause},
    platform::{Actor, Jobs},
};
use serde_json::{Value, json};
use stripe_stand_in::{DeliveryMode, Fault, FaultKind};

use super::till::{DAY, Till};
use crate::support::dice::{Dice, number};

/// A process that is killed: the future is dropped after so many looks at it.
struct Killed<F> {
    inner: Pin<Box<F>>,
    left: u64,
}

impl<F: Future> Future for Killed<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        self.inner.as_mut().poll(context).map(Some)
    }
}

const METHODS: &[&str] = &[
    "4242424242424242",
    "4242424242424242",
    "4000000000000077",
    "4000000000000341",
    "4000002760003184",
    "4000000000000259",
    "000123456789",
    "000222222227",
    "000999999991",
    "000111111113",
];

const CALLS: &[(&str, &str)] = &[
    ("POST", "/v1/payment_intents"),
    ("POST", "/v1/payment_intents"),
    ("POST", "/v1/transfers"),
    ("POST", "/v1/transfers"),
    ("POST", "/v1/transfers/*"),
    ("POST", "/v1/payment_intents/*"),
    ("GET", "*"),
];

fn fault(dice: &mut Dice) -> Fault {
    let (method, path) = *dice.of(CALLS);
    let kind = match dice.below(if method == "GET" { 5 } else { 9 }) {
        0 => FaultKind::CutBefore,
        1 => FaultKind::CutAfter,
        2 => FaultKind::RateLimit,
        3 => FaultKind::ErrorBefore,
        4 if dice.one_in(4) => FaultKind::TimeoutBefore,
        5 => FaultKind::ErrorStored,
        6 => FaultKind::ErrorAfter,
        7 if dice.one_in(4) => FaultKind::TimeoutAfter,
        8 if path == "/v1/payment_intents" => FaultKind::Decline { code: "insufficient_funds".to_owned() },
        _ => FaultKind::CutAfter,
    };
    let nth = 1 + dice.below(3);
    Fault { times: 1 + dice.below(2), ..Fault::once(method, path, kind).from_call(nth) }
}

/// What must hold at every moment.
async fn check(till: &Till, id: SettlementId, agreement: &str, amount: i64) {
    let money = till.stripe.money();
    let ours = |list: &str| -> Vec<Value> {
        let all = money[list].as_array().cloned().unwrap_or_default();
        all.into_iter().filter(|one| one["metadata"]["settlement"] == id.to_string()).collect()
    };
    let charges: Vec<Value> = ours("charges").into_iter().filter(|charge| charge["status"] == "succeeded").collect();
    let lost = |charge: &Value| {
        let disputes = money["disputes"].as_array().cloned().unwrap_or_default();
        disputes.iter().any(|dispute| dispute["charge"] == charge["id"] && dispute["status"] == "lost")
    };
    let standing = charges.iter().filter(|charge| !lost(charge) && charge["amount_refunded"] != charge["amount"]).count();
    assert!(standing <= 1, "{standing} charges of {agreement} stand: {charges:#?}");
    for charge in &charges {
        assert_eq!(charge["amount"], amount);
    }
    let transfers = ours("transfers");
    for transfer in &transfers {
        let source = charges.iter().filter(|charge| charge["id"] == transfer["source_transaction"]).count();
        assert_eq!(source, 1, "a transfer without a charge: {transfer:#?}");
        let same = transfers.iter().filter(|other| other["source_transaction"] == transfer["source_transaction"]).count();
        assert_eq!(same, 1, "a charge passed on twice: {transfers:#?}");
    }
    till.is_balanced(agreement).await;
}

async fn run(till: &Till, seed: u64, number: u64) {
    let mut dice = Dice(seed);
    let agreement = format!("retainer:run-{number}");
    let method = *dice.of(METHODS);
    till.give_method(&till.customer, method).await;
    for _ in 0..dice.below(5) {
        till.stripe.fault(fault(&mut dice));
    }
    till.deliveries(match dice.below(4) {
        0 => DeliveryMode { drop: 1.0, ..DeliveryMode::default() },
        1 => DeliveryMode::default(),
        _ => DeliveryMode {
            drop: 0.3,
            duplicate: 0.3,
            shuffle: true,
            delay_from: 0,
            delay_to: 3 * DAY,
            at_once: 4,
            ..DeliveryMode::default()
        },
    });
    let amount = 50_000 + dice.below(100_000_i64);
    let id = till.bill_of(&agreement, "2026-02-01", amount).await;
    for _ in 0..14 {
        match dice.below(16) {
            0 => {
                till.admin(&format!("account/{}/restrict", till.account), json!({ "reason": "requirements.past_due" }));
            }
            1 => {
                till.admin(&format!("account/{}/unrestrict", till.account), json!({}));
            }
            2 => {
                if let Some(charge) = till.row(id).await.charge {
                    let _ = till.stripe.admin("POST", &format!("charge/{charge}/dispute"), json!({}));
                }
            }
            3 | 4 => {
                for dispute in till.stripe.money()["disputes"].as_array().cloned().unwrap_or_default() {
                    let verb = if dice.one_in(2) { "win" } else { "lose" };
                    let name = dispute["id"].as_str().expect("an id");
                    let _ = till.stripe.admin("POST", &format!("dispute/{name}/{verb}"), json!({}));
                }
            }
            5 => {
                till.admin(&format!("account/{}/fail_next_payout", till.account), json!({ "code": "account_closed" }));
            }
            6 => {
                let method = *dice.of(METHODS);
                till.give_method(&till.customer, method).await;
            }
            _ => {}
        }
        let seconds = 60 + dice.below(2 * 86_400_i64);
        till.stripe.advance(seconds);
        till.platform().clock.advance(seconds * 1_000);
        till.stripe.settled().await;
        let inner = Box::pin(Jobs::run_due(till.platform()));
        if dice.one_in(2) {
            let left = 1 + dice.below(60);
            let _ = Killed { inner, left }.await;
        } else {
            let _ = inner.await;
        }
        check(till, id, &agreement, amount).await;
    }
    // The faults end, and the world goes on.
    till.stripe.clear_faults();
    till.deliveries(DeliveryMode::default());
    till.admin(&format!("account/{}/unrestrict", till.account), json!({}));
    till.admin(&format!("account/{}/change_bank", till.account), json!({ "account_number": "000123456789" }));
    for _ in 0..12 {
        till.stripe.advance(4 * DAY);
        till.platform().clock.advance(4 * DAY * 1_000);
        till.quiet().await;
        if matches!(till.row(id).await.step, Step::Paid | Step::Failed) {
            break;
        }
    }
    check(till, id, &agreement, amount).await;
    let row = till.row(id).await;
    let named = row.step == Step::Paid
        || (row.turn != Turn::Nobody
            && Cause(row.cause.clone()).fix(row.turn).is_some()
            && !Cause(row.cause.clone()).words().is_empty());
    assert!(named, "run {number} (seed {seed}, {method}) ends at {} with `{}`, {}'s turn", row.step, row.cause, row.turn);
}

/// Our books against the stand-in's, which on a busy machine may once take longer than a call may.
async fn reconciled(till: &Till) -> payments::Reconciled {
    let look = || payments::reconcile(till.platform(), Actor::program("test"), "test");
    match look().await {
        Ok(seen) => seen,
        Err(_) => look().await.expect("reconciled"),
    }
    .expect("set up")
}

#[actix_web::test]
async fn whatever_fails_nothing_is_paid_twice_and_every_run_ends_with_an_owner() {
    let (runs, first) = (number("MODEL_RUNS", 12), number("MODEL_SEED", 1));
    let mut done = 0;
    while done < runs {
        // Stripe's lists are read from end to end, so the world begins anew now and then.
        let till = Till::with(&[("STRIPE_TIMEOUT_MS", "600")], "4242424242424242", "000123456789").await;
        for _ in 0..5.min(runs - done) {
            run(&till, first + done, done).await;
            done += 1;
        }
        let seen = reconciled(&till).await;
        assert_eq!(seen.differences, Vec::<String>::new(), "after run {done}");
        if runs > 12 {
            println!("{done} runs");
        }
    }
}
