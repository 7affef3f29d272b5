//! Payment methods: cards and US bank accounts, and whose they are.

use serde_json::{Value, json};

use super::numbers::{self, Authentication, Behaviour};
use crate::error::{Answer, ApiError};
use crate::money::overlay;
use crate::spec::merge_metadata;
use crate::world::{Call, World, matches, text};

/// A new, unattached payment method that behaves so.
pub fn make(world: &mut World, owner: &str, kind: &str, behaviour: &Behaviour, number: &str) -> String {
    let mut body = world.blank("payment_method", "pm_");
    let fingerprint = format!("{:016x}", number.bytes().fold(7_u64, |sum, b| sum.wrapping_mul(131).wrapping_add(u64::from(b))));
    let last4 = &number[number.len().saturating_sub(4)..];
    body["type"] = json!(kind);
    body["billing_details"] = json!({
        "address": { "city": null, "country": null, "line1": null, "line2": null, "postal_code": null, "state": null },
        "email": null, "name": null, "phone": null, "tax_id": null,
    });
    if kind == "card" {
        let mut card = crate::fixtures::fixture("payment_method").map(|f| f["card"].clone()).unwrap_or_default();
        overlay(
            &mut card,
            json!({
                "brand": behaviour.brand, "display_brand": behaviour.brand, "last4": last4, "fingerprint": fingerprint,
                "generated_from": null, "wallet": null, "exp_month": 12, "exp_year": 2034,
                "networks": { "available": [behaviour.brand], "preferred": null },
            }),
        );
        body["card"] = card;
    } else {
        if let Some(fields) = body.as_object_mut() {
            fields.remove("card");
        }
        body["us_bank_account"] = json!({
            "account_holder_type": "company", "account_type": "checking", "bank_name": "STRIPE TEST BANK",
            "financial_connections_account": null, "fingerprint": fingerprint, "last4": last4,
            "networks": { "preferred": "ach", "supported": ["ach"] }, "routing_number": "110000000", "status_details": null,
        });
    }
    world.add(owner, "payment_method", body, json!({ "behaviour": behaviour.name, "set_up": false, "charge_decline": null }))
}

/// The method of this id; a test token makes a new one.
pub fn resolve(world: &mut World, call: &Call, id: &str, param: &str) -> Result<String, ApiError> {
    if let Some((kind, behaviour)) = numbers::token(id) {
        return Ok(make(world, &call.owner, kind, behaviour, behaviour.number));
    }
    world.find(&call.owner, "payment_method", id, param)?;
    Ok(id.to_owned())
}

pub fn behaviour(world: &World, id: &str) -> &'static Behaviour {
    numbers::named(text(world.hidden(id), "behaviour"))
}

pub fn create(world: &mut World, call: &Call, params: &Value) -> Answer {
    let kind = params["type"].as_str().unwrap_or("card");
    let given = &params[kind];
    let (behaviour, number) = if kind == "card" {
        let number = given["number"].as_str().unwrap_or("").replace(' ', "");
        let missing = || ApiError::invalid("parameter_missing", "card[number]", "Missing required param: card[number].");
        let wrong = || ApiError::card("incorrect_number", None, "Your card number is incorrect.");
        (numbers::card(&number).ok_or_else(|| if number.is_empty() { missing() } else { wrong() })?, number)
    } else {
        let number = given["account_number"].as_str().unwrap_or("").to_owned();
        if number.is_empty() {
            let param = "us_bank_account[account_number]";
            return Err(ApiError::invalid("parameter_missing", param, format!("Missing required param: {param}.")));
        }
        (numbers::bank(&number).unwrap_or(&numbers::BANKS[0]), number)
    };
    let id = make(world, &call.owner, kind, behaviour, &number);
    fill(world, &id, params);
    Ok(world.render(&id))
}

