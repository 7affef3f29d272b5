//! Everything the stand-in remembers, and the few ways to reach it. One mutex guards it: it lives as long as a test.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::{self, Clock};
use crate::deliveries::{Delivery, DeliveryMode};
use crate::due::Timed;
use crate::error::{Answer, ApiError};
use crate::faults::Fault;
use crate::fixtures;
use crate::idempotency::Saved;
use crate::ids::Dice;
use crate::money::Purse;

/// How long things take, in seconds of the stand-in's clock.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// From a card charge to its money being available.
    pub card_available_after: i64,
    /// From a bank debit to its success or failure, and to its money being available.
    pub debit_settles_after: i64,
    /// From the success of a debit that will be returned to its return.
    pub debit_returned_after: i64,
    /// From money being available on a connected account to its payout being made.
    pub payout_made_after: i64,
    /// From a payout being made to its arrival or failure.
    pub payout_arrives_after: i64,
    /// An account link can be opened this long.
    pub account_link_lives: i64,
    /// A transfer may be reversed although the connected account's money has left.
    pub reversal_may_overdraw: bool,
    /// How long a request that is never answered is kept open, in real milliseconds.
    pub hang_ms: u64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            card_available_after: 2 * 86_400,
            debit_settles_after: 4 * 86_400,
            debit_returned_after: 5 * 86_400,
            payout_made_after: 3_600,
            payout_arrives_after: 86_400,
            account_link_lives: 300,
            reversal_may_overdraw: false,
            hang_ms: 60_000,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Object {
    pub kind: String,
    pub owner: String,
    pub body: Value,
    /// What Stripe knows and does not show.
    pub hidden: Value,
}

/// Who is being served, and at which address.
#[derive(Clone, Debug, Default)]
pub struct Call {
    pub owner: String,
    /// The `:words` of the address, in order.
    pub args: Vec<String>,
    pub path: String,
    pub decline: Option<String>,
}

impl Call {
    pub fn arg(&self, at: usize) -> &str {
        self.args.get(at).map_or("", String::as_str)
    }
}

#[derive(Serialize, Deserialize)]
pub struct World {
    pub clock: Clock,
    /// The moment of what is being done, where it lies before the clock: things that fell due.
    pub at: Option<i64>,
    pub dice: Dice,
    pub platform: String,
    pub secret_key: String,
    pub base: String,
    pub objects: HashMap<String, Object>,
    /// `owner|kind` to ids, oldest first.
    pub shelves: BTreeMap<String, Vec<String>>,
    pub purses: BTreeMap<String, Purse>,
    pub due: Vec<Timed>,
    pub counter: u64,
    pub keys: HashMap<String, Saved>,
    pub faults: Vec<Fault>,
    pub deliveries: BTreeMap<u64, Delivery>,
    /// Waiting ones, in the order in which they were let go.
    pub open_deliveries: VecDeque<u64>,
    pub mode: DeliveryMode,
    pub settings: Settings,
    pub log: VecDeque<Value>,
    /// Request and key that cause what is happening now.
    #[serde(skip)]
    pub cause: Option<(String, Option<String>)>,
}

static NOTHING: Value = Value::Null;

impl World {
    pub fn new(clock: Clock, seed: Option<u64>, secret_key: &str) -> World {
        let mut dice = Dice::new(seed.unwrap_or_else(clock::seed));
        let platform = dice.id("acct_");
        World {
            clock,
            at: None,
            dice,
            platform,
            secret_key: secret_key.to_owned(),
            base: String::new(),
            objects: HashMap::new(),
            shelves: BTreeMap::new(),
            purses: BTreeMap::new(),
            due: Vec::new(),
            counter: 0,
            keys: HashMap::new(),
            faults: Vec::new(),
            deliveries: BTreeMap::new(),
            open_deliveries: VecDeque::new(),
            mode: DeliveryMode::default(),
            settings: Settings::default(),
            log: VecDeque::new(),
            cause: None,
        }
    }

    pub fn now(&self) -> i64 {
        self.at.unwrap_or_else(|| self.clock.now())
    }

