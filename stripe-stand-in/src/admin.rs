//! The tests' side door, `/_test/…`: clock, faults, deliveries, scenarios, money. JSON in, JSON out.

use serde_json::{Value, json};

use crate::api::webhook_endpoints;
use crate::deliveries::DeliveryMode;
use crate::error::ApiError;
use crate::faults::Fault;
use crate::ids::Dice;
use crate::routes;
use crate::signature::sign;
use crate::world::{Settings, World};

type Told = Result<Value, ApiError>;

fn wrong(message: impl ToString) -> ApiError {
    ApiError::invalid("stand_in_test_door", "body", message.to_string())
}

fn read<T: serde::de::DeserializeOwned>(body: &Value) -> Result<T, ApiError> {
    serde_json::from_value(body.clone()).map_err(wrong)
}

impl World {
    /// One request at the side door; `path` is what follows `/_test/`.
    pub fn admin(&mut self, method: &str, path: &str, body: &Value) -> Told {
        self.tick();
        let words: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (method, words.as_slice()) {
            ("GET", ["info"]) => Ok(self.info()),
            ("GET", ["clock"]) => Ok(self.clock_shown()),
            ("POST", ["clock"]) => self.move_clock(body),
            ("GET", ["settings"]) => Ok(json!(self.settings)),
            ("POST", ["settings"]) => {
                let mut merged = json!(self.settings);
                crate::money::overlay(&mut merged, body.clone());
                self.settings = read::<Settings>(&merged)?;
                Ok(json!(self.settings))
            }
            ("GET", ["faults"]) => Ok(json!(self.faults)),
            ("POST", ["faults"]) => {
                let more: Vec<Fault> = if body.is_array() { read(body)? } else { vec![read(body)?] };
                self.faults.extend(more);
                Ok(json!(self.faults))
            }
            ("DELETE", ["faults"]) => {
                self.faults.clear();
                Ok(json!([]))
            }
            ("GET", ["delivery-mode"]) => Ok(json!(self.mode)),
            ("POST", ["delivery-mode"]) => {
                self.mode = read::<DeliveryMode>(body)?;
                Ok(json!(self.mode))
            }
            ("GET", ["deliveries"]) => Ok(self.deliveries.values().map(|d| self.shown(d)).collect()),
            ("DELETE", ["deliveries"]) => {
                self.deliveries.clear();
                self.open_deliveries.clear();
                Ok(json!([]))
            }
            ("POST", ["deliver"]) => Ok(json!({ "released": self.let_go(body) })),
            ("POST", ["deliveries", id, "delivered"]) => {
                let id = id.parse().map_err(wrong)?;
                self.open_deliveries.retain(|open| *open != id);
                self.attempted(id, Ok(200));
                Ok(json!({ "id": id }))
            }
            ("POST", ["endpoints"]) => {
                let secrets: Vec<String> = if body["secrets"].is_null() {
                    vec![format!("whsec_{}", self.dice.letters(32))]
                } else {
                    read(&body["secrets"])?
                };
                let events = if body["events"].is_null() { json!(["*"]) } else { body["events"].clone() };
                let url = body["url"].as_str().ok_or_else(|| wrong("url is missing"))?;
                let id = webhook_endpoints::register(self, url, &secrets, body["scope"].as_str().unwrap_or("all"), events);
                Ok(json!({ "id": id, "secrets": secrets }))
            }
            ("POST", ["endpoints", id, "rotate"]) => self.rotate(id, body),
            ("POST", ["seed"]) => {
                self.dice = Dice::new(body["seed"].as_u64().ok_or_else(|| wrong("seed is missing"))?);
                Ok(json!({}))
            }
            ("POST", ["sign"]) => {
                let payload = body["payload"].as_str().ok_or_else(|| wrong("payload is missing"))?;
                let secrets: Vec<String> = read(&body["secrets"])?;
                Ok(json!({ "signature": sign(payload, &secrets, body["at"].as_i64().unwrap_or_else(|| self.now())) }))
            }
            ("GET", ["routes"]) => Ok(routes::shown()),
            ("GET", ["money"]) => Ok(self.money()),
            ("GET", ["keys"]) => Ok(self.keys_shown()),
            ("GET", ["requests"]) => Ok(json!(self.log)),
            ("DELETE", ["requests"]) => {
                self.log.clear();
                Ok(json!([]))
            }
            ("POST", ["reset"]) => {
                self.reset();
                Ok(self.info())
            }
            ("POST", ["fund"]) => {
                Ok(self.fund(body["amount"].as_i64().unwrap_or(1_000_000), body["currency"].as_str().unwrap_or("usd")))
            }
            ("POST", [noun, id, verb]) => self.scenario(noun, id, verb, body),
            _ => Err(ApiError::no_route(method, &format!("/_test/{path}"))),
        }
    }

