//! Every change becomes an event, and an event becomes a delivery to each endpoint that listens.

use serde_json::{Map, Value, json};

use crate::API_VERSION;
use crate::error::{Answer, ApiError};
use crate::world::{Call, World, number};

impl World {
    /// Tells that something happened to this object, as it is now.
    pub fn tell(&mut self, kind: &str, id: &str) {
        let (owner, object) = (self.owner(id), self.render(id));
        self.tell_of(kind, &owner, object, None);
    }

    /// The same, naming what was there before (`data.previous_attributes`). Says nothing when nothing changed.
    pub fn tell_change(&mut self, kind: &str, id: &str, before: &Value) {
        let (owner, object) = (self.owner(id), self.render(id));
        let mut previous = Map::new();
        for (key, value) in before.as_object().into_iter().flatten() {
            if object.get(key) != Some(value) {
                previous.insert(key.clone(), value.clone());
            }
        }
        if !previous.is_empty() {
            self.tell_of(kind, &owner, object, Some(Value::Object(previous)));
        }
    }

    /// `owner` is the account it happened on: a connected account's events carry its id.
    pub fn tell_of(&mut self, kind: &str, owner: &str, object: Value, previous: Option<Value>) {
        let mut body = self.blank("event", "evt_");
        body["api_version"] = json!(API_VERSION);
        body["type"] = json!(kind);
        body["data"] = json!({ "object": object });
        if let Some(previous) = previous {
            body["data"]["previous_attributes"] = previous;
        }
        body["request"] = match &self.cause {
            Some((request, key)) => json!({ "id": request, "idempotency_key": key }),
            None => json!({ "id": null, "idempotency_key": null }),
        };
        if owner != self.platform {
            body["account"] = json!(owner);
        }
        let listeners = self.listeners(kind, owner != self.platform);
        body["pending_webhooks"] = json!(listeners.len());
        let payload = body.to_string();
        let id = self.add(owner, "event", body, Value::Null);
        for endpoint in listeners {
            self.post_out(&endpoint, &id, kind, &payload);
        }
    }

    /// Endpoints that listen to this kind of event of the platform's own or of a connected account.
    fn listeners(&self, kind: &str, connected: bool) -> Vec<String> {
        let wants = |id: &&String| {
            let (body, hidden) = (self.body(id), self.hidden(id));
            let scope = hidden["scope"].as_str().unwrap_or("all");
            let kinds = body["enabled_events"].as_array();
            body["status"] == "enabled"
                && (scope == "all" || (scope == "connect") == connected)
                && kinds.is_some_and(|kinds| kinds.iter().any(|k| k == "*" || k == kind))
        };
        self.shelf(&self.platform, "webhook_endpoint").iter().filter(wants).cloned().collect()
    }
}

/// Stripe gives events back for thirty days; who comes later must look at the objects.
const KEPT: i64 = 30 * 86_400;

pub fn retrieve(world: &mut World, call: &Call, _: &Value) -> Answer {
    let event = world.find(&call.owner, "event", call.arg(0), "id")?;
    if number(&event, "created") < world.now() - KEPT {
        return Err(ApiError::missing("event", call.arg(0), "id"));
    }
    Ok(event)
}

pub fn list(world: &mut World, call: &Call, params: &Value) -> Answer {
    let types: Vec<&str> = params["types"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let one = params["type"].as_str();
    let fits = |wanted: &str, kind: &str| match wanted.strip_suffix('*') {
        Some(prefix) => kind.starts_with(prefix),
        None => wanted == kind,
    };
    let oldest = world.now() - KEPT;
    world.page(call, "event", params, |body| {
        let kind = body["type"].as_str().unwrap_or("");
        number(body, "created") >= oldest
            && one.is_none_or(|wanted| fits(wanted, kind))
            && (types.is_empty() || types.iter().any(|wanted| fits(wanted, kind)))
    })
}
