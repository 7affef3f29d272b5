//! Conversations measured: `cargo run --release --example bench_messaging [seconds]`.
//!
//! A child process serves over a fresh SQLite database (`synchronous=FULL`) in a temporary folder; this process is its clients.
//! Durable messages a second of one conversation with 50 subscribers (closed loop), time from send to the last delivery at a
//! fixed rate, memory idle and per idle socket.

mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use entity::ids::ConversationId;
use futures_util::{SinkExt, StreamExt};
use one_legal::{
    messaging,
    platform::{Config, Result, random},
};
use support::{Socket, at, connect, memory, subscribe};
use tokio_tungstenite::tungstenite::Message;

const PEOPLE: usize = 60;
const SUBSCRIBERS: usize = 50;
const WRITERS: usize = 10;
const WINDOW: usize = 32;
const IDLE: usize = 1_000;
/// Bytes of a message.
const SIZE: usize = 200;

/// What the installation is set to besides.
const MORE: [(&str, &str); 1] = [("SENDS_PER_10S", "10000000")];

fn main() {
    if support::served_as_child(&MORE) {
        return;
    }
    let seconds = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(10);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure(Duration::from_secs(seconds)));
}

async fn measure(time: Duration) {
    let folder = tempfile::tempdir().expect("a folder");
    let port = support::free_port();
    let (conversation, cookies) = prepare(support::settings(folder.path(), port, &MORE)).await.expect("prepared");
    let server = support::serve(folder.path(), port).await;
    let pid = server.id();
    println!("memory idle                          {:>9.1} MiB", memory(pid) / 1024.0);

    let mut idle = Vec::new();
    let before = memory(pid);
    for n in 0..IDLE {
        idle.push(connect(port, &cookies[n % PEOPLE]).await);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    println!("memory per idle socket ({IDLE})        {:>9.1} KiB", (memory(pid) - before) / IDLE as f64);
    drop(idle);
    tokio::time::sleep(Duration::from_secs(2)).await;

    let heard = Arc::new(Heard::default());
    let mut listeners = Vec::new();
    for cookie in cookies.iter().take(SUBSCRIBERS) {
        let mut socket = connect(port, cookie).await;
        subscribe(&mut socket, conversation).await;
        listeners.push(tokio::spawn(listen(socket, Arc::clone(&heard))));
    }

    let began = Instant::now();
    let mut writers = Vec::new();
    for n in 0..WRITERS {
        writers.push(tokio::spawn(write(
            connect(port, &cookies[SUBSCRIBERS + n % (PEOPLE - SUBSCRIBERS)]).await,
            conversation,
            time,
        )));
    }
    let mut written = 0;
    for writer in writers {
        written += writer.await.expect("a writer");
    }
    let took = began.elapsed().as_secs_f64();
    until(|| heard.frames.load(Ordering::Relaxed) >= written * SUBSCRIBERS).await;
    let delivered = began.elapsed().as_secs_f64();
    println!(
        "durable messages/s, closed loop      {:>9.0}   ({WRITERS} writers, {SUBSCRIBERS} subscribers)",
        written as f64 / took
    );
    println!("deliveries/s                         {:>9.0}", (written * SUBSCRIBERS) as f64 / delivered);

    for rate in [100, 500, 1_000] {
        let messages = rate * time.as_secs() as usize;
        heard.start(messages);
        let mut socket = connect(port, &cookies[SUBSCRIBERS]).await;
        let mut ticks = tokio::time::interval(Duration::from_micros(1_000_000 / rate as u64));
        for n in 0..messages {
            ticks.tick().await;
            heard.sent(n);
            send(&mut socket, conversation, &format!("t{n:08} ")).await;
            // The acks are read, so that the line does not fill.
            while let Some(Some(_)) = futures_util::FutureExt::now_or_never(socket.next()) {}
        }
        until(|| heard.complete()).await;
        let mut times = heard.times();
        let (p50, p99, max) = (at(&mut times, 0.5), at(&mut times, 0.99), at(&mut times, 1.0));
        println!("send → last of {SUBSCRIBERS} at {rate:>4}/s          p50 {p50:>7.2} ms   p99 {p99:>7.2} ms   max {max:>7.2} ms");
    }
    println!("memory after all                     {:>9.1} MiB", memory(pid) / 1024.0);
}

/// The cast, people enough, and one conversation with all of them in it; a cookie each.
async fn prepare(config: Config) -> Result<(ConversationId, Vec<String>)> {
    let (platform, cast) = support::installed(config).await?;
    let mut work = support::work(&platform).await?;
    let conversation = messaging::open_conversation(&mut work, cast.harbor, "Benchmark").await?;
    let mut cookies = Vec::new();
    for n in 0..PEOPLE {
        let client = support::client(&mut work, &cast, n, None).await?;
        messaging::join(&mut work, conversation, client.account, &client.name).await?;
        cookies.push(support::cookie(&mut work, client.account, "password").await?);
    }
    work.commit().await?;
    platform.db.close().await;
    Ok((conversation, cookies))
}

async fn send(socket: &mut Socket, conversation: ConversationId, body: &str) {
    let id = uuid::Uuid::from_bytes(random::bytes::<16>());
    let frame =
        format!("{{\"type\":\"send\",\"conversation\":\"{conversation}\",\"client_id\":\"{id}\",\"body\":\"{body:x<SIZE$}\"}}");
    socket.send(Message::text(frame)).await.expect("sent");
}

/// Keeps so many unacknowledged until the time is over; answers how many were acknowledged.
async fn write(mut socket: Socket, conversation: ConversationId, time: Duration) -> usize {
    let began = Instant::now();
    let (mut waiting, mut acknowledged) = (0, 0);
    loop {
        while waiting < WINDOW && began.elapsed() < time {
            send(&mut socket, conversation, "w ").await;
            waiting += 1;
        }
        if waiting == 0 {
            return acknowledged;
        }
        let frame = socket.next().await.expect("open").expect("a frame");
        let text = frame.to_text().unwrap_or_default();
        assert!(!text.contains("\"nack\""), "{text}");
        if text.contains("\"ack\"") {
            waiting -= 1;
            acknowledged += 1;
        }
    }
}

/// What the subscribers heard, and when each message was sent and had reached the last of them.
#[derive(Default)]
struct Heard {
    frames: AtomicUsize,
    began: parking_lot::Mutex<Option<Instant>>,
    sent: parking_lot::RwLock<Vec<(AtomicU64, AtomicUsize, AtomicU64)>>,
}

impl Heard {
    fn start(&self, messages: usize) {
        *self.began.lock() = Some(Instant::now());
        *self.sent.write() = (0..messages).map(|_| Default::default()).collect();
    }

    fn now(&self) -> u64 {
        self.began.lock().map_or(0, |began| began.elapsed().as_micros() as u64)
    }

    fn sent(&self, n: usize) {
        self.sent.read()[n].0.store(self.now(), Ordering::Relaxed);
    }

    fn heard(&self, n: usize) {
        let sent = self.sent.read();
        if let Some((_, count, last)) = sent.get(n)
            && count.fetch_add(1, Ordering::Relaxed) + 1 == SUBSCRIBERS
        {
            last.store(self.now(), Ordering::Relaxed);
        }
    }

    fn complete(&self) -> bool {
        self.sent.read().iter().all(|(_, count, _)| count.load(Ordering::Relaxed) >= SUBSCRIBERS)
    }

    fn times(&self) -> Vec<f64> {
        let times = |(sent, _, last): &(AtomicU64, AtomicUsize, AtomicU64)| {
            last.load(Ordering::Relaxed).saturating_sub(sent.load(Ordering::Relaxed)) as f64 / 1_000.0
        };
        self.sent.read().iter().map(times).collect()
    }
}

async fn listen(mut socket: Socket, heard: Arc<Heard>) {
    while let Some(Ok(frame)) = socket.next().await {
        let text = frame.to_text().unwrap_or_default();
        assert!(!text.contains("\"resync\""), "the benchmark itself was too slow");
        let Some((_, body)) = text.split_once("\"body\":\"") else { continue };
        heard.frames.fetch_add(1, Ordering::Relaxed);
        if let Some(n) = body.strip_prefix('t').and_then(|rest| rest.get(..8)).and_then(|n| n.parse().ok()) {
            heard.heard(n);
        }
    }
}

async fn until(holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "not everything arrived within a minute");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