    pub fn count(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    /// A new object: the blank of its kind with an id and its moment, not yet stored.
    pub fn blank(&mut self, kind: &str, prefix: &str) -> Value {
        let mut body = fixtures::blank(kind);
        body["id"] = json!(self.dice.id(prefix));
        if body.get("created").is_some() {
            body["created"] = json!(self.now());
        }
        body
    }

    /// Stores an object under its `id` and answers the id.
    pub fn add(&mut self, owner: &str, kind: &str, body: Value, hidden: Value) -> String {
        let id = text(&body, "id").to_owned();
        self.shelves.entry(format!("{owner}|{kind}")).or_default().push(id.clone());
        self.objects.insert(id.clone(), Object { kind: kind.to_owned(), owner: owner.to_owned(), body, hidden });
        id
    }

    pub fn remove(&mut self, id: &str) {
        if let Some(object) = self.objects.remove(id)
            && let Some(shelf) = self.shelves.get_mut(&format!("{}|{}", object.owner, object.kind))
        {
            shelf.retain(|other| other != id);
        }
    }

    /// Takes an object off its list; what names it still finds it.
    pub fn unlist(&mut self, id: &str) {
        if let Some(object) = self.objects.get(id)
            && let Some(shelf) = self.shelves.get_mut(&format!("{}|{}", object.owner, object.kind))
        {
            shelf.retain(|other| other != id);
        }
    }

    pub fn body(&self, id: &str) -> &Value {
        self.objects.get(id).map_or(&NOTHING, |object| &object.body)
    }

    pub fn hidden(&self, id: &str) -> &Value {
        self.objects.get(id).map_or(&NOTHING, |object| &object.hidden)
    }

    pub fn owner(&self, id: &str) -> String {
        self.objects.get(id).map_or_else(|| self.platform.clone(), |object| object.owner.clone())
    }

    pub fn set(&mut self, id: &str, key: &str, value: Value) {
        if let Some(object) = self.objects.get_mut(id) {
            object.body[key] = value;
        }
    }

    pub fn hide(&mut self, id: &str, key: &str, value: Value) {
        if let Some(object) = self.objects.get_mut(id) {
            object.hidden[key] = value;
        }
    }

    pub fn body_mut(&mut self, id: &str) -> Option<&mut Value> {
        self.objects.get_mut(id).map(|object| &mut object.body)
    }

    /// An object of this kind that belongs to the account served, or Stripe's `resource_missing`.
    pub fn find(&self, owner: &str, kind: &str, id: &str, param: &str) -> Result<Value, ApiError> {
        match self.objects.get(id) {
            Some(object) if object.kind == kind && object.owner == owner => Ok(object.body.clone()),
            _ => Err(ApiError::missing(noun(kind), id, param)),
        }
    }

    /// The ids of a kind, oldest first.
    pub fn shelf(&self, owner: &str, kind: &str) -> &[String] {
        self.shelves.get(&format!("{owner}|{kind}")).map_or(&[], Vec::as_slice)
    }

    /// One page of a list, newest first, with Stripe's cursors.
    pub fn page(&self, call: &Call, kind: &str, params: &Value, keep: impl Fn(&Value) -> bool) -> Answer {
        let limit = params["limit"].as_i64().unwrap_or(10);
        if !(1..=100).contains(&limit) {
            let message = format!("Invalid limit: it must lie between 1 and 100 (we received {limit}).");
            return Err(ApiError::invalid("parameter_invalid_integer", "limit", message));
        }
        let (after, before) = (params["starting_after"].as_str(), params["ending_before"].as_str());
        if after.is_some() && before.is_some() {
            let message = "You can give one of starting_after and ending_before, not both.";
            return Err(ApiError::invalid("parameters_exclusive", "ending_before", message));
        }
        for (cursor, param) in [(after, "starting_after"), (before, "ending_before")] {
            if let Some(id) = cursor {
                self.find(&call.owner, kind, id, param).map_err(|e| e.status(400))?;
            }
        }
        let limit = limit as usize;
        let shelf = self.shelf(&call.owner, kind);
        let wanted = |id: &&String| {
            let body = self.body(id);
            within(&body["created"], &params["created"]) && keep(body)
        };
        let (mut ids, has_more): (Vec<&String>, bool) = if let Some(cursor) = before {
            let newer = shelf.iter().skip_while(|id| *id != cursor).skip(1).filter(wanted);
            let mut found: Vec<&String> = newer.take(limit + 1).collect();
            let more = found.len() > limit;
            found.truncate(limit);
            found.reverse();
            (found, more)
        } else {
            let end = after.and_then(|cursor| shelf.iter().rposition(|id| id == cursor)).unwrap_or(shelf.len());
            let mut found: Vec<&String> = shelf[..end].iter().rev().filter(wanted).take(limit + 1).collect();
            let more = found.len() > limit;
            found.truncate(limit);
            (found, more)
        };
        let data: Vec<Value> = ids.drain(..).map(|id| self.render(id)).collect();
        Ok(json!({ "object": "list", "url": call.path, "has_more": has_more, "data": data }))
    }
}

/// Is this moment inside `created[gte]=…` and its kin?
pub fn within(moment: &Value, range: &Value) -> bool {
    let at = moment.as_i64().unwrap_or_default();
    match range {
        Value::Number(exact) => exact.as_i64() == Some(at),
        Value::Object(bounds) => bounds.iter().all(|(key, bound)| {
            let bound = bound.as_i64().unwrap_or_default();
            match key.as_str() {
                "gt" => at > bound,
                "gte" => at >= bound,
                "lt" => at < bound,
                _ => at <= bound,
            }
        }),
        _ => true,
    }
}

/// A filter that was not given lets everything through.
pub fn matches(body: &Value, key: &str, params: &Value, param: &str) -> bool {
    params[param].is_null() || body[key] == params[param]
}

pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

pub fn number(value: &Value, key: &str) -> i64 {
    value[key].as_i64().unwrap_or(0)
}

/// What Stripe calls a kind in its messages.
fn noun(kind: &str) -> &str {
    match kind {
        "payment_method" => "PaymentMethod",
        "account" => "destination",
        "bank_account" => "external account",
        other => other,
    }
}
