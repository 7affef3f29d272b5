//! The CRM, as its contract says (`docs/integrations/crm.yaml`): pages, marks, a key; every answer it gives and every figure it gets
//! is held against the file; and its bad days.

use std::{collections::HashMap, net::TcpListener};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::tickets::psa::{contract_of, holds};

pub const KEY: &str = "crm-key-crm-key-crm-key-crm-key-00";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Well,
    Down,
    Slow,
    /// What it says is not in its contract.
    Garbage,
    RefusesTheKey,
}

pub struct Crm {
    pub url: String,
    state: web::Data<State>,
}

struct State {
    /// In the order they changed.
    changes: Mutex<Vec<Value>>,
    mood: Mutex<Mood>,
    asked: Mutex<Vec<String>>,
    /// What it was told, in the order it came: the company, the idempotency key, the figures.
    told: Mutex<Vec<(String, String, Value)>>,
    contract: Value,
}

/// A company as the CRM has it.
pub fn company(id: &str, name: &str, version: i64, people: &[(&str, &str, &str)]) -> Value {
    let people: Vec<Value> =
        people.iter().map(|(id, name, email)| json!({ "id": id, "name": name, "email": email, "title": "Manager" })).collect();
    json!({ "id": id, "name": name, "legal_name": format!("{name} Inc."), "active": true, "contacts": people, "version": version })
}

impl Crm {
    pub fn start() -> Self {
        let state = web::Data::new(State {
            changes: Mutex::default(),
            mood: Mutex::new(Mood::Well),
            asked: Mutex::default(),
            told: Mutex::default(),
            contract: contract_of("crm.yaml"),
        });
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/crm", listener.local_addr().expect("an address"));
        let data = state.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .route("/crm/v1/companies", web::get().to(changed))
                .route("/crm/v1/companies/{id}/legal", web::post().to(told))
        });
        actix_web::rt::spawn(server.workers(1).disable_signals().listen(listener).expect("it listens").run());
        Self { url, state }
    }

    pub fn settings(&self) -> [(&str, &str); 3] {
        [("CRM_API_URL", &self.url), ("CRM_INTEGRATION_KEY", KEY), ("REMOTE_TIMEOUT_MS", "300")]
    }

    pub fn put(&self, one: Value) {
        self.state.changes.lock().push(one);
    }

    pub fn feels(&self, mood: Mood) {
        *self.state.mood.lock() = mood;
    }

    /// The queries it was asked since the last time.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.state.asked.lock())
    }

    /// What it was told since the last time.
    pub fn told(&self) -> Vec<(String, String, Value)> {
        std::mem::take(&mut *self.state.told.lock())
    }
}

/// The answer of a bad day, or of a wrong key.
async fn refused(state: &State, request: &HttpRequest) -> Option<HttpResponse> {
    let mood = *state.mood.lock();
    match mood {
        Mood::Well => {}
        Mood::Down => return Some(HttpResponse::ServiceUnavailable().finish()),
        Mood::Garbage => return Some(HttpResponse::Ok().json(json!({ "companies": [{ "id": 7 }] }))),
        Mood::Slow => actix_web::rt::time::sleep(std::time::Duration::from_secs(60)).await,
        Mood::RefusesTheKey => return Some(HttpResponse::Unauthorized().finish()),
    }
    let is_right = request.headers().get("x-integration-key").is_some_and(|key| key == KEY);
    (!is_right).then(|| HttpResponse::Unauthorized().finish())
}

async fn changed(state: web::Data<State>, request: HttpRequest, query: web::Query<HashMap<String, String>>) -> HttpResponse {
    if let Some(answer) = refused(&state, &request).await {
        return answer;
    }
    state.asked.lock().push(request.query_string().to_owned());
    let answer = if query.get("tenant").is_some_and(|tenant| tenant == "harbor") {
        let number = |name: &str| query.get(name).and_then(|text| text.parse::<usize>().ok());
        let from = number("cursor").or_else(|| number("since")).unwrap_or(0);
        let changes = state.changes.lock();
        let page: Vec<&Value> = changes.iter().skip(from).take(2).collect();
        let upto = from + page.len();
        if upto < changes.len() {
            json!({ "companies": page, "next_cursor": upto.to_string() })
        } else {
            json!({ "companies": page, "next_cursor": null, "mark": upto.to_string() })
        }
    } else {
        json!({ "companies": [], "next_cursor": null, "mark": "0" })
    };
    holds(&state.contract, "Changed", &answer);
    HttpResponse::Ok().json(answer)
}

async fn told(state: web::Data<State>, request: HttpRequest, id: web::Path<String>, body: web::Json<Value>) -> HttpResponse {
    if let Some(answer) = refused(&state, &request).await {
        return answer;
    }
    holds(&state.contract, "Figures", &body);
    let key = request.headers().get("idempotency-key").and_then(|key| key.to_str().ok()).expect("an idempotency key");
    state.told.lock().push((id.into_inner(), key.to_owned(), body.into_inner()));
    HttpResponse::Ok().json(json!({}))
}
