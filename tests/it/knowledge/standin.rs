//! A language model's provider on loopback, speaking both wires as published (the official clients of both read it: `model_wires`),
//! and its bad days. What it says is told to it; what it was asked it tells.

use std::{net::TcpListener, time::Duration};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use bytes::Bytes;
use parking_lot::Mutex;
use serde_json::{Value, json};

pub const KEY: &str = "sk-standin-0123456789";
pub const MODEL: &str = "standin-1";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    Messages,
    ChatCompletions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// 529 or 503, as that wire has it.
    Overloaded,
    /// The same once, then well.
    OverloadedOnce,
    Slow,
    /// After the first pieces nothing more comes, and the connection ends.
    BreaksOff,
    /// The same with an error event.
    BreaksOffSaying,
    /// Events that no wire has.
    Garbage,
    /// A page.
    Page,
    Elsewhere,
    NoCredit,
    /// It stops for a reason of its own.
    Declines,
    /// There is no room for more.
    CutOff,
    /// More and more.
    Endless,
}

pub struct Provider {
    pub url: String,
    state: web::Data<State>,
}

struct State {
    mood: Mutex<Mood>,
    says: Mutex<String>,
    asked: Mutex<Vec<Value>>,
}

impl Provider {
    pub fn start(wire: Wire) -> Self {
        let state =
            web::Data::new(State { mood: Mutex::new(Mood::Well), says: Mutex::new(String::new()), asked: Mutex::default() });
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let data = state.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .route("/v1/messages", web::post().to(messages))
                .route("/v1/chat/completions", web::post().to(completions))
        });
        tokio::spawn(server.workers(1).disable_signals().listen(listener).expect("it listens").run());
        let url = match wire {
            Wire::Messages => format!("{base}/v1/messages"),
            Wire::ChatCompletions => format!("{base}/v1"),
        };
        Self { url, state }
    }

    pub fn settings(&self) -> [(&str, &str); 4] {
        self.patient("30000")
    }

    /// Of somebody who waits so many milliseconds: where the answer never comes, the test need not wait for long.
    pub fn patient<'a>(&'a self, milliseconds: &'a str) -> [(&'a str, &'a str); 4] {
        [("LLM_API_URL", &self.url), ("LLM_API_KEY", KEY), ("LLM_MODEL", MODEL), ("LLM_TIMEOUT_MS", milliseconds)]
    }

    pub fn feels(&self, mood: Mood) {
        *self.state.mood.lock() = mood;
    }

    pub fn says(&self, text: &str) {
        text.clone_into(&mut self.state.says.lock());
    }

    /// What it was asked since the last time: whole requests.
    pub fn asked(&self) -> Vec<Value> {
        std::mem::take(&mut *self.state.asked.lock())
    }
}

/// Pieces of three characters, so that marks are cut in two.
fn pieces(text: &str) -> Vec<String> {
    text.chars().collect::<Vec<_>>().chunks(3).map(|chunk| chunk.iter().collect()).collect()
}

fn event(name: &str, data: &Value) -> Bytes {
    let name = if name.is_empty() { String::new() } else { format!("event: {name}\n") };
    format!("{name}data: {data}\n\n").into()
}

