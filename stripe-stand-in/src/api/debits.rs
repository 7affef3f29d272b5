//! Bank debits days later: they settle, or fail.

use serde_json::json;

use super::numbers::{self, Then};
use super::{charges, payment_methods, payments};
use crate::due::Due;
use crate::error::ApiError;
use crate::money::Movement;
use crate::world::{World, number, text};

/// The bank has answered.
pub fn settle(world: &mut World, intent: &str, failure: Option<&str>) {
    let body = world.body(intent).clone();
    if body["status"] != "processing" {
        return;
    }
    let charge = text(&body, "latest_charge").to_owned();
    let method = text(&body, "payment_method").to_owned();
    match failure {
        None => {
            charges::paid(world, &charge);
            payments::succeed(world, intent, &charge);
            match payment_methods::behaviour(world, &method).then {
                Then::Disputed(reason) => {
                    let at = world.now() + 86_400;
                    world.schedule(at, Due::Disputed { charge, reason: reason.to_owned() });
                }
                Then::Returned(reason) => {
                    let at = world.now() + world.settings.debit_returned_after;
                    world.schedule(at, Due::DebitReturned { charge, reason: reason.to_owned() });
                }
                _ => {}
            }
        }
        Some(code) => fail(world, intent, &charge, &method, code),
    }
}

/// The bank refused: what had been pending is taken back.
fn fail(world: &mut World, intent: &str, charge: &str, method: &str, code: &str) {
    let owner = world.owner(charge);
    let body = world.body(charge).clone();
    let first = text(&body, "balance_transaction").to_owned();
    let back = world.body(&first).clone();
    let moved = world.post(Movement {
        owner: &owner,
        amount: -number(&body, "amount"),
        fee: -number(&back, "fee"),
        currency: text(&body, "currency"),
        kind: "payment_failure_refund",
        category: "payment_failure_refund",
        source: charge,
        available_on: number(&back, "available_on"),
        description: Some("Payment failure".to_owned()),
    });
    let words = numbers::bank_words(code);
    for (key, value) in [
        ("status", json!("failed")),
        ("paid", json!(false)),
        ("captured", json!(false)),
        ("amount_captured", json!(0)),
        ("failure_code", json!(code)),
        ("failure_message", json!(words)),
        ("failure_balance_transaction", json!(moved)),
    ] {
        world.set(charge, key, value);
    }
    if code != "insufficient_funds" {
        world.hide(method, "blocked", json!(code));
    }
    world.tell("charge.failed", charge);
    let error = ApiError::card(code, None, words).with("charge", json!(charge));
    payments::remember_error(world, intent, method, &error);
    world.tell("payment_intent.payment_failed", intent);
}
