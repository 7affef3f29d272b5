//! Transfers to connected accounts: out of the available balance, or out of a charge (`source_transaction`).

use serde_json::{Value, json};

use super::{charges, payouts};
use crate::error::{Answer, ApiError};
use crate::money::{Movement, overlay};
use crate::spec::merge_metadata;
use crate::world::{Call, World, matches, number, text};

pub fn create(world: &mut World, call: &Call, params: &Value) -> Answer {
    let currency = params["currency"].as_str().unwrap_or("usd").to_owned();
    let destination = params["destination"].as_str().unwrap_or("").to_owned();
    let account = world.find(&world.platform.clone(), "account", &destination, "destination")?;
    let source = match params["source_transaction"].as_str() {
        Some(source) => Some(world.find(&call.owner, "charge", source, "source_transaction")?),
        None => None,
    };
    let amount = match (params["amount"].as_i64(), &source) {
        (Some(amount), _) => amount,
        (None, Some(source)) => number(source, "amount"),
        (None, None) => return Err(ApiError::invalid("parameter_missing", "amount", "Missing required param: amount.")),
    };
    if amount < 1 {
        return Err(ApiError::invalid("parameter_invalid_integer", "amount", "This value must be greater than or equal to 1."));
    }
    let able = ["transfers", "crypto_transfers", "legacy_payments"];
    if !able.iter().any(|name| account["capabilities"][*name] == "active") {
        let message = "Your destination account needs to have at least one of the following capabilities enabled: transfers, \
            crypto_transfers, legacy_payments";
        return Err(ApiError::refused("insufficient_capabilities_for_transfer", message).param("destination"));
    }
    let now = world.now();
    let available_on = match &source {
        Some(source) => from_charge(world, source, amount, &currency)?,
        None => {
            if world.purse(&call.owner, &currency).available < amount {
                let message = "You have insufficient available funds in your Stripe account. One likely reason is that your funds are \
                    still pending; `source_transaction` transfers them as they become available.";
                return Err(ApiError::refused("balance_insufficient", message));
            }
            now
        }
    };
    let group = group(world, source.as_ref(), params)?;
    let mut body = world.blank("transfer", "tr_");
    let id = text(&body, "id").to_owned();
    overlay(
        &mut body,
        json!({
            "amount": amount, "currency": currency, "description": params["description"], "destination": destination,
            "source_transaction": source.as_ref().map(|s| s["id"].clone()), "transfer_group": group,
            "source_type": params["source_type"].as_str().unwrap_or("card"), "balance_transaction": null, "destination_payment": null,
            "reversals": { "object": "list", "data": [], "has_more": false, "total_count": 0, "url": format!("/v1/transfers/{id}/reversals") },
        }),
    );
    merge_metadata(&mut body["metadata"], params.get("metadata"));
    world.add(&call.owner, "transfer", body, Value::Null);
    if let Some(source) = &source {
        given_on(world, text(source, "id"), amount);
    }
    let moved = world.post(Movement {
        owner: &call.owner,
        amount: -amount,
        fee: 0,
        currency: &currency,
        kind: "transfer",
        category: "transfer",
        source: &id,
        available_on,
        description: params["description"].as_str().map(str::to_owned),
    });
    let payment = charges::from_transfer(world, &destination, &id, amount, &currency, available_on);
    world.set(&id, "balance_transaction", json!(moved));
    world.set(&id, "destination_payment", json!(payment));
    world.tell("transfer.created", &id);
    payouts::plan_at(world, &destination, &currency, available_on);
    Ok(world.render(&id))
}

/// A charge can be given on up to its amount; the money is available when the charge's is.
fn from_charge(world: &World, source: &Value, amount: i64, currency: &str) -> Result<i64, ApiError> {
    let id = text(source, "id");
    if source["status"] == "failed" {
        let message = format!("Charge {id} failed; it cannot be the source_transaction of a transfer.");
        return Err(ApiError::refused("charge_invalid_parameter", message).param("source_transaction"));
    }
    if source["currency"] != currency {
        let message =
            format!("The currency of source_transaction's balance transaction ({}) differs from {currency}.", source["currency"]);
        return Err(ApiError::refused("parameter_invalid", message).param("currency"));
    }
    let given = number(world.hidden(id), "given_on");
    let left = number(source, "amount") - number(source, "amount_refunded") - given;
    if amount > left {
        let message = format!("The amount ({amount}) is greater than what is left of source_transaction {id} ({left}).");
        return Err(ApiError::refused("balance_insufficient", message).param("amount"));
    }
    Ok(number(world.body(text(source, "balance_transaction")), "available_on").max(world.now()))
}

/// Counts what of a charge has been given on; a reversal counts back.
pub fn given_on(world: &mut World, charge: &str, amount: i64) {
    let so_far = number(world.hidden(charge), "given_on");
    world.hide(charge, "given_on", json!(so_far + amount));
}

fn group(world: &mut World, source: Option<&Value>, params: &Value) -> Answer {
    let Some(source) = source else { return Ok(params["transfer_group"].clone()) };
    let given = &params["transfer_group"];
    match source["transfer_group"].as_str() {
        Some(group) if !given.is_null() && given != group => {
            let message = format!("transfer_group must be that of source_transaction ({group}).");
            Err(ApiError::refused("parameter_invalid", message).param("transfer_group"))
        }
        Some(group) => Ok(json!(group)),
        None => {
            let made = given.as_str().map_or_else(
                || format!("group_{}", source["payment_intent"].as_str().unwrap_or_else(|| text(source, "id"))),
                str::to_owned,
            );
            world.set(text(source, "id"), "transfer_group", json!(made));
            Ok(json!(made))
        }
    }
}

pub fn retrieve(world: &mut World, call: &Call, _: &Value) -> Answer {
    world.find(&call.owner, "transfer", call.arg(0), "id")
}

pub fn update(world: &mut World, call: &Call, params: &Value) -> Answer {
    let before = world.find(&call.owner, "transfer", call.arg(0), "id")?;
    if let Some(body) = world.body_mut(call.arg(0)) {
        if let Some(description) = params.get("description") {
            body["description"] = description.clone();
        }
        merge_metadata(&mut body["metadata"], params.get("metadata"));
    }
    world.tell_change("transfer.updated", call.arg(0), &before);
    Ok(world.render(call.arg(0)))
}

pub fn list(world: &mut World, call: &Call, params: &Value) -> Answer {
    world.page(call, "transfer", params, |body| {
        matches(body, "destination", params, "destination") && matches(body, "transfer_group", params, "transfer_group")
    })
}
