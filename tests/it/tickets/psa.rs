//! A stand-in for the PSA: real HTTP on loopback, with a state of its own. Every request it gets and every answer it gives is held
//! against `docs/integrations/psa.yaml`.

use std::{
    collections::BTreeMap,
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use entity::Moment;
use one_legal::platform::Clock;
use parking_lot::Mutex;
use serde_json::{Value, json};

pub const KEY: &str = "0123456789abcdef0123456789abcdef";

/// The contract as a JSON document.
pub fn contract() -> Value {
    contract_of("psa.yaml")
}

/// Another program's.
pub fn contract_of(file: &str) -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/integrations").join(file);
    serde_yaml::from_str(&std::fs::read_to_string(path).expect("the contract")).expect("it is YAML")
}

/// Panics where the value is not what the contract calls `schema`.
#[track_caller]
pub fn holds(contract: &Value, schema: &str, value: &Value) {
    let mut wrong = Vec::new();
    check(contract, &contract["components"]["schemas"][schema], value, schema, &mut wrong);
    assert!(wrong.is_empty(), "no {schema}: {wrong:?} in {value}");
}

/// What of JSON Schema the contract uses; a word that is not known here fails, so that none goes unheld.
fn check(contract: &Value, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    for (word, rule) in schema.as_object().unwrap_or_else(|| panic!("{at} is no schema of the contract")) {
        let holds = match word.as_str() {
            "$ref" => {
                let name = rule.as_str().and_then(|path| path.strip_prefix("#/components/schemas/")).expect("a schema");
                check(contract, &contract["components"]["schemas"][name], value, at, wrong);
                true
            }
            "type" => {
                let is = |kind: &Value| match kind.as_str().expect("a type") {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "integer" => value.is_i64(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    other => panic!("type {other}"),
                };
                rule.as_array().map_or_else(|| is(rule), |kinds| kinds.iter().any(is))
            }
            "required" => rule.as_array().expect("names").iter().all(|name| value.get(name.as_str().expect("a name")).is_some()),
            "properties" => {
                for (name, inner) in rule.as_object().expect("properties") {
                    if let Some(value) = value.get(name) {
                        check(contract, inner, value, &format!("{at}.{name}"), wrong);
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = schema["properties"].as_object().expect("properties");
                value.as_object().is_none_or(|fields| fields.keys().all(|name| known.contains_key(name)))
            }
            "items" => {
                for (nth, one) in value.as_array().into_iter().flatten().enumerate() {
                    check(contract, rule, one, &format!("{at}[{nth}]"), wrong);
                }
                true
            }
            "enum" => rule.as_array().expect("values").contains(value),
            "minimum" => value.is_null() || value.as_i64() >= rule.as_i64(),
            "maximum" => value.is_null() || value.as_i64() <= rule.as_i64(),
            "maxItems" => value.as_array().map(|items| items.len() as u64) <= rule.as_u64(),
            "minProperties" => value.as_object().map(|fields| fields.len() as u64) >= rule.as_u64(),
            "minLength" => value.as_str().map(|text| text.chars().count() as u64) >= rule.as_u64(),
            "maxLength" => value.as_str().map(|text| text.chars().count() as u64) <= rule.as_u64(),
            "pattern" => value
                .as_str()
                .is_some_and(|text| time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).is_ok()),
            "format" => match (rule.as_str(), value.as_str()) {
                (Some("uuid"), Some(text)) => uuid::Uuid::parse_str(text).is_ok(),
                (Some("date"), Some(text)) => one_legal::mission::record::day(text).is_some(),
                (Some("date-time"), Some(text)) => one_legal::mission::record::moment(text).is_some(),
                (Some("uuid" | "date" | "date-time"), None) => value.is_null(),
                _ => true,
            },
            "description" | "default" => true,
            other => panic!("{other} of {at} is not held"),
        };
        if !holds {
            wrong.push(format!("{at}: {word} {rule}"));
        }
    }
}

#[derive(Clone)]
pub struct Held {
    pub external_id: Option<String>,
    pub version: i64,
    pub tenant: String,
    pub company: String,
    /// Value and moment by field.
    pub fields: BTreeMap<&'static str, (String, i64)>,
    /// Id, our id of it, author, body, internal.
    pub comments: Vec<(String, Option<String>, String, String, bool)>,
    pub description: String,
}

#[derive(Default)]
pub struct State {
    pub tickets: BTreeMap<String, Held>,
    /// Ids in the order of their changes: the cursor is a place in it.
    pub log: Vec<String>,
    keys: BTreeMap<String, (u16, Value)>,
    next: usize,
    /// What was written by calls, in order: `ID status=closed`.
    pub heard: Vec<String>,
    /// Calls that came with a key that was known.
    pub repeats: usize,
    pub people: Vec<Value>,
    pub statuses: Vec<(String, String)>,
}

pub struct Psa {
    pub url: String,
    pub state: Mutex<State>,
    pub down: AtomicBool,
    pub refuses_key: AtomicBool,
    /// The second page of tickets is not answered while this is set; and whether somebody waits for it.
    pub held: AtomicBool,
    pub awaited: AtomicBool,
    pub clock: Mutex<Option<Clock>>,
    contract: Value,
}

const FIELDS: [&str; 3] = ["subject", "priority", "status"];

pub fn moment(text: &str) -> i64 {
    let at = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).expect("a moment");
    Moment::from_datetime(at).0
}

impl Psa {
    pub fn start() -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/portal", listener.local_addr().expect("an address"));
        let statuses = ["open", "in_progress", "waiting_on_client", "waiting_on_vendor", "resolved", "closed"];
        let state = State { statuses: statuses.map(|word| (word.to_owned(), word.to_owned())).to_vec(), ..State::default() };
        let psa = Arc::new(Self {
            url,
            state: Mutex::new(state),
            down: AtomicBool::new(false),
            refuses_key: AtomicBool::new(false),
            held: AtomicBool::new(false),
            awaited: AtomicBool::new(false),
            clock: Mutex::new(None),
            contract: contract(),
        });
        let data = web::Data::from(Arc::clone(&psa));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .route("/portal/tickets", web::get().to(pages))
                .route("/portal/tickets", web::post().to(create))
                .route("/portal/tickets/{id}", web::patch().to(write))
                .route("/portal/tickets/{id}/comments", web::post().to(comment))
                .route("/portal/{what}", web::get().to(names))
        });
        actix_web::rt::spawn(server.workers(1).disable_signals().listen(listener).expect("it listens").run());
        psa
    }

    fn now(&self) -> i64 {
        self.clock.lock().as_ref().expect("the test gives the clock").now().0
    }

    /// The ticket as it goes over the wire.
    pub fn ticket(&self, id: &str) -> Value {
        let state = self.state.lock();
        let value = shown(id, &state.tickets[id]);
        drop(state);
        holds(&self.contract, "Ticket", &value);
        value
    }

    /// A technician opens a ticket there.
    pub fn open(&self, company: &str, subject: &str) -> String {
        let now = self.now();
        let mut state = self.state.lock();
        let id = state.fresh("PSA");
        let fields = [("subject", subject), ("priority", "normal"), ("status", "open")]
            .map(|(field, value)| (field, (value.to_owned(), now)))
            .into();
        let held = Held {
            external_id: None,
            version: 1,
            tenant: "harbor".to_owned(),
            company: company.to_owned(),
            fields,
            comments: Vec::new(),
            description: "By phone.".to_owned(),
        };
        state.tickets.insert(id.clone(), held);
        state.log.push(id.clone());
        id
    }

    /// A technician writes a field there.
    pub fn set(&self, id: &str, field: &'static str, value: &str) {
        let now = self.now();
        let mut state = self.state.lock();
        let held = state.tickets.get_mut(id).expect("a ticket");
        let at = now.max(held.fields[field].1 + 1);
        held.fields.insert(field, (value.to_owned(), at));
        held.version += 1;
        state.log.push(id.to_owned());
    }

    /// A technician comments there.
    pub fn say(&self, id: &str, body: &str, internal: bool) {
        let mut state = self.state.lock();
        let comment = state.fresh("C");
        let held = state.tickets.get_mut(id).expect("a ticket");
        held.comments.push((comment, None, "Pat at the PSA".to_owned(), body.to_owned(), internal));
        held.version += 1;
        state.log.push(id.to_owned());
    }
}

