//! One request from its first byte to its answer, without a socket: who asks, what strikes it, has its key been used,
//! are its parameters Stripe's, what happens.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::faults::FaultKind;
use crate::world::{Call, World};
use crate::{API_VERSION, idempotency, params, routes, spec};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub query: String,
    pub body: String,
    pub authorization: Option<String>,
    pub account: Option<String>,
    pub version: Option<String>,
    pub key: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub body: String,
    pub headers: Vec<(&'static str, String)>,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }
}

/// What the wire does with a request.
pub enum Outcome {
    Reply(Reply),
    Hang,
    Cut,
    /// Answer later, and only then take the key out of use.
    Slow {
        ms: u64,
        reply: Reply,
        slot: Option<String>,
    },
}

impl World {
    pub fn answer(&mut self, request: &Request) -> Outcome {
        self.tick();
        let id = self.dice.id("req_");
        let mut note = json!({
            "id": id, "at": self.now(), "method": request.method, "path": request.path, "query": request.query,
            "body": request.body, "account": request.account, "key": request.key,
        });
        let outcome = self.judge(request, &id, &mut note);
        note["outcome"] = match &outcome {
            Outcome::Reply(reply) | Outcome::Slow { reply, .. } => json!(reply.status),
            Outcome::Hang => json!("never answered"),
            Outcome::Cut => json!("cut"),
        };
        self.log.push_back(note);
        if self.log.len() > 2000 {
            self.log.pop_front();
        }
        outcome
    }

    fn judge(&mut self, request: &Request, id: &str, note: &mut Value) -> Outcome {
        let refuse = |error: ApiError| Outcome::Reply(finish(Err(error), id, request));
        if let Err(error) = self.authorized(request) {
            return refuse(error);
        }
        let fault = self.fault(&request.method, &request.path);
        if let Some(fault) = &fault {
            note["fault"] = json!(fault);
        }
        match &fault {
            Some(FaultKind::TimeoutBefore) => return Outcome::Hang,
            Some(FaultKind::CutBefore) => return Outcome::Cut,
            Some(FaultKind::RateLimit) => return refuse(ApiError::rate_limited()),
            Some(FaultKind::ErrorBefore) => return refuse(ApiError::server()),
            _ => {}
        }
        let owner = match self.acting_for(request) {
            Ok(owner) => owner,
            Err(error) => return refuse(error),
        };
        let Some((route, args)) = routes::find(&request.method, &request.path) else {
            return refuse(ApiError::no_route(&request.method, &request.path));
        };
        let writes = request.method != "GET";
        let pairs = params::pairs(if writes { &request.body } else { &request.query });
        let mut slot = None;
        let print = idempotency::fingerprint(&request.method, &request.path, &pairs);
        if let Some(key) = request.key.as_deref().filter(|_| request.method == "POST") {
            if key.len() > idempotency::LONGEST || key.is_empty() {
                let message = "Idempotency keys have 1 to 255 characters.".to_owned();
                return refuse(ApiError::idempotency(400, None, message));
            }
            let name = format!("{owner}|{key}");
            self.prune_keys();
            match self.remembered(&name, &print) {
                Err(error) => return refuse(error),
                Ok(Some(saved)) => {
                    let (status, body) = saved.answer.clone().unwrap_or((500, String::new()));
                    let first = saved.request.clone();
                    note["replayed"] = json!(true);
                    let mut reply = reply(status, body, id, request);
                    reply.headers.push(("Idempotent-Replayed", "true".to_owned()));
                    reply.headers.push(("Original-Request", first));
                    return after(fault, reply, None);
                }
                Ok(None) => slot = Some(name),
            }
        }
        let typed = match spec::read(route.spec, &params::tree(&pairs)) {
            Ok(typed) => typed,
            Err(error) => return refuse(error),
        };
        let stored_error = fault == Some(FaultKind::ErrorStored);
        let decline = match &fault {
            Some(FaultKind::Decline { code }) => Some(code.clone()),
            _ => None,
        };
        let call = Call { owner, args, path: request.path.clone(), decline };
        let result = if stored_error {
            Err(ApiError { began: true, ..ApiError::server() })
        } else {
            self.cause = Some((id.to_owned(), request.key.clone()));
            let done = (route.run)(self, &call, &typed).and_then(|answer| self.expand(answer, &typed));
            self.cause = None;
            done
        };
        let began = result.as_ref().map_or_else(|error| error.began, |_| true);
        let mut reply = finish(result, id, request);
        if fault == Some(FaultKind::ErrorAfter) && began {
            reply = finish(Err(ApiError::server()), id, request);
        }
        if let (Some(slot), true) = (&slot, began) {
            let in_use = matches!(fault, Some(FaultKind::Slow { .. }));
            let answer = (reply.status, reply.body.clone());
            self.remember(slot, &print, id, (!in_use).then_some(answer));
        }
        after(fault, reply, slot.filter(|_| began))
    }

    /// A slow request is answered at last: its key can be used again.
    pub fn finished(&mut self, slot: Option<&str>, reply: &Reply) {
        if let Some(saved) = slot.and_then(|slot| self.keys.get_mut(slot)) {
            saved.answer = Some((reply.status, reply.body.clone()));
        }
    }

    fn authorized(&self, request: &Request) -> Result<(), ApiError> {
        let Some(header) = request.authorization.as_deref() else {
            return Err(ApiError::unauthorized("You did not provide an API key: send it as 'Authorization: Bearer sk_test_…'."));
        };
        match header.strip_prefix("Bearer ") {
            Some(key) if key == self.secret_key => Ok(()),
            _ => Err(ApiError::unauthorized("Invalid API Key provided.")),
        }
    }

    fn acting_for(&self, request: &Request) -> Result<String, ApiError> {
        if let Some(version) = request.version.as_deref().filter(|version| *version != API_VERSION) {
            return Err(ApiError::version(version));
        }
        match request.account.as_deref() {
            None => Ok(self.platform.clone()),
            Some(account) if account == self.platform => Ok(self.platform.clone()),
            Some(account) if self.objects.get(account).is_some_and(|object| object.kind == "account") => Ok(account.to_owned()),
            Some(account) => Err(ApiError::forbidden(format!(
                "The provided key does not have access to account '{account}' (or that account does not exist)."
            ))),
        }
    }
}

fn after(fault: Option<FaultKind>, reply: Reply, slot: Option<String>) -> Outcome {
    match fault {
        Some(FaultKind::TimeoutAfter) => Outcome::Hang,
        Some(FaultKind::CutAfter) => Outcome::Cut,
        Some(FaultKind::Slow { ms }) => Outcome::Slow { ms, reply, slot },
        _ => Outcome::Reply(reply),
    }
}

fn finish(result: Result<Value, ApiError>, id: &str, request: &Request) -> Reply {
    match result {
        Ok(body) => reply(200, body.to_string(), id, request),
        Err(error) => reply(error.status, error.body(id).to_string(), id, request),
    }
}

fn reply(status: u16, body: String, id: &str, request: &Request) -> Reply {
    let mut headers = vec![("Request-Id", id.to_owned()), ("Stripe-Version", API_VERSION.to_owned())];
    if let Some(key) = &request.key {
        headers.push(("Idempotency-Key", key.clone()));
    }
    if let Some(account) = &request.account {
        headers.push(("Stripe-Account", account.clone()));
    }
    Reply { status, body, headers }
}
