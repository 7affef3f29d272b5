//! A thousand slow clients: the others are answered, and each of the slow ones is cut at a deadline, headers and bodies alike (S73).
//! How long the others wait is measured by `examples/bench_slow.rs`.

use std::{process::Command, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
    time::{MissedTickBehavior, interval, timeout},
};

use crate::support::{Browser, Installation, process::Process};

const CLIENTS: usize = 1_000;
/// The longest deadline of the two is twenty seconds; a busy machine is late.
const LONGEST: Duration = Duration::from_secs(60);

/// A thousand connections need more files than many shells allow; a process may raise its own limit.
fn allow_files() {
    let limits = std::fs::read_to_string("/proc/self/limits").expect("the limits");
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).expect("the limit of files");
    if line.split_whitespace().next().and_then(|word| word.parse().ok()).is_some_and(|soft: usize| soft < 4_096) {
        let of = format!("--pid={}", std::process::id());
        let raised = Command::new("prlimit").args([&of, "--nofile=4096:"]).status().expect("prlimit (util-linux) is installed");
        assert!(raised.success(), "4,096 open files are allowed to nobody here");
    }
}

/// How many files the process has open.
fn files(pid: u32) -> usize {
    std::fs::read_dir(format!("/proc/{pid}/fd")).expect("its files").count()
}

/// KiB of memory that is its own.
fn memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("its status");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("its memory");
    line.split_whitespace().next().and_then(|word| word.parse().ok()).expect("a number")
}

/// Begins, then adds a byte every second until the server closes; and then once more, so that there are always as many. Tells when
/// it was cut for the first time.
async fn dribble(address: String, start: String, cut: Arc<watch::Sender<usize>>, mut done: watch::Receiver<bool>) {
    let mut is_first = true;
    while !*done.borrow() {
        let mut stream = TcpStream::connect(&address).await.expect("a connection");
        stream.write_all(start.as_bytes()).await.expect("sent");
        let (mut read, mut write) = stream.split();
        let drip = async {
            let mut ticks = interval(Duration::from_secs(1));
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                if write.write_all(b"a").await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        let mut said = Vec::new();
        tokio::select! {
            // A reset is a close, too.
            read = read.read_to_end(&mut said) => drop(read),
            () = drip => {}
            _ = done.wait_for(|done| *done) => return,
        }
        if std::mem::take(&mut is_first) {
            cut.send_modify(|count| *count += 1);
        }
    }
}

/// Looks at pages until it is so.
async fn until(reader: &mut Browser, holds: impl Fn() -> bool) {
    let looking = async {
        while !holds() {
            reader.get("/legal/dashboard").await.expect(200);
        }
    };
    timeout(LONGEST, looking).await.expect("it comes about");
}

#[actix_web::test]
async fn a_thousand_slow_clients_stall_nobody_and_are_cut_at_the_deadline() {
    allow_files();
    let one = Installation::on_real_time().await;
    let server = Process::start(&one, crate::support::process::free_port(), &[], None).await;
    let mut mira = Browser::new(&server.url);
    mira.set_cookie("session", one.browser("mira").await.cookie("session").expect("signed in"));
    let post = "POST /login HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\nemail=";
    let upload = format!(
        "POST /legal/vault/upload HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nCookie: {}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n",
        mira.cookie_header()
    );
    let starts =
        ["GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: ", post, "GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: ", upload.as_str()];
    // What a first visit opens and keeps is there already.
    for _ in 0..20 {
        mira.get("/legal/dashboard").await.expect(200);
    }
    let (files_before, memory_before) = (files(server.id()), memory(server.id()));
    let (cut, mut cut_so_far) = watch::channel(0);
    let (cut, (stop, done)) = (Arc::new(cut), watch::channel(false));
    let mut slow = Vec::new();
    for n in 0..CLIENTS {
        let address = server.url.trim_start_matches("http://").to_owned();
        let start = starts[n % starts.len()].to_owned();
        slow.push(actix_web::rt::spawn(dribble(address, start, Arc::clone(&cut), done.clone())));
    }
    // They are with the server at once, but for those between two connections, and it answers.
    until(&mut mira, || files(server.id()) >= files_before + CLIENTS * 9 / 10).await;
    for _ in 0..50 {
        mira.get("/legal/dashboard").await.expect(200);
    }
    let most = memory(server.id());
    for so_many in (CLIENTS / 10..=CLIENTS).step_by(CLIENTS / 10) {
        // What it answers holds the count fast: it is let go at once.
        let are_cut = timeout(LONGEST, cut_so_far.wait_for(|count| *count >= so_many)).await.is_ok();
        let count = *cut.borrow();
        assert!(are_cut, "of {CLIENTS} slow clients only {count} were cut");
        mira.get("/legal/dashboard").await.expect(200);
    }
    stop.send(true).expect("they are there");
    for one_of_them in slow {
        one_of_them.await.expect("a client");
    }
    // But for what the database keeps open from now on.
    until(&mut mira, || files(server.id()) < files_before + CLIENTS / 10).await;
    let after = memory(server.id());
    println!("memory: {memory_before} KiB before, {most} KiB with {CLIENTS} slow clients, {after} KiB after");
    for (when, now) in [("with", most), ("after", after)] {
        assert!(now < memory_before + 64 * 1_024, "{now} KiB {when} {CLIENTS} slow clients, {memory_before} KiB before");
    }
}
