//! Checkout sessions in set-up mode: a hosted page where a customer leaves a payment method.

use serde_json::{Value, json};

use super::setup_intents;
use crate::due::Due;
use crate::error::{Answer, ApiError};
use crate::money::overlay;
use crate::spec::merge_metadata;
use crate::world::{Call, World, matches, text};

pub fn create(world: &mut World, call: &Call, params: &Value) -> Answer {
    if params["mode"] != "setup" {
        return Err(ApiError::unsupported(&format!("mode={}", params["mode"].as_str().unwrap_or(""))));
    }
    let Some(success) = params["success_url"].as_str() else {
        return Err(ApiError::invalid("parameter_missing", "success_url", "Missing required param: success_url."));
    };
    for (key, url) in [("success_url", Some(success)), ("cancel_url", params["cancel_url"].as_str())] {
        if url.is_some_and(|url| !url.starts_with("http://") && !url.starts_with("https://")) {
            return Err(ApiError::invalid("url_invalid", key, format!("Not a valid URL: {}", url.unwrap_or(""))));
        }
    }
    if params["currency"].is_null() && params["allowed_payment_method_types"].is_null() {
        let message = "In `setup` mode give `currency` (or name the payment method types).";
        return Err(ApiError::invalid("parameter_missing", "currency", message));
    }
    let now = world.now();
    let expires = params["expires_at"].as_i64().unwrap_or(now + 86_400);
    if !(now + 1_800..=now + 86_400).contains(&expires) {
        let message = "`expires_at` lies between 30 minutes and 24 hours from now.";
        return Err(ApiError::invalid("parameter_invalid_integer", "expires_at", message));
    }
    let types = setup_intents::types(params, params["currency"].as_str())?;
    let mut inner = json!({
        "customer": params["customer"], "description": params["setup_intent_data"]["description"], "usage": "off_session",
        "allowed_payment_method_types": types,
    });
    if let Some(metadata) = params["setup_intent_data"].get("metadata") {
        inner["metadata"] = metadata.clone();
    }
    let intent = setup_intents::make(world, call, &inner)?;
    let mut body = world.blank("checkout.session", "cs_test_");
    let id = text(&body, "id").to_owned();
    overlay(
        &mut body,
        json!({
            "cancel_url": params["cancel_url"], "success_url": success, "client_reference_id": params["client_reference_id"],
            "currency": params["currency"], "customer": params["customer"], "customer_email": params["customer_email"],
            "expires_at": expires, "locale": params["locale"], "mode": "setup", "payment_status": "no_payment_required",
            "payment_method_types": types, "setup_intent": intent, "status": "open", "ui_mode": "hosted_page",
            "customer_creation": params["customer_creation"], "payment_method_collection": "always",
            "url": format!("{}/_hosted/checkout/{id}", world.base),
            "automatic_tax": { "enabled": false, "liability": null, "status": null, "provider": null },
            "custom_text": { "after_submit": null, "shipping_address": null, "submit": null, "terms_of_service_acceptance": null },
            "billing_address_collection": params["billing_address_collection"],
            "allowed_payment_method_types": params["allowed_payment_method_types"],
            "integration_identifier": params["integration_identifier"],
        }),
    );
    merge_metadata(&mut body["metadata"], params.get("metadata"));
    world.add(&call.owner, "checkout.session", body, Value::Null);
    world.schedule(expires, Due::SessionExpires { session: id.clone() });
    Ok(world.render(&id))
}

/// The customer has left a payment method: answers where they go next.
pub fn complete(world: &mut World, id: &str) -> String {
    let body = world.body(id).clone();
    let method = text(world.body(text(&body, "setup_intent")), "payment_method").to_owned();
    let details = world.body(&method)["billing_details"].clone();
    world.set(id, "status", json!("complete"));
    world.set(id, "url", Value::Null);
    world.set(
        id,
        "customer_details",
        json!({
            "address": details["address"], "email": details["email"], "name": details["name"], "phone": details["phone"],
            "tax_exempt": "none", "tax_ids": null, "business_name": null, "individual_name": null,
        }),
    );
    world.tell("checkout.session.completed", id);
    text(&body, "success_url").replace("{CHECKOUT_SESSION_ID}", id)
}

pub fn expire_now(world: &mut World, id: &str) {
    if world.body(id)["status"] == "open" {
        world.set(id, "status", json!("expired"));
        world.set(id, "url", Value::Null);
        world.tell("checkout.session.expired", id);
    }
}

pub fn expire(world: &mut World, call: &Call, _: &Value) -> Answer {
    let body = world.find(&call.owner, "checkout.session", call.arg(0), "session")?;
    if body["status"] != "open" {
        let message = format!("Only sessions with a status of open can be expired. This one is {}.", text(&body, "status"));
        return Err(ApiError::refused("status_transition_invalid", message));
    }
    expire_now(world, call.arg(0));
    Ok(world.render(call.arg(0)))
}

pub fn retrieve(world: &mut World, call: &Call, _: &Value) -> Answer {
    world.find(&call.owner, "checkout.session", call.arg(0), "session")
}

pub fn list(world: &mut World, call: &Call, params: &Value) -> Answer {
    world.page(call, "checkout.session", params, |body| {
        matches(body, "customer", params, "customer")
            && matches(body, "status", params, "status")
            && matches(body, "payment_intent", params, "payment_intent")
    })
}
