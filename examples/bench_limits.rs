//! Two limits that a plain program would have, and how near the product comes to them, in the same run on the same machine: the list
//! of matters (session, tenant, 50 rows of the database) beside an actix page of 50 rows that come from nowhere, and sign-ins beside
//! what the cores can hash.
//!
//! `cargo run --release --example bench_limits`
//!
//! The client shares the machine with what it measures: the ratio is of answers a processor second of the server.

mod support;

use std::{
    fmt::Write as _,
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{App, HttpResponse, HttpServer, web};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use entity::matters::{MatterKind, Urgency};
use one_legal::{
    app::cast::{self, Cast},
    identity,
    matters::{self, MatterOpener, OpenMatter},
    platform::{Actor, Platform, Result, random},
    tenancy,
};
use support::{
    at,
    load::{Loaded, load, processor},
};
use tokio::net::TcpStream;

const MATTERS: usize = 200;
const CONNECTIONS: usize = 16;
const LASTS: Duration = Duration::from_secs(8);
/// Nobody is held back for asking or guessing too often.
const MORE: [(&str, &str); 1] = [("LOGIN_RATE", "100000")];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, word, port] = arguments.as_slice()
        && word == "plain"
    {
        plain(port.parse().expect("a port")).expect("served");
    } else if !support::served_as_child(&MORE) {
        actix_web::rt::System::new().block_on(measure()).expect("measured");
    }
}

/// The page that is as quick as actix and askama are: no session, no database.
fn plain(port: u16) -> std::io::Result<()> {
    actix_web::rt::System::new().block_on(async move {
        let page = || async { HttpResponse::Ok().content_type("text/html; charset=utf-8").body(plain_page()) };
        HttpServer::new(move || App::new().route("/", web::get().to(page))).bind(("127.0.0.1", port))?.run().await
    })
}

fn plain_page() -> String {
    let mut html = String::from("<!doctype html><html lang=\"en\"><head><title>Matters</title></head><body><table>");
    for n in 0..50 {
        let title = askama::filters::escape(format!("The agreement of client {n} & its annex"), askama::filters::Html);
        let title = title.expect("text is escaped");
        let _ = writeln!(
            html,
            "<tr><td><a href=\"/matters/{n}\">{title}</a></td><td>Acme Dental</td><td><span class=\"badge\">open</span></td>\
             <td>normal</td><td>Ada Lindqvist</td></tr>"
        );
    }
    html.push_str("</table></body></html>");
    html
}

async fn measure() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let port = support::free_port();
    let (platform, cast) = support::installed(support::settings(folder.path(), port, &MORE)).await?;
    let cookie = fill(&platform, &cast).await?;
    platform.db.close().await;
    let server = support::serve(folder.path(), port).await;
    let plain_port = support::free_port();
    let child = Command::new(std::env::current_exe().expect("this program"))
        .args(["plain", &plain_port.to_string()])
        .stdout(Stdio::null())
        .spawn()
        .expect("the plain page starts");
    let plain = support::Server(child);
    while TcpStream::connect(("127.0.0.1", plain_port)).await.is_err() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    println!("{:<28} {:>9} {:>12} {:>9} {:>9} {:>7}", "page", "per s", "per core s", "p50 ms", "p99 ms", "kB");
    let (mut ours, mut theirs) = (0.0, 0.0);
    for round in 1..=3 {
        let beside = load(plain.id(), plain_port, "/", "", CONNECTIONS, LASTS).await;
        theirs += line(&format!("plain actix page, round {round}"), beside);
        let matters = load(server.id(), port, "/legal/matters", &cookie, CONNECTIONS, LASTS).await;
        ours += line(&format!("50 of {MATTERS} matters, round {round}"), matters);
    }
    println!("matters beside the plain page: {:.3} (at least 0.2 is wanted, 0.4 hoped for)\n", ours / theirs);
    drop(plain);
    logins(server.id(), port, &cast).await;
    Ok(())
}

/// Prints it; answers a processor second.
fn line(name: &str, mut loaded: Loaded) -> f64 {
    let (seconds, cores) = (loaded.per_second(), loaded.per_processor_second());
    let (p50, p99) = (at(&mut loaded.times, 0.5), at(&mut loaded.times, 0.99));
    println!("{name:<28} {seconds:>9.0} {cores:>12.0} {p50:>9.2} {p99:>9.2} {:>7.1}", loaded.size as f64 / 1024.0);
    cores
}