impl State {
    fn fresh(&mut self, prefix: &str) -> String {
        self.next += 1;
        format!("{prefix}-{}", self.next)
    }
}

fn shown(id: &str, held: &Held) -> Value {
    let field = |name: &str| json!({ "value": held.fields[name].0, "at": Moment(held.fields[name].1).rfc3339() });
    let comments: Vec<Value> = held
        .comments
        .iter()
        .map(|(id, ours, author, body, internal)| {
            let mut value = json!({ "id": id, "author": author, "body": body, "internal": internal });
            if let Some(ours) = ours {
                value["external_id"] = json!(ours);
            }
            value
        })
        .collect();
    let mut value = json!({
        "id": id, "version": held.version, "tenant": held.tenant, "company_id": held.company, "company_name": held.company,
        "description": held.description, "subject": field("subject"), "priority": field("priority"), "status": field("status"),
        "comments": comments,
    });
    if let Some(ours) = &held.external_id {
        value["external_id"] = json!(ours);
    }
    value
}

fn problem(status: u16, code: &str) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).expect("a status");
    HttpResponse::build(status)
        .content_type("application/problem+json")
        .body(json!({ "type": "about:blank", "title": code, "status": status.as_u16(), "detail": code, "code": code }).to_string())
}

fn door(psa: &Psa, request: &HttpRequest) -> Option<HttpResponse> {
    if psa.down.load(Ordering::SeqCst) {
        return Some(problem(503, "down"));
    }
    let key = request.headers().get("x-integration-key").and_then(|value| value.to_str().ok());
    (psa.refuses_key.load(Ordering::SeqCst) || key != Some(KEY)).then(|| problem(401, "key_refused"))
}

