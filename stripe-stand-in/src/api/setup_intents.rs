//! Setup intents: a payment method is made ready for charges while the customer is away.

use serde_json::{Value, json};

use super::{numbers, payment_methods};
use crate::error::{Answer, ApiError};
use crate::money::overlay;
use crate::spec::merge_metadata;
use crate::world::{Call, World, matches, text};

/// The types an intent can take: what was allowed, else card, and US bank accounts for dollars.
pub fn types(params: &Value, currency: Option<&str>) -> Result<Value, ApiError> {
    if let Some(types) = params["allowed_payment_method_types"].as_array() {
        for kind in types.iter().filter_map(Value::as_str) {
            if !["card", "us_bank_account", "link"].contains(&kind) {
                return Err(ApiError::unsupported(&format!("allowed_payment_method_types: {kind}")));
            }
        }
        return Ok(json!(types.iter().filter(|kind| *kind != "link").collect::<Vec<_>>()));
    }
    Ok(if currency.is_none_or(|c| c == "usd") { json!(["card", "us_bank_account"]) } else { json!(["card"]) })
}

/// Stores a new setup intent and answers its id.
pub fn make(world: &mut World, call: &Call, params: &Value) -> Result<String, ApiError> {
    let types = types(params, None)?;
    if let Some(customer) = params["customer"].as_str() {
        world.find(&call.owner, "customer", customer, "customer")?;
    }
    let mut body = world.blank("setup_intent", "seti_");
    let secret = format!("{}_secret_{}", text(&body, "id"), world.dice.letters(30));
    overlay(
        &mut body,
        json!({
            "automatic_payment_methods": { "allow_redirects": params["automatic_payment_methods"]["allow_redirects"].as_str().unwrap_or("always"), "enabled": true },
            "client_secret": secret, "customer": params["customer"], "description": params["description"],
            "payment_method_options": {}, "payment_method_types": types, "usage": params["usage"].as_str().unwrap_or("off_session"),
            "allowed_payment_method_types": params["allowed_payment_method_types"],
        }),
    );
    merge_metadata(&mut body["metadata"], params.get("metadata"));
    let id = world.add(&call.owner, "setup_intent", body, Value::Null);
    world.tell("setup_intent.created", &id);
    Ok(id)
}

pub fn create(world: &mut World, call: &Call, params: &Value) -> Answer {
    let method = match params["payment_method"].as_str() {
        Some(method) => Some(payment_methods::resolve(world, call, method, "payment_method")?),
        None => None,
    };
    let id = make(world, call, params)?;
    if let Some(method) = &method {
        world.set(&id, "payment_method", json!(method));
        world.set(&id, "status", json!("requires_confirmation"));
    }
    if params["confirm"] == true {
        run(world, call, &id, method.as_deref(), params["return_url"].as_str())?;
    }
    Ok(world.render(&id))
}

pub fn confirm(world: &mut World, call: &Call, params: &Value) -> Answer {
    let body = world.find(&call.owner, "setup_intent", call.arg(0), "intent")?;
    if !["requires_payment_method", "requires_confirmation", "requires_action"].contains(&text(&body, "status")) {
        let message = format!("You cannot confirm this SetupIntent because it has a status of {}.", text(&body, "status"));
        return Err(ApiError::refused("setup_intent_unexpected_state", message).with("setup_intent", body));
    }
    let method = params["payment_method"].as_str().or(body["payment_method"].as_str()).map(str::to_owned);
    let method = match method {
        Some(method) => Some(payment_methods::resolve(world, call, &method, "payment_method")?),
        None => None,
    };
    run(world, call, call.arg(0), method.as_deref(), params["return_url"].as_str())?;
    Ok(world.render(call.arg(0)))
}

/// Sets the method up, asks for authentication, or fails.
pub fn run(world: &mut World, call: &Call, id: &str, method: Option<&str>, return_url: Option<&str>) -> Result<(), ApiError> {
    let Some(method) = method else {
        let message = "You cannot confirm this SetupIntent because it's missing a payment method.";
        return Err(ApiError::refused("setup_intent_unexpected_state", message));
    };
    world.set(id, "payment_method", json!(method));
    if let Some(code) = payment_methods::behaviour(world, method).setup_decline {
        return Err(fail(world, id, method, numbers::error_code(code), Some(code), numbers::words(code)));
    }
    if payment_methods::needs_authentication(world, method, true, false) {
        world.set(id, "status", json!("requires_action"));
        world.hide(id, "awaiting", json!(true));
        world.set(id, "next_action", next_action(&world.base, id, return_url));
        world.tell("setup_intent.requires_action", id);
        return Ok(());
    }
    succeed(world, call, id)
}