fn fill(world: &mut World, id: &str, params: &Value) {
    if let Some(body) = world.body_mut(id) {
        for (key, value) in params["billing_details"].as_object().into_iter().flatten() {
            body["billing_details"][key.as_str()] = value.clone();
        }
        if let Some(value) = params.get("allow_redisplay") {
            body["allow_redisplay"] = value.clone();
        }
        merge_metadata(&mut body["metadata"], params.get("metadata"));
    }
}

pub fn retrieve(world: &mut World, call: &Call, _: &Value) -> Answer {
    let id = resolve(world, call, call.arg(0), "payment_method")?;
    Ok(world.render(&id))
}

pub fn update(world: &mut World, call: &Call, params: &Value) -> Answer {
    let before = world.find(&call.owner, "payment_method", call.arg(0), "payment_method")?;
    fill(world, call.arg(0), params);
    world.tell_change("payment_method.updated", call.arg(0), &before);
    Ok(world.render(call.arg(0)))
}

fn of_customer(world: &World, call: &Call, customer: Option<&str>, params: &Value) -> Answer {
    let Some(customer) = customer else {
        return Ok(json!({ "object": "list", "url": call.path, "has_more": false, "data": [] }));
    };
    world.find(&call.owner, "customer", customer, "customer")?;
    world.page(call, "payment_method", params, |body| {
        body["customer"] == *customer
            && matches(body, "type", params, "type")
            && matches(body, "allow_redisplay", params, "allow_redisplay")
    })
}

pub fn list(world: &mut World, call: &Call, params: &Value) -> Answer {
    of_customer(world, call, params["customer"].as_str(), params)
}

pub fn list_of_customer(world: &mut World, call: &Call, params: &Value) -> Answer {
    of_customer(world, call, Some(call.arg(0)), params)
}

/// Attaches, as far as the bank lets it.
pub fn attach_to(world: &mut World, call: &Call, method: &str, customer: &str) -> Result<String, ApiError> {
    world.find(&call.owner, "customer", customer, "customer")?;
    let id = resolve(world, call, method, "payment_method")?;
    match world.body(&id)["customer"].as_str() {
        Some(owner) if owner == customer => return Ok(id),
        Some(_) => {
            let message = "The payment method you provided has already been attached to a customer.";
            return Err(ApiError::refused("payment_method_unexpected_state", message));
        }
        None => {}
    }
    if let Some(code) = behaviour(world, &id).setup_decline {
        return Err(ApiError::card(numbers::error_code(code), Some(code), numbers::words(code)));
    }
    world.set(&id, "customer", json!(customer));
    world.tell("payment_method.attached", &id);
    Ok(id)
}

pub fn attach(world: &mut World, call: &Call, params: &Value) -> Answer {
    let id = attach_to(world, call, call.arg(0), params["customer"].as_str().unwrap_or(""))?;
    Ok(world.render(&id))
}

pub fn detach(world: &mut World, call: &Call, _: &Value) -> Answer {
    let before = world.find(&call.owner, "payment_method", call.arg(0), "payment_method")?;
    let Some(customer) = before["customer"].as_str().map(str::to_owned) else {
        let message = "The payment method you provided is not attached to a customer so detachment is impossible.";
        return Err(ApiError::refused("payment_method_unexpected_state", message));
    };
    if world.body(&customer)["invoice_settings"]["default_payment_method"] == call.arg(0)
        && let Some(body) = world.body_mut(&customer)
    {
        body["invoice_settings"]["default_payment_method"] = Value::Null;
    }
    world.set(call.arg(0), "customer", Value::Null);
    world.hide(call.arg(0), "detached", json!(true));
    world.tell_change("payment_method.detached", call.arg(0), &before);
    Ok(world.render(call.arg(0)))
}

/// Must the customer prove who they are for this?
pub fn needs_authentication(world: &World, id: &str, setting_up: bool, off_session: bool) -> bool {
    match behaviour(world, id).authentication {
        Authentication::Never => false,
        Authentication::Always => true,
        Authentication::AtSetUp => setting_up || !(off_session && world.hidden(id)["set_up"] == true),
    }
}