fn idempotency(request: &HttpRequest) -> String {
    request.headers().get("idempotency-key").and_then(|value| value.to_str().ok()).expect("an idempotency key").to_owned()
}

fn answer(status: u16, value: &Value) -> HttpResponse {
    HttpResponse::build(actix_web::http::StatusCode::from_u16(status).expect("a status")).json(value)
}

async fn names(psa: web::Data<Psa>, request: HttpRequest) -> HttpResponse {
    if let Some(refused) = door(&psa, &request) {
        return refused;
    }
    let state = psa.state.lock();
    let named = |pairs: Vec<(&str, &str)>| json!({ "items": pairs.iter().map(|(id, name)| json!({ "id": id, "name": name })).collect::<Vec<_>>() });
    let (schema, value) = match request.match_info().query("what") {
        _ if !request.query_string().contains("tenant=harbor") => return problem(404, "unknown_tenant"),
        "companies" => ("Names", named(vec![("acme", "Acme Dental"), ("blue", "Bluefin Freight Inc."), ("lost", "Lost & Found")])),
        "statuses" => ("Names", named(state.statuses.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect())),
        "contacts" => ("People", json!({ "items": state.people })),
        _ => return problem(404, "nothing"),
    };
    holds(&psa.contract, schema, &value);
    answer(200, &value)
}

