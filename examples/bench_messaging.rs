//! Conversations measured: `cargo run --release --example bench_messaging [seconds]`.
//!
//! A child process serves over a fresh SQLite database (`synchronous=FULL`) in a temporary folder; this process is its clients.
//! Durable messages a second of one conversation with 50 subscribers (closed loop), time from send to the last delivery at a
//! fixed rate, memory idle and per idle socket.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use entity::{
    Reach,
    identity::{AccountKind, AccountStatus, SessionStage, account},
    ids::ConversationId,
    tenancy::{AccessLevel, contact},
};
use futures_util::{SinkExt, StreamExt};
use one_legal::{
    app::{cast, jobs, start},
    identity, messaging,
    platform::{Actor, Clock, Config, Platform, Result, config::Source, random},
};
use sea_orm::{ActiveModelTrait, Set};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

const PEOPLE: usize = 60;
const SUBSCRIBERS: usize = 50;
const WRITERS: usize = 10;
const WINDOW: usize = 32;
const IDLE: usize = 1_000;
/// Bytes of a message.
const SIZE: usize = 200;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

fn settings(folder: &Path, port: u16) -> Config {
    let pairs = [
        ("DATA_DIR", folder.display().to_string()),
        ("BIND", format!("127.0.0.1:{port}")),
        ("SENDS_PER_10S", "10000000".to_owned()),
        ("RUST_LOG", "error".to_owned()),
    ];
    Config::load(&Source::from_pairs(pairs)).expect("settings")
}

fn main() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.get(1).is_some_and(|word| word == "serve") {
        let (folder, port) = (arguments[2].clone(), arguments[3].parse().expect("a port"));
        actix_web::rt::System::new().block_on(async move {
            let platform = start::open(settings(Path::new(&folder), port), Clock::system()).await.expect("a platform");
            start::serve(platform).await.expect("served");
        });
        return;
    }
    let seconds = arguments.get(1).and_then(|word| word.parse().ok()).unwrap_or(10);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure(Duration::from_secs(seconds)));
}

async fn measure(time: Duration) {
    let folder = tempfile::tempdir().expect("a folder");
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let (conversation, cookies) = prepare(settings(folder.path(), port)).await.expect("prepared");
    let mut server = serve(folder.path(), port).await;
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
        let (mut p50, mut p99, mut max) = (0.0, 0.0, 0.0);
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
        times.sort_by(f64::total_cmp);
        if !times.is_empty() {
            p50 = times[times.len() / 2];
            p99 = times[times.len() * 99 / 100];
            max = times[times.len() - 1];
        }
        println!("send → last of {SUBSCRIBERS} at {rate:>4}/s          p50 {p50:>7.2} ms   p99 {p99:>7.2} ms   max {max:>7.2} ms");
    }
    println!("memory after all                     {:>9.1} MiB", memory(pid) / 1024.0);
    server.kill().expect("stopped");
    server.wait().expect("gone");
}

/// The cast, people enough, and one conversation with all of them in it; a cookie each.
async fn prepare(config: Config) -> Result<(ConversationId, Vec<String>)> {
    let platform = Platform::open(config, Clock::system(), jobs::table(), jobs::LISTENERS).await?;
    use migration::MigratorTrait;
    migration::Migrator::up(platform.db.whole(), None).await?;
    let cast = cast::create(&platform).await?;
    let mut work = platform.work(Actor::program("benchmark"), Reach::Everything("a benchmark is prepared")).await?;
    let conversation = messaging::open_conversation(&mut work, cast.harbor, "Benchmark").await?;
    let mut cookies = Vec::new();
    for n in 0..PEOPLE {
        let (id, name, email) = (work.id(), format!("Person {n}"), format!("person{n}@acmedental.example"));
        account::ActiveModel {
            id: Set(id),
            realm: Set(format!("portal:{}", cast.harbor)),
            email: Set(email.clone()),
            name: Set(name.clone()),
            kind: Set(AccountKind::Client),
            status: Set(AccountStatus::Active),
            tenant_id: Set(Some(cast.harbor)),
            password_hash: Set(None),
            totp_secret: Set(None),
            totp_step: Set(0),
            created_at: Set(work.now()),
            ..Default::default()
        }
        .insert(work.write())
        .await?;
        contact::ActiveModel {
            id: Set(work.id()),
            tenant_id: Set(cast.harbor),
            company_id: Set(cast.acme),
            name: Set(name.clone()),
            email: Set(email),
            title: Set(String::new()),
            access: Set(AccessLevel::Own),
            account_id: Set(Some(id)),
            created_at: Set(work.now()),
        }
        .insert(work.write())
        .await?;
        messaging::join(&mut work, conversation, id, &name).await?;
        let open = identity::OpenSession { account: id, stage: SessionStage::Full, method: "password" };
        cookies.push(format!("session={}", identity::open_session(&mut work, open).await?.1));
    }
    work.commit().await?;
    platform.db.close().await;
    Ok((conversation, cookies))
}

async fn serve(folder: &Path, port: u16) -> Child {
    let child = Command::new(std::env::current_exe().expect("this program"))
        .args(["serve", &folder.display().to_string(), &port.to_string()])
        .stdout(Stdio::null())
        .spawn()
        .expect("the server starts");
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    child
}

/// Resident KiB.
fn memory(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0.0)
}

async fn connect(port: u16, cookie: &str) -> Socket {
    let mut request = format!("ws://127.0.0.1:{port}/ws").into_client_request().expect("an address");
    request.headers_mut().insert("cookie", HeaderValue::from_str(cookie).expect("a cookie"));
    request.headers_mut().insert("origin", HeaderValue::from_str(&format!("http://127.0.0.1:{port}")).expect("an origin"));
    let (mut socket, _) = connect_async(request).await.expect("a socket");
    socket.next().await.expect("a hello").expect("a frame");
    socket
}

async fn subscribe(socket: &mut Socket, conversation: ConversationId) {
    let frame = format!("{{\"type\":\"subscribe\",\"conversation\":\"{conversation}\",\"after\":null}}");
    socket.send(Message::text(frame)).await.expect("sent");
    while let Some(Ok(frame)) = socket.next().await {
        if frame.to_text().is_ok_and(|text| text.contains("\"subscribed\"")) {
            return;
        }
    }
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
