//! Many at once: `ulimit -n 65536; cargo run --release --example bench_crowd [reconnecting clients]`.
//!
//! F24: 200 logins at once while a conversation goes on: the chat's p99 at most 1.5 times the quiet one, memory within the hashing
//! permits × 19 MiB + 64 MiB (S09), no message and no login lost. F23: 5,000 clients reconnect at once: all back within 15 s, pages
//! answer meanwhile with a p99 under a second, and memory is back to before. Prints PASS or FAIL with the numbers; ends with 1
//! where one failed. A child process serves over a fresh SQLite database; this process is all the clients.

mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use entity::{identity::account, ids::ConversationId, wall::Unwalled};
use futures_util::{SinkExt, StreamExt, future::join_all};
use one_legal::{
    app::cast,
    messaging,
    platform::{Config, Result, random},
};
use sea_orm::{ColumnTrait, QueryFilter};
use support::{Socket, at, connect, cookie, memory, subscribe, try_connect};
use tokio_tungstenite::tungstenite::Message;

/// Connections one person may have, and people of one conversation.
const TABS: usize = 20;
const CIRCLE: usize = 5;
const LOGINS: usize = 200;
/// Messages a second of the chat that goes on meanwhile.
const RATE: u64 = 50;

/// What the installation is set to besides.
const MORE: [(&str, &str); 2] = [("SENDS_PER_10S", "1000000"), ("LOGIN_RATE", "1000000")];

/// Somebody with a session, and the conversation they take part in.
#[derive(Clone)]
struct Person {
    cookie: String,
    conversation: ConversationId,
}

struct Prepared {
    people: Vec<Person>,
    mira: String,
    emails: Vec<String>,
}

fn main() {
    if support::served_as_child(&MORE) {
        return;
    }
    let clients = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(5_000);
    if open_files() < clients + 500 {
        println!("only {} files may be open: run `ulimit -n 65536` first, or give fewer clients than {clients}", open_files());
        std::process::exit(2);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let passed = runtime.block_on(measure(clients));
    std::process::exit(i32::from(!passed));
}

async fn measure(clients: usize) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let port = support::free_port();
    let people = clients.div_ceil(TABS).max(LOGINS).next_multiple_of(CIRCLE);
    let prepared = prepare(support::settings(folder.path(), port, &MORE), people).await.expect("prepared");
    let server = support::serve(folder.path(), port).await;
    let logins = logins_at_once(port, server.id(), &prepared).await;
    let back = reconnect_at_once(port, server.id(), &prepared, clients).await;
    logins && back
}

fn verdict(name: &str, checks: &[(&str, f64, f64)]) -> bool {
    let mut passed = true;
    for (what, value, bound) in checks {
        let holds = value <= bound;
        passed &= holds;
        println!("  {} {what:<44} {value:>9.2}   at most {bound:.2}", if holds { "ok  " } else { "FAIL" });
    }
    println!("{} {name}\n", if passed { "PASS" } else { "FAIL" });
    passed
}

/// F24
async fn logins_at_once(port: u16, pid: u32, prepared: &Prepared) -> bool {
    let quiet = chat(port, &prepared.people[..CIRCLE], Arc::new(AtomicBool::new(false)), Duration::from_secs(10)).await;
    let before = memory(pid);
    let done = Arc::new(AtomicBool::new(false));
    let (people, until) = (prepared.people[..CIRCLE].to_vec(), Arc::clone(&done));
    let busy = tokio::spawn(async move { chat(port, &people, until, Duration::from_secs(120)).await });
    let watched = tokio::spawn(peak(pid, Arc::clone(&done)));
    tokio::time::sleep(Duration::from_millis(500)).await;
    let began = Instant::now();
    // A thread of their own: on one runtime the crowd would also stand before the people of the chat.
    let (emails, (told, answered)) = (prepared.emails.clone(), tokio::sync::oneshot::channel());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let _ = told.send(runtime.block_on(sign_in_all(port, &emails)));
    });
    let answers = answered.await.expect("the crowd");
    let others: std::collections::BTreeSet<&str> =
        answers.iter().map(String::as_str).filter(|said| !said.starts_with("303")).collect();
    for other in others {
        println!("  a login was answered with: {other}");
    }
    let refused = answers.iter().filter(|said| !said.starts_with("303")).count();
    let took = began.elapsed().as_secs_f64();
    done.store(true, Ordering::Relaxed);
    let (busy, peak) = (busy.await.expect("the chat"), watched.await.expect("the memory"));
    let permits = std::thread::available_parallelism().map_or(1, usize::from) as f64;
    println!(
        "F24: {LOGINS} logins at once took {took:.2} s ({:.0}/s); quiet chat p50 {:.2} ms, p99 {:.2} ms over {} messages; \
         meanwhile p50 {:.2} ms over {}, slowest (at s, ms): {:.2?}",
        LOGINS as f64 / took,
        quiet.p50,
        quiet.p99,
        quiet.count,
        busy.p50,
        busy.count,
        busy.slowest
    );
    verdict(
        "F24",
        &[
            ("chat p99 while they sign in, ms", busy.p99, quiet.p99 * 1.5),
            ("memory above before, MiB", (peak - before) / 1024.0, permits * 19.0 + 64.0),
            ("messages lost", (busy.lost + quiet.lost) as f64, 0.0),
            ("logins not let in", refused as f64, 0.0),
        ],
    )
}