    pub fn info(&self) -> Value {
        let endpoints: Vec<Value> = self
            .shelf(&self.platform, "webhook_endpoint")
            .iter()
            .map(|id| {
                let (body, hidden) = (self.body(id), self.hidden(id));
                json!({ "id": id, "url": body["url"], "secrets": hidden["secrets"], "scope": hidden["scope"] })
            })
            .collect();
        json!({
            "url": self.base, "secret_key": self.secret_key, "platform": self.platform, "now": self.now(),
            "api_version": crate::API_VERSION, "endpoints": endpoints,
        })
    }

    fn clock_shown(&self) -> Value {
        let next = self.due.first().map(|timed| timed.at);
        json!({ "now": self.clock.now(), "standing": self.clock.stands(), "next_due": next, "due": self.due.len() })
    }

    /// `{"set": unix}`, `{"advance": seconds}`, `{"stop": true}`, `{"run": true}`; what falls due on the way happens.
    pub fn move_clock(&mut self, body: &Value) -> Told {
        if body["stop"] == true {
            self.clock.stop();
        }
        if body["run"] == true {
            self.clock.run();
        }
        if let Some(at) = body["set"].as_i64() {
            self.clock.set(at);
        }
        if let Some(seconds) = body["advance"].as_i64() {
            self.clock.set(self.clock.now() + seconds);
        }
        self.tick();
        Ok(self.clock_shown())
    }

    /// `{"ids": […]}` in this order, or all that are held (with `"dropped": true` the lost ones too), shuffled if wished.
    pub fn let_go(&mut self, body: &Value) -> usize {
        let mut ids: Vec<u64> = match body["ids"].as_array() {
            Some(ids) => ids.iter().filter_map(Value::as_u64).collect(),
            None => self.held(),
        };
        if body["dropped"] == true {
            let lost = self.deliveries.values().filter(|d| d.state == crate::DeliveryState::Dropped).map(|d| d.id);
            ids.extend(lost.collect::<Vec<_>>());
        }
        if body["early"] == true {
            ids.extend(self.open_deliveries.iter().copied());
        }
        if body["shuffle"] == true {
            for at in (1..ids.len()).rev() {
                ids.swap(at, self.dice.below(at as u64 + 1) as usize);
            }
        }
        self.release(&ids)
    }

    /// A new secret for an endpoint. With `keep_old` both sign until the next rotation.
    fn rotate(&mut self, id: &str, body: &Value) -> Told {
        if self.objects.get(id).is_none_or(|object| object.kind != "webhook_endpoint") {
            return Err(ApiError::missing("webhook_endpoint", id, "id"));
        }
        let fresh = body["secret"].as_str().map_or_else(|| format!("whsec_{}", self.dice.letters(32)), str::to_owned);
        let mut secrets = vec![fresh];
        if body["keep_old"] == true {
            secrets.extend(self.secrets(id).into_iter().take(1));
        }
        self.hide(id, "secrets", json!(secrets));
        Ok(json!({ "id": id, "secrets": secrets }))
    }

    /// Forgets everything but its address, its keys, its settings and where webhooks go.
    pub fn reset(&mut self) {
        let mut fresh = World::new(self.clock.clone(), Some(self.dice.next()), &self.secret_key);
        fresh.platform.clone_from(&self.platform);
        fresh.base.clone_from(&self.base);
        fresh.settings = self.settings.clone();
        for id in self.shelf(&self.platform, "webhook_endpoint") {
            if let Some(object) = self.objects.get(id) {
                fresh.add(&object.owner, &object.kind, object.body.clone(), object.hidden.clone());
            }
        }
        *self = fresh;
    }
}
