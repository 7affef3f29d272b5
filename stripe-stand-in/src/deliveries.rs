//! Webhooks on their way: kept, dropped, doubled, shuffled or delayed by the test's wish, signed anew on each attempt, tried
//! again by Stripe's growing pauses until answered with 2xx.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::signature::sign;
use crate::world::{World, text};

/// Pauses after a failed attempt, in seconds of the stand-in's clock; then it is given up.
const PAUSES: [i64; 12] = [60, 300, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 43_200, 43_200, 43_200, 43_200];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Kept until the test releases it.
    Held,
    Waiting,
    Delivered,
    /// Given up.
    Failed,
    /// Lost on purpose; the test can still release it.
    Dropped,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Delivery {
    pub id: u64,
    pub event: String,
    pub kind: String,
    pub endpoint: String,
    pub url: String,
    pub payload: String,
    pub state: DeliveryState,
    pub due_at: i64,
    pub attempts: u32,
    pub last_status: Option<u16>,
    pub last_error: Option<String>,
}

/// What happens to deliveries made from now on. The default delivers at once, in order.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliveryMode {
    pub hold: bool,
    /// Probabilities.
    pub drop: f64,
    pub duplicate: f64,
    /// Any of the waiting ones goes next.
    pub shuffle: bool,
    /// Seconds of the stand-in's clock; each delivery draws its own between the two.
    pub delay_from: i64,
    pub delay_to: i64,
    /// How many may be on their way at the same time; 0 and 1 are one after the other.
    pub at_once: usize,
}

/// One attempt to make: where, what, and its `Stripe-Signature`.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub id: u64,
    pub url: String,
    pub payload: String,
    pub signature: String,
}

impl World {
    pub fn post_out(&mut self, endpoint: &str, event: &str, kind: &str, payload: &str) {
        let mode = self.mode.clone();
        let copies = if self.dice.chance(mode.duplicate) { 2 } else { 1 };
        for _ in 0..copies {
            let lost = self.dice.chance(mode.drop);
            let spread = (mode.delay_to - mode.delay_from).max(0) as u64;
            let delay = mode.delay_from + self.dice.below(spread + 1) as i64;
            let id = self.count();
            let state = match (lost, mode.hold) {
                (true, _) => DeliveryState::Dropped,
                (_, true) => DeliveryState::Held,
                _ => DeliveryState::Waiting,
            };
            if state == DeliveryState::Waiting {
                self.open_deliveries.push_back(id);
            }
            let delivery = Delivery {
                id,
                event: event.to_owned(),
                kind: kind.to_owned(),
                endpoint: endpoint.to_owned(),
                url: text(self.body(endpoint), "url").to_owned(),
                payload: payload.to_owned(),
                state,
                due_at: self.now() + delay,
                attempts: 0,
                last_status: None,
                last_error: None,
            };
            self.deliveries.insert(id, delivery);
        }
    }

    pub fn secrets(&self, endpoint: &str) -> Vec<String> {
        let secrets = self.hidden(endpoint)["secrets"].as_array();
        secrets.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Signed now, with the secrets in force now.
    pub fn signature(&self, delivery: &Delivery) -> String {
        sign(&delivery.payload, &self.secrets(&delivery.endpoint), self.now())
    }

    /// The next delivery whose time has come.
    pub fn next_attempt(&mut self) -> Option<Attempt> {
        let now = self.now();
        let ready: Vec<u64> = self
            .open_deliveries
            .iter()
            .copied()
            .filter(|id| self.deliveries.get(id).is_some_and(|d| d.due_at <= now))
            .take(if self.mode.shuffle { usize::MAX } else { 1 })
            .collect();
        let pick = self.dice.below(ready.len() as u64) as usize;
        let delivery = self.deliveries.get(ready.get(pick)?)?;
        let attempt = Attempt {
            id: delivery.id,
            url: delivery.url.clone(),
            payload: delivery.payload.clone(),
            signature: self.signature(delivery),
        };
        let taken = attempt.id;
        self.open_deliveries.retain(|open| *open != taken);
        Some(attempt)
    }

    /// What came of an attempt.
    pub fn attempted(&mut self, id: u64, outcome: Result<u16, String>) {
        let now = self.now();
        let Some(delivery) = self.deliveries.get_mut(&id) else { return };
        delivery.attempts += 1;
        match outcome {
            Ok(status) => (delivery.last_status, delivery.last_error) = (Some(status), None),
            Err(error) => (delivery.last_status, delivery.last_error) = (None, Some(error)),
        }
        if delivery.last_status.is_some_and(|status| (200..300).contains(&status)) {
            delivery.state = DeliveryState::Delivered;
        } else if let Some(pause) = PAUSES.get(delivery.attempts as usize - 1) {
            delivery.due_at = now + pause;
            self.open_deliveries.push_back(id);
        } else {
            delivery.state = DeliveryState::Failed;
        }
    }

    /// Lets these go now: held ones, lost ones, given-up ones, delivered ones again, waiting ones before their time.
    pub fn release(&mut self, ids: &[u64]) -> usize {
        let now = self.now();
        let mut released = 0;
        for id in ids {
            if let Some(delivery) = self.deliveries.get_mut(id) {
                delivery.state = DeliveryState::Waiting;
                delivery.due_at = now;
                self.open_deliveries.retain(|open| open != id);
                self.open_deliveries.push_back(*id);
                released += 1;
            }
        }
        released
    }

    pub fn held(&self) -> Vec<u64> {
        self.deliveries.values().filter(|d| d.state == DeliveryState::Held).map(|d| d.id).collect()
    }

    /// A delivery as tests see it, with a signature made now.
    pub fn shown(&self, delivery: &Delivery) -> Value {
        json!({
            "id": delivery.id, "event": delivery.event, "type": delivery.kind, "endpoint": delivery.endpoint, "url": delivery.url,
            "state": delivery.state, "due_at": delivery.due_at, "attempts": delivery.attempts, "last_status": delivery.last_status,
            "last_error": delivery.last_error, "payload": delivery.payload, "signature": self.signature(delivery),
        })
    }
}