/// Everybody signs in at the same time; the status of each answer.
async fn sign_in_all(port: u16, emails: &[String]) -> Vec<String> {
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let url = format!("http://127.0.0.1:{port}");
    let logins = (0..LOGINS).map(|n| {
        let form = [("email", emails[n % emails.len()].as_str()), ("password", cast::PASSWORD)];
        let request = client.post(format!("{url}/portal/login?tenant=harbor")).header("origin", &url).header("accept", "text/html");
        let request = request.form(&form);
        async move { request.send().await.map_or_else(|error| error.to_string(), |answer| answer.status().to_string()) }
    });
    join_all(logins).await
}

struct Heard {
    p50: f64,
    p99: f64,
    /// The four slowest: when they were sent, in seconds, and how long they took, in milliseconds.
    slowest: Vec<(f64, f64)>,
    count: usize,
    lost: usize,
}

/// One writes at a fixed rate until told or over; the others listen. Times from the send to the last listener.
async fn chat(port: u16, circle: &[Person], done: Arc<AtomicBool>, longest: Duration) -> Heard {
    let mut listeners = Vec::new();
    let began = Instant::now();
    for person in &circle[1..] {
        let mut socket = connect(port, &person.cookie).await;
        subscribe(&mut socket, person.conversation).await;
        listeners.push(tokio::spawn(async move {
            let mut heard = Vec::new();
            while let Ok(Some(Ok(frame))) = tokio::time::timeout(Duration::from_secs(5), socket.next()).await {
                let text = frame.to_text().unwrap_or_default();
                if let Some((_, rest)) = text.split_once("\"body\":\"t")
                    && let Some(n) = rest.get(..8).and_then(|n| n.parse::<usize>().ok())
                {
                    heard.push((n, began.elapsed()));
                }
            }
            heard
        }));
    }
    let mut writer = connect(port, &circle[0].cookie).await;
    let mut ticks = tokio::time::interval(Duration::from_micros(1_000_000 / RATE));
    let mut sent = Vec::new();
    while began.elapsed() < longest && !done.load(Ordering::Relaxed) {
        ticks.tick().await;
        let id = uuid::Uuid::from_bytes(random::bytes::<16>());
        let conversation = circle[0].conversation;
        let body = format!("t{:08} of the conversation that goes on", sent.len());
        sent.push(began.elapsed());
        let frame = format!("{{\"type\":\"send\",\"conversation\":\"{conversation}\",\"client_id\":\"{id}\",\"body\":\"{body}\"}}");
        writer.send(Message::text(frame)).await.expect("sent");
        while let Some(Some(_)) = futures_util::FutureExt::now_or_never(writer.next()) {}
    }
    let mut last = vec![(0_usize, Duration::ZERO); sent.len()];
    let mut extra = 0;
    for listener in listeners {
        let mut seen = vec![false; sent.len()];
        for (n, at) in listener.await.expect("a listener") {
            if std::mem::replace(&mut seen[n], true) {
                extra += 1;
                continue;
            }
            last[n] = (last[n].0 + 1, last[n].1.max(at));
        }
    }
    let mut times: Vec<f64> =
        sent.iter().zip(&last).map(|(sent, (_, at))| at.saturating_sub(*sent).as_secs_f64() * 1_000.0).collect();
    let mut slowest: Vec<_> = sent.iter().zip(&times).map(|(sent, time)| (sent.as_secs_f64(), *time)).collect();
    slowest.sort_by(|one, other| other.1.total_cmp(&one.1));
    slowest.truncate(4);
    let lost = last.iter().filter(|(count, _)| *count != circle.len() - 1).count() + extra;
    Heard { p50: at(&mut times, 0.5), p99: at(&mut times, 0.99), slowest, count: sent.len(), lost }
}