/// Where the customer proves who they are.
pub fn next_action(base: &str, id: &str, return_url: Option<&str>) -> Value {
    match return_url {
        Some(back) => json!({
            "type": "redirect_to_url",
            "redirect_to_url": { "url": format!("{base}/_hosted/authenticate/{id}"), "return_url": back },
        }),
        None => {
            json!({ "type": "use_stripe_sdk", "use_stripe_sdk": { "type": "three_d_secure_redirect", "stripe_js": format!("{base}/_hosted/authenticate/{id}") } })
        }
    }
}

pub fn fail(world: &mut World, id: &str, method: &str, code: &str, decline: Option<&str>, message: &str) -> ApiError {
    let error = ApiError::card(code, decline, message).with("payment_method", world.render(method));
    let shown = error.body("").as_object().map(|body| body["error"].clone()).unwrap_or_default();
    world.set(id, "last_setup_error", shown);
    world.set(id, "status", json!("requires_payment_method"));
    world.set(id, "payment_method", Value::Null);
    world.set(id, "next_action", Value::Null);
    world.tell("setup_intent.setup_failed", id);
    error.with("setup_intent", world.render(id))
}

/// The method is ready: attached to the customer, with a mandate where it debits a bank account.
pub fn succeed(world: &mut World, call: &Call, id: &str) -> Result<(), ApiError> {
    let body = world.body(id).clone();
    let method = text(&body, "payment_method").to_owned();
    if let Some(customer) = body["customer"].as_str() {
        payment_methods::attach_to(world, call, &method, customer)?;
    }
    world.hide(&method, "set_up", json!(true));
    if world.body(&method)["type"] == "us_bank_account" {
        let mut mandate = world.blank("mandate", "mandate_");
        overlay(
            &mut mandate,
            json!({
                "payment_method": method, "status": "active", "type": "multi_use", "multi_use": {},
                "customer_acceptance": {
                    "accepted_at": world.now(), "type": "online",
                    "online": { "ip_address": "127.0.0.1", "user_agent": "stand-in" },
                },
                "payment_method_details": { "type": "us_bank_account", "us_bank_account": { "collection_method": "paper" } },
            }),
        );
        let mandate = world.add(&call.owner, "mandate", mandate, Value::Null);
        world.set(id, "mandate", json!(mandate));
        world.hide(&method, "mandate", json!(mandate));
    }
    world.set(id, "status", json!("succeeded"));
    world.set(id, "next_action", Value::Null);
    world.set(id, "last_setup_error", Value::Null);
    world.tell("setup_intent.succeeded", id);
    Ok(())
}

pub fn cancel(world: &mut World, call: &Call, params: &Value) -> Answer {
    let body = world.find(&call.owner, "setup_intent", call.arg(0), "intent")?;
    if ["succeeded", "canceled"].contains(&text(&body, "status")) {
        let message = format!("You cannot cancel this SetupIntent because it has a status of {}.", text(&body, "status"));
        return Err(ApiError::refused("setup_intent_unexpected_state", message));
    }
    world.set(call.arg(0), "status", json!("canceled"));
    world.set(call.arg(0), "next_action", Value::Null);
    world.set(call.arg(0), "cancellation_reason", params["cancellation_reason"].clone());
    world.tell("setup_intent.canceled", call.arg(0));
    Ok(world.render(call.arg(0)))
}

pub fn retrieve(world: &mut World, call: &Call, _: &Value) -> Answer {
    world.find(&call.owner, "setup_intent", call.arg(0), "intent")
}

pub fn list(world: &mut World, call: &Call, params: &Value) -> Answer {
    world.page(call, "setup_intent", params, |body| {
        matches(body, "customer", params, "customer") && matches(body, "payment_method", params, "payment_method")
    })
}

pub fn mandate(world: &mut World, call: &Call, _: &Value) -> Answer {
    world.find(&call.owner, "mandate", call.arg(0), "mandate")
}
