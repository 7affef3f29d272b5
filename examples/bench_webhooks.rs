//! Webhooks of Stripe's: posts in random order, three in ten of them twice, 32 at once. Each is stored once; how many a second, how
//! long one takes, and what a bad signature costs.
//!
//! `cargo run --release --example bench_webhooks [POSTS]`

use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use entity::{Reach, Unwalled, payments::webhook};
use one_legal::{
    app::{server, start},
    platform::{Clock, Config, config::Source},
};
use sea_orm::PaginatorTrait;
use serde_json::json;
use stripe_stand_in::sign;

const SECRET: &str = "whsec_bench_0123456789";
const AT_ONCE: usize = 32;

fn percentile(times: &mut [Duration], part: f64) -> f64 {
    times.sort_unstable();
    let at = ((times.len() as f64 - 1.0) * part) as usize;
    times.get(at).copied().unwrap_or_default().as_secs_f64() * 1_000.0
}

async fn post(client: &reqwest::Client, url: &str, payload: String, header: String) -> (u16, Duration) {
    let started = Instant::now();
    let answer = client.post(url).header("stripe-signature", header).body(payload).send().await.expect("an answer");
    (answer.status().as_u16(), started.elapsed())
}

#[actix_web::main]
async fn main() {
    let posts: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let folder = tempfile::tempdir().expect("a folder");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let pairs = [
        ("BIND", address.to_string()),
        ("DATA_DIR", folder.path().display().to_string()),
        ("STRIPE_SECRET_KEY", "sk_test_bench".to_owned()),
        ("STRIPE_WEBHOOK_SECRET", SECRET.to_owned()),
        ("STRIPE_API_BASE", "http://127.0.0.1:9".to_owned()),
    ];
    let config = Config::load(&Source::from_pairs(pairs)).expect("settings");
    let platform = start::open(config, Clock::system()).await.expect("it opens");
    let server = server::server(Arc::clone(&platform), listener, 2).expect("a server");
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let url = format!("http://{address}/webhooks/stripe");
    let now = platform.clock.now().seconds();

    // Three in ten come twice: so many different events make so many posts.
    let different = posts * 10 / 13;
    let mut order: Vec<usize> = (0..different).chain((0..posts - different).map(|n| n * 3 % different)).collect();
    let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
    for at in (1..order.len()).rev() {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        order.swap(at, (dice >> 33) as usize % (at + 1));
    }
    let events: Arc<Vec<(String, String)>> = Arc::new(
        order
            .into_iter()
            .map(|n| {
                let object = json!({ "object": "payment_intent", "id": format!("pi_{n}"), "amount": 150_000, "currency": "usd",
                    "description": "A retainer's month, charged off-session", "status": "succeeded", "metadata": {} });
                let payload = json!({ "id": format!("evt_{n}"), "object": "event", "api_version": "2026-09-30.endive",
                    "type": "payment_intent.succeeded", "livemode": false, "data": { "object": object } })
                .to_string();
                let header = sign(&payload, &[SECRET.to_owned()], now);
                (payload, header)
            })
            .collect(),
    );
    let next = Arc::new(AtomicUsize::new(0));
    let client = reqwest::Client::new();
    let started = Instant::now();
    let senders: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (client, url, events, next) = (client.clone(), url.clone(), Arc::clone(&events), Arc::clone(&next));
            actix_web::rt::spawn(async move {
                let mut times = Vec::new();
                while let Some((payload, header)) = events.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let (status, took) = post(&client, &url, payload.clone(), header.clone()).await;
                    assert_eq!(status, 200);
                    times.push(took);
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for sender in senders {
        times.extend(sender.await.expect("a sender"));
    }
    let took = started.elapsed().as_secs_f64();
    let tx = platform.read(Reach::Everything("a benchmark counts")).await.expect("a view");
    let stored = webhook::Entity::rows().count(&tx).await.expect("a count");
    assert_eq!(stored, different as u64, "each is stored once");
    println!(
        "{} posts of {different} events, {AT_ONCE} at once: {:.0}/s, p50 {:.1} ms, p99 {:.1} ms, {stored} stored",
        events.len(),
        events.len() as f64 / took,
        percentile(&mut times, 0.5),
        percentile(&mut times, 0.99)
    );

    let mut bad = Vec::new();
    for (payload, _) in events.iter().take(1_000) {
        let (status, took) = post(&client, &url, payload.clone(), sign(payload, &["whsec_another".to_owned()], now)).await;
        assert_eq!(status, 400);
        bad.push(took);
    }
    println!(
        "a bad signature, one after the other: p50 {:.2} ms, p99 {:.2} ms",
        percentile(&mut bad, 0.5),
        percentile(&mut bad, 0.99)
    );
    assert_eq!(webhook::Entity::rows().count(&tx).await.expect("a count"), stored);
    handle.stop(false).await;
}
