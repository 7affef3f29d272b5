//! Disputes of card holders, and returns of bank debits, which Stripe models as disputes that cannot be won.

use serde_json::{Value, json};

use crate::due::Due;
use crate::error::{Answer, ApiError};
use crate::money::{Movement, overlay};
use crate::spec::merge_metadata;
use crate::world::{Call, World, matches, number, text};

/// Only a charge that succeeded can be disputed, and only once.
pub fn disputable(world: &World, charge: &str) -> Result<(), ApiError> {
    let body = world.body(charge);
    let before = world.shelf(&world.owner(charge), "dispute").iter().any(|id| world.body(id)["charge"] == charge);
    if body["status"] == "succeeded" && body["refunded"] != true && !before {
        return Ok(());
    }
    Err(ApiError::refused(
        "charge_disputed",
        format!("Charge {charge} cannot be disputed (again): it is {}.", text(body, "status")),
    ))
}

/// A dispute of a whole charge: the money leaves the platform at once, with the fee.
pub fn open(world: &mut World, charge: &str, reason: &str) -> String {
    let body = world.body(charge).clone();
    let owner = world.owner(charge);
    let card = body["payment_method_details"]["type"] == "card";
    let (amount, currency) = (number(&body, "amount"), text(&body, "currency").to_owned());
    let mut dispute = world.blank("dispute", "du_");
    let id = text(&dispute, "id").to_owned();
    let now = world.now();
    let details = json!({
        "type": "card",
        "card": { "brand": body["payment_method_details"]["card"]["brand"], "case_type": "chargeback", "network_reason_code": "10.4",
            "network": body["payment_method_details"]["card"]["network"] },
    });
    overlay(
        &mut dispute,
        json!({
            "amount": amount, "charge": charge, "currency": currency, "is_charge_refundable": false, "reason": reason,
            "payment_intent": body["payment_intent"], "status": if card { "needs_response" } else { "lost" },
            "payment_method_details": if card { details } else { Value::Null },
            "evidence_details": {
                "due_by": if card { json!(now + 7 * 86_400) } else { Value::Null }, "has_evidence": false, "past_due": false,
                "submission_count": 0, "enhanced_eligibility": {},
            },
            "enhanced_eligibility_types": [],
        }),
    );
    world.add(&owner, "dispute", dispute, Value::Null);
    world.set(charge, "disputed", json!(true));
    let moved = withdraw(world, &owner, &id, -amount, if card { 1500 } else { 0 }, &currency);
    push_line(world, &id, &moved);
    if card {
        world.schedule(now + 7 * 86_400, Due::EvidenceLapses { dispute: id.clone() });
    } else if reason == "debit_not_authorized" {
        revoke(world, text(&body, "payment_method"));
    }
    world.tell("charge.dispute.created", &id);
    world.tell("charge.dispute.funds_withdrawn", &id);
    if !card {
        world.tell("charge.dispute.closed", &id);
    }
    id
}

/// A customer who disputes a debit takes back the mandate: the bank account cannot be debited again.
fn revoke(world: &mut World, method: &str) {
    world.hide(method, "blocked", json!("debit_not_authorized"));
    let Some(mandate) = world.hidden(method)["mandate"].as_str().map(str::to_owned) else { return };
    let before = world.body(&mandate).clone();
    world.set(&mandate, "status", json!("inactive"));
    world.tell_change("mandate.updated", &mandate, &before);
}

/// Nobody answered in time: the dispute is lost.
pub fn lapse(world: &mut World, id: &str) {
    if world.body(id)["status"] == "needs_response" {
        if let Some(body) = world.body_mut(id) {
            body["evidence_details"]["past_due"] = json!(true);
        }
        // It is open, so it can be decided.
        drop(decide(world, id, false));
    }
}

fn withdraw(world: &mut World, owner: &str, dispute: &str, amount: i64, fee: i64, currency: &str) -> String {
    let now = world.now();
    world.post(Movement {
        owner,
        amount,
        fee,
        currency,
        kind: "adjustment",
        category: if amount < 0 { "dispute" } else { "dispute_reversal" },
        source: dispute,
        available_on: now,
        description: Some(if amount < 0 { "Chargeback withdrawal" } else { "Chargeback reversal" }.to_owned()),
    })
}

fn push_line(world: &mut World, dispute: &str, line: &str) {
    let shown = world.render(line);
    if let Some(lines) = world.body_mut(dispute).and_then(|body| body["balance_transactions"].as_array_mut()) {
        lines.push(shown);
    }
}

/// The bank has decided.
pub fn decide(world: &mut World, id: &str, won: bool) -> Result<(), ApiError> {
    let body = world.body(id).clone();
    if ["won", "lost"].contains(&text(&body, "status")) || body.is_null() {
        return Err(ApiError::refused("status_transition_invalid", format!("Dispute {id} is already closed.")));
    }
    world.set(id, "status", json!(if won { "won" } else { "lost" }));
    if won {
        let owner = world.owner(id);
        let line = withdraw(world, &owner, id, number(&body, "amount"), 0, text(&body, "currency"));
        push_line(world, id, &line);
        world.set(text(&body, "charge"), "disputed", json!(false));
        world.tell("charge.dispute.funds_reinstated", id);
    }
    world.tell("charge.dispute.closed", id);
    Ok(())
}

pub fn update(world: &mut World, call: &Call, params: &Value) -> Answer {
    let before = world.find(&call.owner, "dispute", call.arg(0), "id")?;
    if ["won", "lost"].contains(&text(&before, "status")) {
        return Err(ApiError::refused(
            "status_transition_invalid",
            "This dispute is already closed; its evidence cannot be changed.",
        ));
    }
    for key in params["evidence"].as_object().into_iter().flatten().map(|(key, _)| key) {
        if before["evidence"].get(key).is_none() {
            let name = format!("evidence[{key}]");
            return Err(ApiError::invalid("parameter_unknown", &name, format!("Received unknown parameter: {name}")));
        }
    }
    if let Some(body) = world.body_mut(call.arg(0)) {
        for (key, value) in params["evidence"].as_object().into_iter().flatten() {
            body["evidence"][key.as_str()] = value.clone();
            body["evidence_details"]["has_evidence"] = json!(true);
        }
        // Without `submit` Stripe submits what is given.
        if params["submit"] != false && params.get("evidence").is_some() {
            body["status"] = json!("under_review");
            body["evidence_details"]["submission_count"] = json!(number(&body["evidence_details"], "submission_count") + 1);
        }
        merge_metadata(&mut body["metadata"], params.get("metadata"));
    }
    world.tell_change("charge.dispute.updated", call.arg(0), &before);
    Ok(world.render(call.arg(0)))
}

pub fn close(world: &mut World, call: &Call, _: &Value) -> Answer {
    world.find(&call.owner, "dispute", call.arg(0), "id")?;
    decide(world, call.arg(0), false)?;
    Ok(world.render(call.arg(0)))
}

pub fn retrieve(world: &mut World, call: &Call, _: &Value) -> Answer {
    world.find(&call.owner, "dispute", call.arg(0), "id")
}

pub fn list(world: &mut World, call: &Call, params: &Value) -> Answer {
    world.page(call, "dispute", params, |body| {
        matches(body, "charge", params, "charge") && matches(body, "payment_intent", params, "payment_intent")
    })
}
