//! Charges: made by payment intents, and by transfers on the connected account's side.

use serde_json::{Value, json};

use super::numbers::Then;
use super::{numbers, payment_methods};
use crate::error::Answer;
use crate::money::{self, Movement, overlay};
use crate::spec::merge_metadata;
use crate::world::{Call, World, matches, number, text};

/// The charge of this attempt: `succeeded`, `pending` (bank debits), or `failed` with a decline code.
pub fn make(world: &mut World, call: &Call, intent: &str, status: &str, decline: Option<&str>) -> String {
    let wish = world.body(intent).clone();
    let method = text(&wish, "payment_method").to_owned();
    let shown = world.body(&method).clone();
    let kind = text(&shown, "type").to_owned();
    let behaviour = payment_methods::behaviour(world, &method);
    let (amount, currency) = (number(&wish, "amount"), text(&wish, "currency").to_owned());
    let mut body = world.blank("charge", if kind == "card" { "ch_" } else { "py_" });
    let id = text(&body, "id").to_owned();
    let alive = decline.is_none();
    overlay(
        &mut body,
        json!({
            "amount": amount, "amount_captured": if alive { amount } else { 0 }, "captured": alive, "currency": currency,
            "balance_transaction": null, "billing_details": shown["billing_details"], "customer": wish["customer"],
            "calculated_statement_descriptor": "THE ONE LEGAL", "description": wish["description"], "metadata": wish["metadata"],
            "paid": alive && status == "succeeded", "payment_intent": intent, "payment_method": method, "status": status,
            "receipt_email": wish["receipt_email"], "statement_descriptor": wish["statement_descriptor"],
            "statement_descriptor_suffix": wish["statement_descriptor_suffix"], "transfer_group": wish["transfer_group"],
            "payment_method_details": details(world, &method, &shown, amount),
            "refunds": { "object": "list", "data": [], "has_more": false, "total_count": 0, "url": format!("/v1/charges/{id}/refunds") },
            "receipt_url": if alive { json!(format!("{}/_hosted/receipt/{id}", world.base)) } else { Value::Null },
            "outcome": {
                "advice_code": if alive { Value::Null } else { json!("try_again_later") },
                "network_advice_code": null, "network_decline_code": if alive { Value::Null } else { json!("05") },
                "network_status": if alive { "approved_by_network" } else { "declined_by_network" }, "reason": decline,
                "risk_level": "normal", "seller_message": if alive { "Payment complete." } else { "The bank declined the payment." },
                "type": if alive { "authorized" } else { "issuer_declined" },
            },
        }),
    );
    if let Some(code) = decline {
        body["failure_code"] = json!(numbers::error_code(code));
        body["failure_message"] = json!(numbers::words(code));
    }
    let id = world.add(&call.owner, "charge", body, Value::Null);
    if alive {
        let wait = match (kind.as_str(), behaviour.then) {
            (_, Then::Available) => 0,
            ("card", _) => world.settings.card_available_after,
            _ => world.settings.debit_settles_after,
        };
        let available_on = world.now() + wait;
        let posted = world.post(Movement {
            owner: &call.owner,
            amount,
            fee: money::fee(amount, &currency, &kind),
            currency: &currency,
            kind: if kind == "card" { "charge" } else { "payment" },
            category: "charge",
            source: &id,
            available_on,
            description: wish["description"].as_str().map(str::to_owned),
        });
        world.set(&id, "balance_transaction", json!(posted));
    }
    id
}

fn details(world: &World, method: &str, shown: &Value, amount: i64) -> Value {
    if shown["type"] == "us_bank_account" {
        let bank = &shown["us_bank_account"];
        return json!({
            "type": "us_bank_account",
            "us_bank_account": {
                "account_holder_type": bank["account_holder_type"], "account_type": bank["account_type"], "bank_name": bank["bank_name"],
                "expected_debit_date": null, "fingerprint": bank["fingerprint"], "last4": bank["last4"],
                "mandate": world.hidden(method)["mandate"], "payment_reference": null, "routing_number": bank["routing_number"],
            },
        });
    }
    let card = &shown["card"];
    let mut details = crate::fixtures::fixture("charge").map(|f| f["payment_method_details"].clone()).unwrap_or_default();
    overlay(
        &mut details["card"],
        json!({
            "amount_authorized": amount, "brand": card["brand"], "country": card["country"], "exp_month": card["exp_month"],
            "exp_year": card["exp_year"], "fingerprint": card["fingerprint"], "funding": card["funding"], "last4": card["last4"],
            "network": card["brand"], "installments": null, "three_d_secure": null, "wallet": null,
            "overcapture": { "maximum_amount_capturable": amount, "status": "unavailable" },
        }),
    );
    details
}

/// A pending charge has come in.
pub fn paid(world: &mut World, id: &str) {
    world.set(id, "status", json!("succeeded"));
    world.set(id, "paid", json!(true));
}

/// What a connected account sees of a transfer: a payment of its own.
pub fn from_transfer(world: &mut World, account: &str, transfer: &str, amount: i64, currency: &str, available_on: i64) -> String {
    let mut body = world.blank("charge", "py_");
    let id = text(&body, "id").to_owned();
    overlay(
        &mut body,
        json!({
            "amount": amount, "amount_captured": amount, "captured": true, "currency": currency, "paid": true, "status": "succeeded",
            "source_transfer": transfer, "billing_details": {
                "address": { "city": null, "country": null, "line1": null, "line2": null, "postal_code": null, "state": null },
                "email": null, "name": null, "phone": null, "tax_id": null,
            },
            "refunds": { "object": "list", "data": [], "has_more": false, "total_count": 0, "url": format!("/v1/charges/{id}/refunds") },
        }),
    );
    world.add(account, "charge", body, Value::Null);
    let posted = world.post(Movement {
        owner: account,
        amount,
        fee: 0,
        currency,
        kind: "payment",
        category: "charge",
        source: &id,
        available_on,
        description: None,
    });
    world.set(&id, "balance_transaction", json!(posted));
    world.tell("payment.created", &id);
    id
}

pub fn retrieve(world: &mut World, call: &Call, _: &Value) -> Answer {
    world.find(&call.owner, "charge", call.arg(0), "id")
}

pub fn update(world: &mut World, call: &Call, params: &Value) -> Answer {
    let before = world.find(&call.owner, "charge", call.arg(0), "id")?;
    if let Some(body) = world.body_mut(call.arg(0)) {
        for key in ["description", "receipt_email", "transfer_group"] {
            if let Some(value) = params.get(key) {
                body[key] = value.clone();
            }
        }
        merge_metadata(&mut body["metadata"], params.get("metadata"));
    }
    world.tell_change("charge.updated", call.arg(0), &before);
    Ok(world.render(call.arg(0)))
}

pub fn list(world: &mut World, call: &Call, params: &Value) -> Answer {
    world.page(call, "charge", params, |body| {
        matches(body, "customer", params, "customer")
            && matches(body, "payment_intent", params, "payment_intent")
            && matches(body, "transfer_group", params, "transfer_group")
    })
}
