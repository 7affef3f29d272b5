//! Slow clients: `(ulimit -n 8192; cargo run --release --example bench_slow [slow clients])`.
//!
//! S73: 1,000 clients that send their headers or their body a byte a second, for ever anew once they are cut, do not slow a page:
//! its p99 is at most 1.5 times the quiet one. Quiet and slow are measured in turns, several of each, and the middle ones count,
//! so that one hiccup of the machine decides nothing. Prints PASS or FAIL with the numbers; ends with 1 where it failed. A child
//! process serves over a fresh SQLite database; this process is all the clients.

mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use support::{at, cookie};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const ROUNDS: usize = 5;
const PAGES: usize = 600;
const BOUND: f64 = 1.5;

const HEADERS: &str = "GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: ";
const BODY: &str = "POST /login HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n\
                    Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\nemail=";

fn main() {
    if support::served_as_child(&[]) {
        return;
    }
    let clients = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(1_000);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    std::process::exit(i32::from(!runtime.block_on(measure(clients))));
}

async fn measure(clients: usize) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let port = support::free_port();
    let mira = prepare(folder.path(), port).await;
    let server = support::serve(folder.path(), port).await;
    pages(port, &mira).await;
    let (mut quiet, mut slow) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        quiet.push(pages(port, &mira).await);
        let crowd = Crowd::gather(port, clients).await;
        let files = std::fs::read_dir(format!("/proc/{}/fd", server.id())).expect("its files").count();
        assert!(files >= clients, "the server holds {files} of {clients} connections");
        slow.push(pages(port, &mira).await);
        crowd.leave();
    }
    let mut middle = |share| {
        let each = |rounds: &mut Vec<Vec<f64>>| at(&mut rounds.iter_mut().map(|times| at(times, share)).collect::<Vec<_>>(), 0.5);
        (each(&mut quiet), each(&mut slow))
    };
    let (p50, p99) = (middle(0.5), middle(0.99));
    let share = p99.1 / p99.0;
    println!(
        "S73: {clients} slow clients, {ROUNDS} rounds of {PAGES} pages each: p50 {:.2} ms quiet, {:.2} ms beside them; p99 {:.2} ms \
         quiet, {:.2} ms beside them",
        p50.0, p50.1, p99.0, p99.1
    );
    println!(
        "{} page p99 beside slow clients, of quiet: {share:.2}, at most {BOUND}",
        if share <= BOUND { "PASS" } else { "FAIL" }
    );
    share <= BOUND
}

async fn prepare(folder: &std::path::Path, port: u16) -> String {
    let (platform, cast) = support::installed(support::settings(folder, port, &[])).await.expect("installed");
    let mut work = support::work(&platform).await.expect("a unit of work");
    let mira = cookie(&mut work, cast.person("mira").account, "password+totp").await.expect("a session");
    work.counts_as_audited("a benchmark is prepared");
    work.commit().await.expect("committed");
    platform.db.close().await;
    mira
}

/// How long each of so many pages took, in milliseconds, one after the other.
async fn pages(port: u16, cookie: &str) -> Vec<f64> {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let mut times = Vec::with_capacity(PAGES);
    for _ in 0..PAGES {
        let began = Instant::now();
        let request = client.get(format!("http://127.0.0.1:{port}/legal/dashboard")).header("cookie", cookie);
        let answer = request.header("accept", "text/html").send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        answer.bytes().await.expect("the page");
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    times
}

/// Slow clients in a thread of their own: on one runtime they would also stand before who reads the pages.
struct Crowd {
    done: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<()>,
}

impl Crowd {
    /// Once all of them are connected.
    async fn gather(port: u16, clients: usize) -> Self {
        let (done, connected) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (until, count) = (Arc::clone(&done), Arc::clone(&connected));
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                for n in 0..clients {
                    tokio::spawn(one(port, if n % 2 == 0 { HEADERS } else { BODY }, Arc::clone(&count)));
                }
                while !until.load(Ordering::Relaxed) {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            });
        });
        while connected.load(Ordering::Relaxed) < clients {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // What the server does to take them up is over.
        tokio::time::sleep(Duration::from_secs(1)).await;
        Self { done, thread }
    }

    fn leave(self) {
        self.done.store(true, Ordering::Relaxed);
        self.thread.join().expect("the crowd went");
    }
}

/// A byte a second; cut, it comes again.
async fn one(port: u16, start: &str, connected: Arc<AtomicUsize>) {
    loop {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a connection: is `ulimit -n` high enough?");
        if stream.write_all(start.as_bytes()).await.is_ok() {
            connected.fetch_add(1, Ordering::Relaxed);
            let (mut read, mut write) = stream.split();
            let mut said = [0_u8; 512];
            loop {
                tokio::select! {
                    came = read.read(&mut said) => if came.is_err() || came.is_ok_and(|n| n == 0) { break },
                    () = tokio::time::sleep(Duration::from_secs(1)) => if write.write_all(b"a").await.is_err() { break },
                }
            }
        }
    }
}
