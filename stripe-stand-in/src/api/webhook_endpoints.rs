//! Webhook endpoints: where events go. The secret is shown once, when the endpoint is made.

use serde_json::{Value, json};

use crate::error::{Answer, ApiError};
use crate::money::overlay;
use crate::spec::merge_metadata;
use crate::world::{Call, World, text};

/// Registers an endpoint: `scope` is `all`, `platform` (the platform's own events) or `connect` (connected accounts').
pub fn register(world: &mut World, url: &str, secrets: &[String], scope: &str, events: Value) -> String {
    let mut body = world.blank("webhook_endpoint", "we_");
    overlay(&mut body, json!({ "url": url, "description": null, "enabled_events": events, "status": "enabled" }));
    let owner = world.platform.clone();
    world.add(&owner, "webhook_endpoint", body, json!({ "secrets": secrets, "scope": scope }))
}

pub fn create(world: &mut World, call: &Call, params: &Value) -> Answer {
    let url = params["url"].as_str().unwrap_or("");
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(ApiError::invalid("url_invalid", "url", "Invalid URL: an explicit scheme (such as https) must be provided."));
    }
    let secret = format!("whsec_{}", world.dice.letters(32));
    let scope = if params["connect"] == true { "connect" } else { "platform" };
    let id = register(world, url, std::slice::from_ref(&secret), scope, params["enabled_events"].clone());
    fill(world, &id, params);
    world.set(&id, "api_version", params["api_version"].clone());
    let mut shown = world.render(&id);
    shown["secret"] = json!(secret);
    debug_assert_eq!(call.owner, world.owner(&id));
    Ok(shown)
}

fn fill(world: &mut World, id: &str, params: &Value) {
    if let Some(body) = world.body_mut(id) {
        for key in ["description", "url", "enabled_events"] {
            if let Some(value) = params.get(key) {
                body[key] = value.clone();
            }
        }
        if let Some(disabled) = params["disabled"].as_bool() {
            body["status"] = json!(if disabled { "disabled" } else { "enabled" });
        }
        merge_metadata(&mut body["metadata"], params.get("metadata"));
    }
}

pub fn update(world: &mut World, call: &Call, params: &Value) -> Answer {
    world.find(&call.owner, "webhook_endpoint", call.arg(0), "id")?;
    fill(world, call.arg(0), params);
    Ok(world.render(call.arg(0)))
}

pub fn delete(world: &mut World, call: &Call, _: &Value) -> Answer {
    let body = world.find(&call.owner, "webhook_endpoint", call.arg(0), "id")?;
    world.remove(call.arg(0));
    Ok(json!({ "id": text(&body, "id"), "object": "webhook_endpoint", "deleted": true }))
}

pub fn retrieve(world: &mut World, call: &Call, _: &Value) -> Answer {
    world.find(&call.owner, "webhook_endpoint", call.arg(0), "id")
}

pub fn list(world: &mut World, call: &Call, params: &Value) -> Answer {
    world.page(call, "webhook_endpoint", params, |_| true)
}
