//! Other programs, as they are: slow, away, wrong, and back again.

use std::{
    net::TcpListener,
    sync::atomic::{AtomicUsize, Ordering},
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use entity::Moment;
use one_legal::platform::remote::{self, Call, CallError, Remote};
use serde_json::{Value, json};

use crate::support::Installation;

const KEY: &str = "0123456789abcdef0123456789abcdef";

/// What the other side does, by the words of the path; and how often it was asked.
#[derive(Default)]
struct Other {
    asked: AtomicUsize,
}

async fn answer(other: web::Data<Other>, request: HttpRequest) -> HttpResponse {
    let nth = other.asked.fetch_add(1, Ordering::SeqCst);
    let key = request.headers().get(remote::KEY_HEADER).and_then(|value| value.to_str().ok());
    match request.match_info().query("what") {
        _ if key != Some(KEY) => HttpResponse::Unauthorized().finish(),
        "good" => HttpResponse::Ok().json(json!({ "query": request.query_string() })),
        "second-time" if nth == 0 => HttpResponse::ServiceUnavailable().finish(),
        "second-time" => {
            let key = request.headers().get("idempotency-key").and_then(|value| value.to_str().ok()).unwrap_or_default();
            HttpResponse::Created().json(json!({ "key": key }))
        }
        "broken" => HttpResponse::InternalServerError().finish(),
        "slow" => {
            actix_web::rt::time::sleep(std::time::Duration::from_secs(60)).await;
            HttpResponse::Ok().json(json!({}))
        }
        "page" => HttpResponse::Ok().content_type("text/html").body("<h1>Welcome</h1>"),
        "long" => HttpResponse::Ok().content_type("application/json").body(vec![b' '; 9 << 20]),
        "elsewhere" => HttpResponse::Found().insert_header(("location", "good")).finish(),
        "no" => HttpResponse::UnprocessableEntity().json(json!({ "detail": "No such company." })),
        _ => HttpResponse::NotFound().finish(),
    }
}

/// Its address, and what it counted.
fn other() -> (String, web::Data<Other>) {
    let other = web::Data::new(Other::default());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/api", listener.local_addr().expect("an address"));
    let data = other.clone();
    let server = HttpServer::new(move || App::new().app_data(data.clone()).route("/api/{what}", web::to(answer)));
    actix_web::rt::spawn(server.workers(1).disable_signals().listen(listener).expect("it listens").run());
    (url, other)
}

async fn asked(one: &Installation, what: &str) -> Result<Value, CallError> {
    let remote = Remote::of(&one.platform, &one.platform.config.psa).expect("both settings are there");
    remote.call(&one.platform, Call::get(what, &[("page", "1 & 2")])).await
}

#[actix_web::test]
async fn an_answer_is_read_and_what_was_seen_is_written_down() {
    let (url, _other) = other();
    let one = Installation::with(&[("PSA_API_URL", &url), ("PSA_SERVICE_KEY", KEY)]).await;
    assert_eq!(remote::seen(&one.platform, "PSA").await.expect("read"), None);
    assert_eq!(asked(&one, "good").await.expect("an answer")["query"], "page=1+%26+2");
    let seen = remote::seen(&one.platform, "PSA").await.expect("read").expect("a row");
    assert_eq!((seen.last_success_at, seen.failing_since), (Some(one.platform.clock.now()), None));
}

#[actix_web::test]
async fn each_way_to_fail_has_its_name_and_the_first_failure_stays_the_beginning() {
    let (url, _other) = other();
    let one = Installation::with(&[("PSA_API_URL", &url), ("PSA_SERVICE_KEY", KEY), ("REMOTE_TIMEOUT_MS", "200")]).await;
    let began = one.platform.clock.now();
    assert!(matches!(asked(&one, "page").await, Err(CallError::Garbage(_))));
    one.platform.clock.advance(Moment::MINUTE);
    assert!(matches!(asked(&one, "long").await, Err(CallError::Garbage(_))));
    assert!(matches!(asked(&one, "elsewhere").await, Err(CallError::Garbage(_))), "a redirect would carry the key elsewhere");
    let seen = remote::seen(&one.platform, "PSA").await.expect("read").expect("a row");
    assert_eq!(seen.failing_since, Some(began));
    assert_eq!(asked(&one, "slow").await, Err(CallError::TimedOut));
    // It says no to one thing: that is an answer, and it does well.
    let refused = CallError::Refused { status: 422, detail: "No such company.".to_owned() };
    assert_eq!(asked(&one, "no").await, Err(refused));
    assert_eq!(asked(&one, "nothing").await, Err(CallError::Missing));
    let seen = remote::seen(&one.platform, "PSA").await.expect("read").expect("a row");
    assert_eq!(seen.failing_since, None);
    assert_eq!(seen.last_error.as_deref(), Some("it did not answer in time"));
}

#[actix_web::test]
async fn a_change_is_sent_again_under_the_same_key() {
    let (url, other) = other();
    let one = Installation::with(&[("PSA_API_URL", &url), ("PSA_SERVICE_KEY", KEY)]).await;
    let remote = Remote::of(&one.platform, &one.platform.config.psa).expect("set");
    let made: Value = remote.call(&one.platform, Call::post("second-time", "ticket-1", json!({}))).await.expect("made");
    assert_eq!((made["key"].as_str(), other.asked.load(Ordering::SeqCst)), (Some("ticket-1"), 2));
}

#[actix_web::test]
async fn what_fails_again_and_again_is_left_alone_for_half_a_minute() {
    let (url, other) = other();
    let one = Installation::with(&[("PSA_API_URL", &url), ("PSA_SERVICE_KEY", KEY)]).await;
    for _ in 0..5 {
        assert_eq!(asked(&one, "broken").await, Err(CallError::Failed(500)));
    }
    let before = other.asked.load(Ordering::SeqCst);
    assert!(matches!(asked(&one, "good").await, Err(CallError::Resting(_))));
    assert_eq!(other.asked.load(Ordering::SeqCst), before, "it was not asked");
    one.platform.clock.advance(30 * Moment::SECOND);
    asked(&one, "good").await.expect("it is back");
    asked(&one, "good").await.expect("and stays");
}

#[actix_web::test]
async fn a_wrong_key_a_closed_port_and_a_missing_setting_are_told_apart() {
    let (url, _other) = other();
    let wrong = "another-key-another-key-another-key";
    let one = Installation::with(&[("PSA_API_URL", &url), ("PSA_SERVICE_KEY", wrong), ("BOOKS_API_URL", &url)]).await;
    let off = Installation::new().await;
    assert_eq!(asked(&one, "good").await, Err(CallError::KeyRefused));
    let missing =
        |one: &Installation| Remote::of(&one.platform, &one.platform.config.books).map(|_| ()).expect_err("a setting is missing");
    assert_eq!(missing(&one), CallError::NotSet("BOOKS_SERVICE_KEY"));
    assert_eq!(missing(&off), CallError::NotSet("BOOKS_API_URL"));
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address");
    let url = format!("http://{closed}");
    let two = Installation::with(&[("PSA_API_URL", &url), ("PSA_SERVICE_KEY", KEY)]).await;
    assert!(matches!(asked(&two, "good").await, Err(CallError::Unreachable(why)) if why.contains("refused")));
}
