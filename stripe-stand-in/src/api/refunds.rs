//! Refunds of charges.

use serde_json::{Value, json};

use crate::error::{Answer, ApiError};
use crate::money::{Movement, overlay};
use crate::spec::merge_metadata;
use crate::world::{Call, World, matches, number, text};

pub fn create(world: &mut World, call: &Call, params: &Value) -> Answer {
    let charge = match (params["charge"].as_str(), params["payment_intent"].as_str()) {
        (Some(_), Some(_)) => {
            return Err(ApiError::invalid(
                "parameters_exclusive",
                "payment_intent",
                "Give `charge` or `payment_intent`, not both.",
            ));
        }
        (Some(charge), None) => world.find(&call.owner, "charge", charge, "charge")?,
        (None, Some(intent)) => {
            let intent = world.find(&call.owner, "payment_intent", intent, "payment_intent")?;
            let Some(charge) = intent["latest_charge"].as_str() else {
                let message = "This PaymentIntent does not have a successful charge to refund.";
                return Err(ApiError::refused("charge_not_refundable", message));
            };
            world.find(&call.owner, "charge", charge, "charge")?
        }
        (None, None) => return Err(ApiError::invalid("parameter_missing", "charge", "Missing required param: charge.")),
    };
    let id = text(&charge, "id").to_owned();
    if charge["status"] != "succeeded" {
        return Err(ApiError::refused("charge_not_refundable", format!("Charge {id} did not succeed and cannot be refunded.")));
    }
    if charge["disputed"] == true {
        return Err(ApiError::refused("charge_disputed", format!("Charge {id} has been charged back; cannot issue a refund.")));
    }
    let left = number(&charge, "amount") - number(&charge, "amount_refunded");
    if left == 0 {
        return Err(ApiError::refused("charge_already_refunded", format!("Charge {id} has already been refunded.")));
    }
    let amount = params["amount"].as_i64().unwrap_or(left);
    if amount < 1 || amount > left {
        let message =
            format!("Refund amount ({amount}) must be positive and not greater than what is left of the charge ({left}).");
        return Err(ApiError::refused("parameter_invalid_integer", message).param("amount"));
    }
    let currency = text(&charge, "currency").to_owned();
    let kind = text(&charge["payment_method_details"], "type").to_owned();
    let mut body = world.blank("refund", if kind == "card" { "re_" } else { "pyr_" });
    let refund = text(&body, "id").to_owned();
    overlay(
        &mut body,
        json!({
            "amount": amount, "charge": id, "currency": currency, "payment_intent": charge["payment_intent"], "reason": params["reason"],
            "status": "succeeded", "customer": charge["customer"], "payment_method": charge["payment_method"],
            "destination_details": if kind == "card" {
                json!({ "card": { "reference": null, "reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund" }, "type": "card" })
            } else {
                json!({ "type": "us_bank_transfer", "us_bank_transfer": { "reference": null, "reference_status": "pending" } })
            },
        }),
    );
    merge_metadata(&mut body["metadata"], params.get("metadata"));
    world.add(&call.owner, "refund", body, Value::Null);
    let now = world.now();
    let posted = world.post(Movement {
        owner: &call.owner,
        amount: -amount,
        fee: 0,
        currency: &currency,
        kind: "refund",
        category: "refund",
        source: &refund,
        available_on: now,
        description: Some("REFUND FOR CHARGE".to_owned()),
    });
    world.set(&refund, "balance_transaction", json!(posted));
    let shown = world.render(&refund);
    if let Some(charge) = world.body_mut(&id) {
        let refunded = number(charge, "amount_refunded") + amount;
        charge["amount_refunded"] = json!(refunded);
        charge["refunded"] = json!(refunded == number(charge, "amount"));
        if let Some(list) = charge["refunds"]["data"].as_array_mut() {
            list.insert(0, shown);
            charge["refunds"]["total_count"] = json!(charge["refunds"]["data"].as_array().map_or(0, Vec::len));
        }
    }
    world.tell("refund.created", &refund);
    world.tell("charge.refunded", &id);
    Ok(world.render(&refund))
}

pub fn retrieve(world: &mut World, call: &Call, _: &Value) -> Answer {
    world.find(&call.owner, "refund", call.arg(0), "id")
}

pub fn update(world: &mut World, call: &Call, params: &Value) -> Answer {
    let before = world.find(&call.owner, "refund", call.arg(0), "id")?;
    if let Some(body) = world.body_mut(call.arg(0)) {
        merge_metadata(&mut body["metadata"], params.get("metadata"));
    }
    world.tell_change("refund.updated", call.arg(0), &before);
    Ok(world.render(call.arg(0)))
}

pub fn list(world: &mut World, call: &Call, params: &Value) -> Answer {
    world.page(call, "refund", params, |body| {
        matches(body, "charge", params, "charge") && matches(body, "payment_intent", params, "payment_intent")
    })
}