/// F23
async fn reconnect_at_once(port: u16, pid: u32, prepared: &Prepared, clients: usize) -> bool {
    let mut sockets = Vec::new();
    for n in 0..clients {
        sockets.push(back(port, prepared.people[n / TABS].clone()).await.expect("connected one by one"));
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    let before = memory(pid);
    let done = Arc::new(AtomicBool::new(false));
    let pages = tokio::spawn(pages(port, prepared.mira.clone(), Arc::clone(&done)));
    drop(sockets);
    let began = Instant::now();
    let all = (0..clients).map(|n| {
        let person = prepared.people[n / TABS].clone();
        tokio::spawn(async move {
            // As the page's script: again, a little later each time.
            for turn in 0..50_u64 {
                if let Some(socket) = back(port, person.clone()).await {
                    return Some((socket, began.elapsed()));
                }
                tokio::time::sleep(Duration::from_millis(100 + 50 * turn)).await;
            }
            None
        })
    });
    let (mut kept, mut slowest, mut missing) = (Vec::new(), Duration::ZERO, 0);
    for task in all.collect::<Vec<_>>() {
        match task.await.expect("a client") {
            Some((socket, at)) => {
                slowest = slowest.max(at);
                kept.push(socket);
            }
            None => missing += 1,
        }
    }
    done.store(true, Ordering::Relaxed);
    let mut pages = pages.await.expect("the pages");
    tokio::time::sleep(Duration::from_secs(10)).await;
    let after = memory(pid);
    println!(
        "F23: {clients} clients reconnected; {} pages read meanwhile; memory {:.0} MiB before, {:.0} MiB after",
        pages.len(),
        before / 1024.0,
        after / 1024.0
    );
    let passed = verdict(
        "F23",
        &[
            ("the last is back after, s", slowest.as_secs_f64(), 15.0),
            ("clients not back", missing as f64, 0.0),
            ("page p99 meanwhile, ms", at(&mut pages, 0.99), 1_000.0),
            ("memory after, of before", after / before, 1.1),
        ],
    );
    drop(kept);
    passed
}

/// Connected and subscribed; none where something went wrong.
async fn back(port: u16, person: Person) -> Option<Socket> {
    let attempt = async {
        let mut socket = try_connect(port, &person.cookie).await?;
        subscribe(&mut socket, person.conversation).await;
        Some(socket)
    };
    tokio::time::timeout(Duration::from_secs(15), attempt).await.ok().flatten()
}

/// A page again and again; how long each took, in milliseconds. An answer that is no page counts as a minute.
async fn pages(port: u16, cookie: String, done: Arc<AtomicBool>) -> Vec<f64> {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let mut times = Vec::new();
    while !done.load(Ordering::Relaxed) {
        let began = Instant::now();
        let request = client.get(format!("http://127.0.0.1:{port}/legal/dashboard")).header("cookie", &cookie);
        let well = request.header("accept", "text/html").send().await.is_ok_and(|answer| answer.status() == 200);
        times.push(if well { began.elapsed().as_secs_f64() * 1_000.0 } else { 60_000.0 });
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    times
}

/// The most memory seen until done, KiB.
async fn peak(pid: u32, done: Arc<AtomicBool>) -> f64 {
    let mut most = memory(pid);
    while !done.load(Ordering::Relaxed) {
        most = most.max(memory(pid));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    most
}

async fn prepare(config: Config, count: usize) -> Result<Prepared> {
    let (platform, cast) = support::installed(config).await?;
    let mut work = support::work(&platform).await?;
    let mut people = Vec::new();
    let mut conversation = None;
    // Everybody's password is the cast's; one account is not asked 200 times at once, that would lock it.
    let cleo = account::Entity::rows().filter(account::Column::Id.eq(cast.person("cleo").account)).one(work.read()).await?;
    let hash = cleo.and_then(|cleo| cleo.password_hash);
    let mut emails = Vec::new();
    for n in 0..count {
        if n % CIRCLE == 0 {
            conversation = Some(messaging::open_conversation(&mut work, cast.harbor, "Benchmark").await?);
        }
        let client = support::client(&mut work, &cast, n, hash.clone()).await?;
        let conversation = conversation.expect("the first of a circle opens it");
        messaging::join(&mut work, conversation, client.account, &client.name).await?;
        people.push(Person { cookie: cookie(&mut work, client.account, "password").await?, conversation });
        emails.push(client.email);
    }
    let mira = cookie(&mut work, cast.person("mira").account, "password+totp").await?;
    work.commit().await?;
    platform.db.close().await;
    Ok(Prepared { people, mira, emails })
}

/// How many files this process, and its child, may have open.
fn open_files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap_or_default();
    line.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(usize::MAX)
}