async fn pages(psa: web::Data<Psa>, request: HttpRequest) -> HttpResponse {
    if let Some(refused) = door(&psa, &request) {
        return refused;
    }
    if !request.query_string().contains("tenant=harbor") {
        return problem(404, "unknown_tenant");
    }
    let from: usize = request
        .query_string()
        .split('&')
        .find_map(|pair| pair.strip_prefix("cursor="))
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    while from > 0 && psa.held.load(Ordering::SeqCst) {
        psa.awaited.store(true, Ordering::SeqCst);
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let state = psa.state.lock();
    let to = (from + 20).min(state.log.len());
    let items: Vec<Value> = state.log[from.min(to)..to].iter().map(|id| shown(id, &state.tickets[id])).collect();
    let value = json!({ "items": items, "cursor": to.to_string(), "more": to < state.log.len() });
    holds(&psa.contract, "Page", &value);
    answer(200, &value)
}

async fn create(psa: web::Data<Psa>, request: HttpRequest, body: web::Json<Value>) -> HttpResponse {
    if let Some(refused) = door(&psa, &request) {
        return refused;
    }
    holds(&psa.contract, "NewTicket", &body);
    let key = idempotency(&request);
    let mut state = psa.state.lock();
    if state.keys.contains_key(&key) {
        state.repeats += 1;
    }
    let ours = body["external_id"].as_str().expect("an id").to_owned();
    let known = state.tickets.iter().find(|(_, held)| held.external_id.as_deref() == Some(&ours)).map(|(id, _)| id.clone());
    let (status, id) = match known {
        Some(id) => (200, id),
        None => {
            let id = state.fresh("PSA");
            let fields = FIELDS
                .map(|field| {
                    let written = &body[field];
                    (field, (written["value"].as_str().expect("a value").to_owned(), moment(written["at"].as_str().expect("at"))))
                })
                .into();
            let text = |name: &str| body[name].as_str().expect("a text").to_owned();
            let held = Held {
                external_id: Some(ours),
                version: 1,
                tenant: text("tenant"),
                company: text("company_id"),
                fields,
                comments: Vec::new(),
                description: text("description"),
            };
            state.heard.push(format!("{id} opened"));
            state.tickets.insert(id.clone(), held);
            state.log.push(id.clone());
            (201, id)
        }
    };
    let value = shown(&id, &state.tickets[&id]);
    state.keys.insert(key, (status, value.clone()));
    holds(&psa.contract, "Ticket", &value);
    answer(status, &value)
}

async fn write(psa: web::Data<Psa>, request: HttpRequest, body: web::Json<Value>) -> HttpResponse {
    if let Some(refused) = door(&psa, &request) {
        return refused;
    }
    holds(&psa.contract, "Writing", &body);
    let key = idempotency(&request);
    let id = request.match_info().query("id").to_owned();
    let mut state = psa.state.lock();
    if state.keys.contains_key(&key) {
        state.repeats += 1;
    }
    let Some(held) = state.tickets.get_mut(&id) else { return problem(404, "no_ticket") };
    let mut heard = Vec::new();
    for field in FIELDS {
        let written = &body[field];
        if written.is_null() {
            continue;
        }
        let (value, at) = (written["value"].as_str().expect("a value").to_owned(), moment(written["at"].as_str().expect("at")));
        heard.push(format!("{id} {field}={value}"));
        // At the same moment its own stands.
        if at > held.fields[field].1 {
            held.fields.insert(field, (value, at));
            held.version += 1;
        }
    }
    let value = shown(&id, held);
    state.heard.extend(heard);
    state.log.push(id);
    state.keys.insert(key, (200, value.clone()));
    answer(200, &value)
}

async fn comment(psa: web::Data<Psa>, request: HttpRequest, body: web::Json<Value>) -> HttpResponse {
    if let Some(refused) = door(&psa, &request) {
        return refused;
    }
    holds(&psa.contract, "NewComment", &body);
    let key = idempotency(&request);
    let id = request.match_info().query("id").to_owned();
    let mut state = psa.state.lock();
    if let Some((_, value)) = state.keys.get(&key).cloned() {
        state.repeats += 1;
        return answer(200, &value);
    }
    let comment = state.fresh("C");
    let text = |name: &str| body[name].as_str().expect("a text").to_owned();
    let Some(held) = state.tickets.get_mut(&id) else { return problem(404, "no_ticket") };
    let internal = body["internal"].as_bool().expect("a bool");
    held.comments.push((comment.clone(), Some(text("external_id")), text("author"), text("body"), internal));
    held.version += 1;
    let value = json!({ "id": comment, "external_id": text("external_id"), "author": text("author"), "body": text("body"), "internal": internal });
    holds(&psa.contract, "Comment", &value);
    state.heard.push(format!("{id} said {}", text("body")));
    state.log.push(id);
    state.keys.insert(key, (201, value.clone()));
    answer(201, &value)
}
