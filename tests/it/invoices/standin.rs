//! Books, as its contract says (`docs/integrations/books.yaml`): pages, marks, a key; and its bad days.

use std::{collections::HashMap, net::TcpListener};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use one_legal::invoices::invoice::Incoming;
use parking_lot::Mutex;
use serde_json::json;

pub const KEY: &str = "books-key-books-key-books-key-00";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Well,
    Down,
    Garbage,
    Slow,
}

pub struct Books {
    pub url: String,
    state: web::Data<State>,
}

struct State {
    /// In the order they changed.
    changes: Mutex<Vec<Incoming>>,
    mood: Mutex<Mood>,
    asked: Mutex<Vec<String>>,
}

impl Books {
    pub fn start() -> Self {
        let state = web::Data::new(State { changes: Mutex::default(), mood: Mutex::new(Mood::Well), asked: Mutex::default() });
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/books", listener.local_addr().expect("an address"));
        let data = state.clone();
        let server = HttpServer::new(move || App::new().app_data(data.clone()).route("/books/v1/invoices", web::get().to(changed)));
        actix_web::rt::spawn(server.workers(1).disable_signals().listen(listener).expect("it listens").run());
        Self { url, state }
    }

    pub fn settings(&self) -> [(&str, &str); 3] {
        [("BOOKS_API_URL", &self.url), ("BOOKS_SERVICE_KEY", KEY), ("REMOTE_TIMEOUT_MS", "300")]
    }

    pub fn put(&self, one: Incoming) {
        self.state.changes.lock().push(one);
    }

    /// It is told no more as it was.
    pub fn forget(&self, id: &str) {
        self.state.changes.lock().retain(|one| one.id != id);
    }

    pub fn feels(&self, mood: Mood) {
        *self.state.mood.lock() = mood;
    }

    /// The queries it was asked since the last time.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.state.asked.lock())
    }
}

async fn changed(state: web::Data<State>, request: HttpRequest, query: web::Query<HashMap<String, String>>) -> HttpResponse {
    let mood = *state.mood.lock();
    match mood {
        Mood::Well => {}
        Mood::Down => return HttpResponse::ServiceUnavailable().finish(),
        Mood::Garbage => return HttpResponse::Ok().json(json!({ "invoices": [{ "id": 7 }] })),
        Mood::Slow => actix_web::rt::time::sleep(std::time::Duration::from_secs(60)).await,
    }
    if request.headers().get("x-integration-key").is_none_or(|key| key != KEY) {
        return HttpResponse::Unauthorized().finish();
    }
    state.asked.lock().push(request.query_string().to_owned());
    if query.get("tenant").is_none_or(|tenant| tenant != "harbor") {
        return HttpResponse::Ok().json(json!({ "invoices": [], "next_cursor": null, "mark": "0" }));
    }
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<usize>().ok());
    let from = number("cursor").or_else(|| number("since")).unwrap_or(0);
    let changes = state.changes.lock();
    let page: Vec<&Incoming> = changes.iter().skip(from).take(2).collect();
    let upto = from + page.len();
    if upto < changes.len() {
        return HttpResponse::Ok().json(json!({ "invoices": page, "next_cursor": upto.to_string() }));
    }
    HttpResponse::Ok().json(json!({ "invoices": page, "next_cursor": null, "mark": upto.to_string() }))
}
