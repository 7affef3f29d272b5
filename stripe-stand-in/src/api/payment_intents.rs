//! Payment intents: one payment from its wish to its end.

use serde_json::{Value, json};

use super::{payment_methods, payments, setup_intents};
use crate::error::{Answer, ApiError};
use crate::money::{chargeable, overlay};
use crate::spec::merge_metadata;
use crate::world::{Call, World, matches, text};

pub fn create(world: &mut World, call: &Call, params: &Value) -> Answer {
    let amount = params["amount"].as_i64().unwrap_or(0);
    let currency = params["currency"].as_str().unwrap_or("usd");
    chargeable(amount, currency)?;
    let types = setup_intents::types(params, Some(currency))?;
    if let Some(customer) = params["customer"].as_str() {
        if world.hidden(customer)["deleted"] == true {
            return Err(ApiError::missing("customer", customer, "customer"));
        }
        world.find(&call.owner, "customer", customer, "customer")?;
    }
    let confirms = params["confirm"] == true;
    for key in ["off_session", "return_url", "mandate", "mandate_data", "error_on_requires_action"] {
        if !confirms && !params[key].is_null() {
            let message = format!("`{key}` can only be given together with confirm=true.");
            return Err(ApiError::invalid("parameter_invalid", key, message));
        }
    }
    let redirects = params["automatic_payment_methods"]["allow_redirects"].as_str().unwrap_or("always");
    let method = match params["payment_method"].as_str() {
        Some(method) => Some(payment_methods::resolve(world, call, method, "payment_method")?),
        None => None,
    };
    let mut body = world.blank("payment_intent", "pi_");
    let secret = format!("{}_secret_{}", text(&body, "id"), world.dice.letters(25));
    overlay(
        &mut body,
        json!({
            "amount": amount, "currency": currency, "client_secret": secret, "customer": params["customer"],
            "automatic_payment_methods": { "allow_redirects": redirects, "enabled": true },
            "capture_method": params["capture_method"].as_str().unwrap_or("automatic_async"),
            "confirmation_method": params["confirmation_method"].as_str().unwrap_or("automatic"),
            "description": params["description"], "payment_method_types": types, "payment_method_options": {},
            "receipt_email": params["receipt_email"], "setup_future_usage": params["setup_future_usage"], "shipping": params["shipping"],
            "statement_descriptor": params["statement_descriptor"], "payment_method": method,
            "statement_descriptor_suffix": params["statement_descriptor_suffix"], "transfer_group": params["transfer_group"],
            "status": if method.is_some() { "requires_confirmation" } else { "requires_payment_method" },
            "allowed_payment_method_types": params["allowed_payment_method_types"],
        }),
    );
    merge_metadata(&mut body["metadata"], params.get("metadata"));
    let attempt = payments::Attempt::of(params);
    if confirms {
        // What cannot be attempted makes no intent.
        payments::possible(world, &body, method.as_deref(), &attempt)?;
    }
    let id = world.add(&call.owner, "payment_intent", body, Value::Null);
    world.tell("payment_intent.created", &id);
    if confirms {
        payments::attempt(world, call, &id, &attempt)?;
    }
    Ok(world.render(&id))
}

fn state_error(verb: &str, body: &Value) -> ApiError {
    let message = format!("You cannot {verb} this PaymentIntent because it has a status of {}.", text(body, "status"));
    ApiError::refused("payment_intent_unexpected_state", message).with("payment_intent", body.clone())
}

pub fn confirm(world: &mut World, call: &Call, params: &Value) -> Answer {
    let body = world.find(&call.owner, "payment_intent", call.arg(0), "intent")?;
    if !["requires_payment_method", "requires_confirmation", "requires_action"].contains(&text(&body, "status")) {
        return Err(state_error("confirm", &body));
    }
    let method = match params["payment_method"].as_str().or(body["payment_method"].as_str()) {
        Some(method) => Some(payment_methods::resolve(world, call, method, "payment_method")?),
        None => None,
    };
    let attempt = payments::Attempt::of(params);
    payments::possible(world, &body, method.as_deref(), &attempt)?;
    world.set(call.arg(0), "payment_method", json!(method));
    for key in ["receipt_email", "setup_future_usage", "shipping"] {
        if let Some(value) = params.get(key) {
            world.set(call.arg(0), key, value.clone());
        }
    }
    payments::attempt(world, call, call.arg(0), &attempt)?;
    Ok(world.render(call.arg(0)))
}

pub fn update(world: &mut World, call: &Call, params: &Value) -> Answer {
    let body = world.find(&call.owner, "payment_intent", call.arg(0), "intent")?;
    let open = ["requires_payment_method", "requires_confirmation", "requires_action"].contains(&text(&body, "status"));
    for key in ["amount", "currency", "customer", "payment_method"] {
        if !open && params.get(key).is_some() {
            return Err(state_error(&format!("change the {key} of"), &body));
        }
    }
    let currency = params["currency"].as_str().unwrap_or_else(|| text(&body, "currency")).to_owned();
    chargeable(params["amount"].as_i64().unwrap_or_else(|| body["amount"].as_i64().unwrap_or(0)), &currency)?;
    if let Some(customer) = params["customer"].as_str() {
        world.find(&call.owner, "customer", customer, "customer")?;
    }
    if let Some(method) = params["payment_method"].as_str() {
        let method = payment_methods::resolve(world, call, method, "payment_method")?;
        world.set(call.arg(0), "payment_method", json!(method));
        world.set(call.arg(0), "status", json!("requires_confirmation"));
    }
    for key in [
        "amount",
        "currency",
        "customer",
        "description",
        "receipt_email",
        "setup_future_usage",
        "shipping",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "transfer_group",
    ] {
        if let Some(value) = params.get(key) {
            world.set(call.arg(0), key, value.clone());
        }
    }
    if let Some(body) = world.body_mut(call.arg(0)) {
        merge_metadata(&mut body["metadata"], params.get("metadata"));
    }
    Ok(world.render(call.arg(0)))
}

pub fn cancel(world: &mut World, call: &Call, params: &Value) -> Answer {
    let body = world.find(&call.owner, "payment_intent", call.arg(0), "intent")?;
    if !["requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"].contains(&text(&body, "status"))
    {
        return Err(state_error("cancel", &body));
    }
    let now = world.now();
    if let Some(body) = world.body_mut(call.arg(0)) {
        overlay(
            body,
            json!({
                "status": "canceled", "canceled_at": now, "cancellation_reason": params["cancellation_reason"], "next_action": null,
            }),
        );
    }
    world.tell("payment_intent.canceled", call.arg(0));
    Ok(world.render(call.arg(0)))
}

pub fn retrieve(world: &mut World, call: &Call, _: &Value) -> Answer {
    world.find(&call.owner, "payment_intent", call.arg(0), "intent")
}

pub fn list(world: &mut World, call: &Call, params: &Value) -> Answer {
    world.page(call, "payment_intent", params, |body| matches(body, "customer", params, "customer"))
}