/// Matters of Harbor's, as Tom opened them; Mira's cookie.
async fn fill(platform: &Arc<Platform>, cast: &Cast) -> Result<String> {
    let mut work = support::work(platform).await?;
    let (tom, mira) = (cast.person("tom").account, cast.person("mira").account);
    let token = support::cookie(&mut work, tom, "password+totp").await?;
    let ada = support::cookie(&mut work, cast.person("ada").account, "password+totp").await?;
    let _ = support::cookie(&mut work, mira, "password+totp").await?;
    work.counts_as_audited("a benchmark is prepared");
    work.commit().await?;
    let tx = platform.read(entity::Reach::Everything("a benchmark is prepared")).await?;
    let signed_in = identity::signed_in(platform, &tx, token.trim_start_matches("session=")).await?.expect("a session");
    let tom = Arc::new(tenancy::caller_of(&tx, &signed_in.account, &signed_in.session).await?.expect("Tom has a seat"));
    drop(tx);
    for n in 0..MATTERS {
        let actor = Actor { account: Some(tom.account), name: tom.name.clone(), ..Actor::program("benchmark") };
        let mut work = platform.work(actor, tom.reach()).await?;
        let input = OpenMatter {
            id: work.id(),
            tenant: cast.harbor,
            company: Some(if n % 3 == 0 { cast.bluefin } else { cast.acme }),
            title: format!("The agreement of client {n} & its annex"),
            kind: MatterKind::General,
            urgency: Urgency::Normal,
            description: "As in the years before.".to_owned(),
            key: random::token(),
        };
        matters::open(&mut work, &MatterOpener::of(Arc::clone(&tom))?, input).await?;
        work.commit().await?;
    }
    Ok(ada)
}

/// Right passwords of clients, eight at once, beside two threads that do nothing but hash, before and after.
async fn logins(pid: u32, port: u16, cast: &Cast) {
    let bound = hashes();
    let url = format!("http://127.0.0.1:{port}");
    let (began, busy) = (Instant::now(), processor(pid));
    let people = ["ben", "cleo", "dora", "gus"];
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let (url, email) = (url.clone(), cast.person(people[n % people.len()]).email.clone());
            tokio::spawn(async move {
                let client =
                    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
                let mut count = 0_u32;
                while began.elapsed() < LASTS {
                    let form = [("email", email.as_str()), ("password", cast::PASSWORD), ("tenant", "harbor")];
                    let post = client.post(format!("{url}/portal/login?tenant=harbor")).header("origin", &url);
                    let answer = post.header("accept", "text/html").form(&form).send().await.expect("an answer");
                    assert_eq!(answer.status(), 303, "a right password opens");
                    count += 1;
                }
                count
            })
        })
        .collect();
    let mut count = 0;
    for task in tasks {
        count += task.await.expect("sign-ins");
    }
    let (seconds, used) = (began.elapsed().as_secs_f64(), processor(pid) - busy);
    let bound = (bound + hashes()) / 2.0;
    let rate = f64::from(count) / seconds;
    println!(
        "hashes alone: {bound:.0}/s on two cores; sign-ins: {rate:.0}/s, 8 at once, {:.0} a processor second of the server × 2",
        f64::from(count) / used * 2.0
    );
    println!("sign-ins beside what the cores can hash: {:.3} (at least 0.9 is wanted)", rate / bound);
}

/// argon2id with the product's parameters on two threads that keep their memory, a second.
fn hashes() -> f64 {
    let lasts = Duration::from_secs(4);
    let one = move || {
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).expect("in range"));
        let mut memory = vec![Block::default(); hasher.params().block_count()];
        let (mut out, began, mut count) = ([0; 32], Instant::now(), 0_u32);
        while began.elapsed() < lasts {
            let (password, salt) = (cast::PASSWORD.as_bytes(), b"sixteen bytes of");
            hasher.hash_password_into_with_memory(password, salt, &mut out, &mut memory).expect("hashed");
            count += 1;
        }
        count
    };
    let threads = [std::thread::spawn(one), std::thread::spawn(one)];
    threads.into_iter().map(|thread| thread.join().expect("hashed")).sum::<u32>() as f64 / lasts.as_secs_f64()
}
