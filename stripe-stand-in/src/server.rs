//! The server: Stripe's addresses, the hosted pages, the tests' side door, and the postman who carries webhooks.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, MessageBody};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::Notify;

use crate::deliveries::Attempt;
use crate::pages::{self, Page};
use crate::pipeline::{Outcome, Reply, Request};
use crate::snapshot;
use crate::world::World;

pub struct State {
    pub world: Mutex<World>,
    pub news: Notify,
    /// Webhooks being carried at this moment.
    pub flying: AtomicUsize,
    pub snapshot: Option<PathBuf>,
}

impl State {
    /// Changes the world, keeps it if it is to be kept, and tells the postman.
    pub fn change<T>(&self, what: impl FnOnce(&mut World) -> T) -> T {
        let mut world = self.world.lock();
        let answer = what(&mut world);
        if let Some(path) = &self.snapshot
            && let Err(error) = snapshot::write(path, &world)
        {
            complain(&format!("the snapshot {} could not be written: {error}", path.display()));
        }
        drop(world);
        self.news.notify_one();
        answer
    }

    /// Nothing waits whose time has come, and nothing is on its way.
    pub fn quiet(&self) -> bool {
        let world = self.world.lock();
        let now = world.now();
        let waiting = world.open_deliveries.iter().filter_map(|id| world.deliveries.get(id)).any(|d| d.due_at <= now);
        !waiting && self.flying.load(Ordering::SeqCst) == 0
    }
}

#[allow(clippy::print_stderr, reason = "a development server tells its terminal")]
fn complain(message: &str) {
    eprintln!("stripe-stand-in: {message}");
}

/// A body that breaks off before its first byte: the client sees the connection cut.
struct Broken;

impl MessageBody for Broken {
    type Error = std::io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(1)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, std::io::Error>>> {
        Poll::Ready(Some(Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))))
    }
}

fn cut() -> HttpResponse {
    HttpResponse::Ok().force_close().body(Broken)
}

fn write(reply: &Reply) -> HttpResponse {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status).insert_header((CONTENT_TYPE, "application/json")).body(reply.body.clone());
    for (name, value) in &reply.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn header(request: &HttpRequest, name: &str) -> Option<String> {
    Some(request.headers().get(name)?.to_str().ok()?.to_owned())
}

/// Stripe's addresses.
async fn api(state: web::Data<State>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let asked = Request {
        method: request.method().as_str().to_owned(),
        path: request.path().to_owned(),
        query: request.query_string().to_owned(),
        body: String::from_utf8_lossy(&body).into_owned(),
        authorization: header(&request, "authorization"),
        account: header(&request, "stripe-account"),
        version: header(&request, "stripe-version"),
        key: header(&request, "idempotency-key"),
    };
    let (outcome, hang) = state.change(|world| (world.answer(&asked), world.settings.hang_ms));
    match outcome {
        Outcome::Reply(reply) => write(&reply),
        Outcome::Cut => cut(),
        Outcome::Hang => {
            tokio::time::sleep(Duration::from_millis(hang)).await;
            cut()
        }
        Outcome::Slow { ms, reply, slot } => {
            let (kept, inner) = (reply.clone(), state.clone());
            // The key comes free although the client may have gone.
            let waited = actix_web::rt::spawn(async move {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                inner.change(|world| world.finished(slot.as_deref(), &kept));
            });
            drop(waited.await);
            write(&reply)
        }
    }
}

/// The tests' side door. Changes that send webhooks answer when those have been tried.
async fn door(state: web::Data<State>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let path = request.path().trim_start_matches("/_test/").to_owned();
    let given: Value = if body.is_empty() {
        Value::Object(serde_json::Map::new())
    } else {
        match serde_json::from_slice(&body) {
            Ok(given) => given,
            Err(error) => return HttpResponse::BadRequest().body(error.to_string()),
        }
    };
    let told = state.change(|world| world.admin(request.method().as_str(), &path, &given));
    if request.method() != "GET" {
        settle(&state).await;
    }
    match told {
        Ok(answer) => HttpResponse::Ok().json(answer),
        Err(error) => {
            let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
            HttpResponse::build(status).json(error.body("test-door"))
        }
    }
}

/// Waits until the webhooks that could go have been tried; gives up when for ten seconds none has come to its end.
pub async fn settle(state: &State) {
    let (mut left, mut idle) = (usize::MAX, 0);
    while idle < 2_000 && !state.quiet() {
        let now = state.world.lock().open_deliveries.len() + state.flying.load(Ordering::SeqCst);
        idle = if now == left { idle + 1 } else { 0 };
        left = now;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The pages a browser walks.
async fn hosted(state: web::Data<State>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let form = String::from_utf8_lossy(&body).into_owned();
    let posted = (request.method() == "POST").then_some(form.as_str());
    let page = state.change(|world| pages::answer(world, request.path(), request.query_string(), posted));
    match page {
        Page::Html(status, html) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            HttpResponse::build(status).insert_header((CONTENT_TYPE, "text/html; charset=utf-8")).body(html)
        }
        Page::Go(url) => HttpResponse::SeeOther().insert_header((LOCATION, url)).finish(),
    }
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .app_data(web::PayloadConfig::new(4 << 20))
        .route("/_test/{path:.*}", web::route().to(door))
        .route("/_hosted/{path:.*}", web::route().to(hosted))
        .default_service(web::route().to(api));
}

/// One webhook on its way.
async fn carry(state: Arc<State>, client: reqwest::Client, attempt: Attempt) {
    let sent = client
        .post(&attempt.url)
        .header("Content-Type", "application/json; charset=utf-8")
        .header("Stripe-Signature", &attempt.signature)
        .header("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
        .body(attempt.payload)
        .send()
        .await;
    let outcome = sent.map(|response| response.status().as_u16()).map_err(|error| error.to_string());
    state.world.lock().attempted(attempt.id, outcome);
    state.flying.fetch_sub(1, Ordering::SeqCst);
    state.news.notify_one();
}

/// Carries webhooks as long as the server lives; also lets time pass for a following clock.
pub async fn postman(state: Arc<State>) {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(20)).redirect(reqwest::redirect::Policy::none()).build();
    let Ok(client) = client else { return };
    loop {
        loop {
            let (next, alone) = {
                let mut world = state.world.lock();
                world.tick();
                let room = world.mode.at_once.max(1);
                let next = if state.flying.load(Ordering::SeqCst) < room { world.next_attempt() } else { None };
                if next.is_some() {
                    state.flying.fetch_add(1, Ordering::SeqCst);
                }
                (next, room == 1)
            };
            let Some(attempt) = next else { break };
            let carried = carry(Arc::clone(&state), client.clone(), attempt);
            if alone {
                carried.await;
            } else {
                drop(actix_web::rt::spawn(carried));
            }
        }
        drop(tokio::time::timeout(Duration::from_millis(200), state.news.notified()).await);
    }
}
