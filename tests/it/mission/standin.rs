//! Mission, as its contract says (`docs/integrations/mission.yaml`): each answer it gives is held against the file; and its bad days.

use std::{collections::HashMap, net::TcpListener};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::tickets::psa::{contract_of, holds};

pub const KEY: &str = "mission-key-mission-key-mission-0";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Well,
    Down,
    Slow,
    /// What it says is not in its contract.
    Garbage,
    /// It says what is in the contract and cannot be: a day that is none.
    Wrong,
}

pub struct Mission {
    pub url: String,
    state: web::Data<State>,
}

struct State {
    answers: HashMap<&'static str, (&'static str, Value)>,
    /// Who is on file.
    known: Mutex<Vec<String>>,
    mood: Mutex<Mood>,
    asked: Mutex<Vec<String>>,
    contract: Value,
}

impl Mission {
    pub fn start() -> Self {
        let state = web::Data::new(State {
            answers: answers(),
            known: Mutex::new(vec!["joy@grace.example".to_owned()]),
            mood: Mutex::new(Mood::Well),
            asked: Mutex::default(),
            contract: contract_of("mission.yaml"),
        });
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/mission", listener.local_addr().expect("an address"));
        let data = state.clone();
        let server = HttpServer::new(move || App::new().app_data(data.clone()).route("/mission/v1/{page}", web::get().to(answer)));
        actix_web::rt::spawn(server.workers(1).disable_signals().listen(listener).expect("it listens").run());
        Self { url, state }
    }

    pub fn settings(&self) -> [(&str, &str); 3] {
        [("MISSION_API_URL", &self.url), ("MISSION_SERVICE_KEY", KEY), ("REMOTE_TIMEOUT_MS", "300")]
    }

    pub fn feels(&self, mood: Mood) {
        *self.state.mood.lock() = mood;
    }

    pub fn forgets_everybody(&self) {
        self.state.known.lock().clear();
    }

    /// What it was asked since the last time: `giving?tenant=…`.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.state.asked.lock())
    }
}

async fn answer(state: web::Data<State>, request: HttpRequest, query: web::Query<HashMap<String, String>>) -> HttpResponse {
    let mood = *state.mood.lock();
    let page = request.match_info().get("page").unwrap_or_default().to_owned();
    match mood {
        Mood::Well => {}
        Mood::Down => return HttpResponse::ServiceUnavailable().finish(),
        Mood::Slow => actix_web::rt::time::sleep(std::time::Duration::from_secs(60)).await,
        Mood::Garbage => {
            return HttpResponse::Ok().json(json!({ "gifts": 7, "events": 7, "groups": 7, "people": 7, "prayers": 7 }));
        }
        Mood::Wrong => {
            let gift = json!({ "id": "g-77", "given_on": "2026-02-30", "fund": "General", "amount": 1, "currency": "USD" });
            return HttpResponse::Ok().json(json!({ "gifts": [gift], "events": [], "groups": [], "people": [], "prayers": [] }));
        }
    }
    if request.headers().get("x-integration-key").is_none_or(|key| key != KEY) {
        return HttpResponse::Unauthorized().finish();
    }
    state.asked.lock().push(format!("{page}?{}", request.query_string()));
    let known = query.get("email").is_some_and(|email| state.known.lock().contains(email));
    match state.answers.get(page.as_str()).filter(|_| known && query.get("tenant").is_some_and(|tenant| tenant == "grace")) {
        None => HttpResponse::NotFound().finish(),
        Some((schema, value)) => {
            holds(&state.contract, schema, value);
            HttpResponse::Ok().json(value)
        }
    }
}

/// Joy's, on 2 March 2026.
fn answers() -> HashMap<&'static str, (&'static str, Value)> {
    let gift = |id: &str, on: &str, fund: &str, amount: i64, method: &str| json!({ "id": id, "given_on": on, "fund": fund, "amount": amount, "currency": "USD", "method": method, "deductible": fund != "Bookshop" });
    let prayer = |id: &str, text: &str, visibility: &str, more: Value| {
        let mut prayer = json!({ "id": id, "text": text, "category": "health", "visibility": visibility, "asked_on": "2026-02-20", "author": "Ruth Adler", "anonymous": false, "prayer_count": 4, "answered": false, "answer_note": "", "mine": false });
        for (name, value) in more.as_object().expect("fields") {
            prayer[name] = value.clone();
        }
        prayer
    };
    HashMap::from([
        (
            "giving",
            (
                "Giving",
                json!({
                    "gifts": [
                        gift("g-1", "2025-11-02", "General", 5_000, "Check 1042"),
                        gift("g-2", "2025-12-24", "Missions", 10_000, "Card"),
                        gift("g-3", "2025-12-28", "Bookshop", 2_000, "Cash"),
                        gift("g-4", "2026-01-11", "General", 7_550, "Card"),
                    ],
                    "organization": { "name": "Grace Chapel Inc.", "address": ["12 Hill Road", "Springfield, IL 62701"], "tax_id": "37-0000000" },
                    "giver": { "name": "Joy Abara", "address": ["4 Elm Street"] },
                    "statement_note": "No goods or services were provided in return.",
                }),
            ),
        ),
        (
            "events",
            (
                "Events",
                json!({ "events": [
                    { "id": "e-1", "title": "Spring picnic", "starts_at": "2026-05-09T11:00:00-05:00", "ends_at": "2026-05-09T15:00:00-05:00", "location": "Lincoln Park", "category": "Fellowship", "description": "Bring a blanket.\nWe bring the food.", "registered": true, "places_left": 12 },
                    { "id": "e-2", "title": "Choir rehearsal", "starts_at": "2026-03-05T19:00:00-06:00", "ends_at": null, "places_left": 0 },
                    { "id": "e-3", "title": "Christmas eve", "starts_at": "2025-12-24T17:00:00-06:00", "location": "Sanctuary" },
                ] }),
            ),
        ),
        (
            "groups",
            (
                "Groups",
                json!({ "groups": [
                    { "id": "r-1", "name": "Tuesday table", "type": "Small Group", "description": "We eat and read.", "schedule": "Tuesdays, 7 pm", "location": "At the Adlers'", "members": 12, "max_members": 12, "mine": false },
                    { "id": "r-2", "name": "Choir", "type": "Ministry", "description": "We sing.", "schedule": "Thursdays", "location": "Sanctuary", "members": 1, "max_members": null, "mine": true },
                ] }),
            ),
        ),
        (
            "directory",
            (
                "Directory",
                json!({ "people": [
                    { "id": "p-1", "first_name": "Ruth", "last_name": "Adler", "email": "ruth@grace.example" },
                    { "id": "p-2", "first_name": "Björn", "last_name": "Ek", "email": null },
                ] }),
            ),
        ),
        (
            "prayers",
            (
                "PrayerWall",
                json!({ "on_prayer_team": false, "prayers": [
                    prayer("w-1", "For my mother's operation", "public", json!({})),
                    prayer("w-2", "CANARY-team", "prayer_team", json!({})),
                    prayer("w-3", "CANARY-private", "private", json!({})),
                    prayer("w-4", "For a new job", "public", json!({ "anonymous": true, "author": "CANARY-name", "category": "financial" })),
                    prayer("w-5", "For peace at home", "private", json!({ "mine": true, "category": "family" })),
                    prayer("w-6", "For the trip", "public", json!({ "answered": true, "answer_note": "All came home well." })),
                ] }),
            ),
        ),
    ])
}