/// The events one after the other, each a piece of the network's; of `None` the connection ends in the middle.
fn stream(events: Vec<Option<Bytes>>) -> HttpResponse {
    let broken = || actix_web::error::ErrorInternalServerError("broken off");
    let events = events.into_iter().map(move |event| event.ok_or_else(broken));
    let events = futures_util::stream::unfold(events, |mut events| async move {
        actix_web::rt::task::yield_now().await;
        events.next().map(|event| (event, events))
    });
    HttpResponse::Ok().content_type("text/event-stream; charset=utf-8").streaming(events)
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// What is the same on both: bad days that need no wire.
async fn bad_day(state: &State, overloaded: (u16, Value)) -> Option<HttpResponse> {
    let status = |code: u16| actix_web::http::StatusCode::from_u16(code).expect("a status");
    let mood = *state.mood.lock();
    match mood {
        Mood::Overloaded | Mood::OverloadedOnce => {
            if mood == Mood::OverloadedOnce {
                *state.mood.lock() = Mood::Well;
            }
            Some(HttpResponse::build(status(overloaded.0)).insert_header(("retry-after", "0")).json(overloaded.1))
        }
        Mood::Slow => {
            actix_web::rt::time::sleep(Duration::from_secs(60)).await;
            None
        }
        Mood::Page => Some(HttpResponse::Ok().content_type("text/html").body("<h1>Welcome</h1>")),
        Mood::Elsewhere => Some(HttpResponse::Found().insert_header(("location", "/v1/messages")).finish()),
        _ => None,
    }
}

/// `POST /v1/messages`, `anthropic-version: 2026-10-21`: the key comes as the reference has it, or as the official client sends it.
async fn messages(state: web::Data<State>, request: HttpRequest, body: web::Json<Value>) -> HttpResponse {
    let error = |kind: &str, message: &str| json!({ "type": "error", "error": { "type": kind, "message": message }, "request_id": "req_1" });
    if header(&request, "x-api-key") != KEY && header(&request, "authorization") != format!("Bearer {KEY}") {
        return HttpResponse::Unauthorized().json(error("authentication_error", "invalid x-api-key"));
    }
    let asked = body.into_inner();
    let shaped = header(&request, "anthropic-version") == "2026-10-21"
        && asked["max_tokens"].as_u64().is_some_and(|tokens| tokens > 0)
        && asked["messages"]
            .as_array()
            .is_some_and(|all| all.iter().all(|one| one["role"] == "user" && one["content"].is_string()))
        && (asked["system"].is_null() || asked["system"].is_string());
    if !shaped {
        return HttpResponse::BadRequest().json(error("invalid_request_error", "malformed"));
    }
    if asked["model"] != MODEL {
        return HttpResponse::NotFound().json(error("not_found_error", "model: unknown"));
    }
    state.asked.lock().push(asked.clone());
    if let Some(answer) = bad_day(&state, (529, error("overloaded_error", "Overloaded"))).await {
        return answer;
    }
    let mood = *state.mood.lock();
    if mood == Mood::NoCredit {
        return HttpResponse::BadRequest()
            .json(error("invalid_request_error", &format!("Your credit balance is too low: {asked}")));
    }
    let usage = json!({ "input_tokens": 10, "output_tokens": 1 });
    let message = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": MODEL, "content": [], "stop_reason": null, "stop_sequence": null, "usage": usage,
    });
    let delta = |text: &str| {
        event(
            "content_block_delta",
            &json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": text } }),
        )
    };
    let mut events = vec![
        Some(event("message_start", &json!({ "type": "message_start", "message": message }))),
        Some(event(
            "content_block_start",
            &json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }),
        )),
        Some(event("ping", &json!({ "type": "ping" }))),
    ];
    events.extend(pieces(&state.says.lock()).iter().map(|piece| Some(delta(piece))));
    let stop_reason = match mood {
        Mood::Declines => "refusal",
        Mood::CutOff => "max_tokens",
        _ => "end_turn",
    };
    match mood {
        Mood::BreaksOff => events.push(None),
        Mood::BreaksOffSaying => events.push(Some(event("error", &error("overloaded_error", "Overloaded")))),
        Mood::Garbage => events.push(Some(event("content_block_delta", &json!({ "type": "content_block_delta", "delta": 7 })))),
        Mood::Endless => events.extend((0..40_000).map(|_| Some(delta("and so on [1] ")))),
        _ => {
            let stop = json!({ "type": "message_delta", "delta": { "stop_reason": stop_reason, "stop_sequence": null }, "usage": { "output_tokens": 9 } });
            events.push(Some(event("content_block_stop", &json!({ "type": "content_block_stop", "index": 0 }))));
            events.push(Some(event("message_delta", &stop)));
            events.push(Some(event("message_stop", &json!({ "type": "message_stop" }))));
        }
    }
    stream(events)
}

/// `POST /v1/chat/completions`.
async fn completions(state: web::Data<State>, request: HttpRequest, body: web::Json<Value>) -> HttpResponse {
    let error = |kind: &str, code: Value, message: &str| json!({ "error": { "message": message, "type": kind, "param": null, "code": code } });
    if header(&request, "authorization") != format!("Bearer {KEY}") {
        return HttpResponse::Unauthorized().json(error(
            "invalid_request_error",
            json!("invalid_api_key"),
            "Incorrect API key provided",
        ));
    }
    let asked = body.into_inner();
    let role = |one: &Value| matches!(one["role"].as_str(), Some("system" | "user")) && one["content"].is_string();
    if !asked["messages"].as_array().is_some_and(|all| !all.is_empty() && all.iter().all(role)) {
        return HttpResponse::BadRequest().json(error("invalid_request_error", Value::Null, "malformed"));
    }
    if asked["model"] != MODEL {
        return HttpResponse::NotFound().json(error("invalid_request_error", json!("model_not_found"), "The model does not exist"));
    }
    state.asked.lock().push(asked.clone());
    if let Some(answer) = bad_day(&state, (503, error("server_error", Value::Null, "Overloaded"))).await {
        return answer;
    }
    let mood = *state.mood.lock();
    if mood == Mood::NoCredit {
        return HttpResponse::PaymentRequired().json(error(
            "insufficient_quota",
            json!("insufficient_quota"),
            &format!("quota: {asked}"),
        ));
    }
    let chunk = |delta: Value, finish: Value| {
        event(
            "",
            &json!({
                "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_772_445_600, "model": MODEL,
                "choices": [{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finish }],
            }),
        )
    };
    let mut events = vec![Some(chunk(json!({ "role": "assistant", "content": "" }), Value::Null))];
    events.extend(pieces(&state.says.lock()).iter().map(|piece| Some(chunk(json!({ "content": piece }), Value::Null))));
    let finish = match mood {
        Mood::Declines => "content_filter",
        Mood::CutOff => "length",
        _ => "stop",
    };
    match mood {
        Mood::BreaksOff => events.push(None),
        Mood::BreaksOffSaying => events.push(Some(event("", &error("server_error", Value::Null, "The server had an error")))),
        Mood::Garbage => events.push(Some(event("", &json!({ "choices": 7 })))),
        Mood::Endless => events.extend((0..40_000).map(|_| Some(chunk(json!({ "content": "and so on [1] " }), Value::Null)))),
        _ => {
            events.push(Some(chunk(json!({}), json!(finish))));
            events.push(Some(Bytes::from_static(b"data: [DONE]\n\n")));
        }
    }
    stream(events)
}
