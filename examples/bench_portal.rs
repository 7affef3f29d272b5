//! The client's first screen under load, beside a plain actix page that sends the same bytes, in the same run; and what the first
//! visit transfers.
//!
//! `cargo build --release && cargo run --release --example bench_portal`

mod support;

use std::{
    collections::BTreeSet,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use actix_web::{App, HttpResponse, HttpServer, web};
use support::{
    Server, at,
    load::{Loaded, load},
};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 16;
const LASTS: Duration = Duration::from_secs(8);

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.as_slice() {
        [_, word, port, file] if word == "plain" => plain(port.parse()?, std::fs::read(file)?),
        _ => actix_web::rt::System::new().block_on(measure()),
    }
}

/// The same bytes from a page of actix that does nothing else.
fn plain(port: u16, html: Vec<u8>) -> Outcome<()> {
    let bytes = web::Bytes::from(html);
    let served = async move {
        HttpServer::new(move || {
            let bytes = bytes.clone();
            let page = move || {
                let bytes = bytes.clone();
                async move { HttpResponse::Ok().content_type("text/html; charset=utf-8").body(bytes) }
            };
            App::new().route("/", web::get().to(page))
        })
        .bind(("127.0.0.1", port))?
        .run()
        .await
    };
    Ok(actix_web::rt::System::new().block_on(served)?)
}

async fn measure() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let port = support::free_port();
    let address = format!("127.0.0.1:{port}");
    let mut binary: PathBuf = std::env::current_exe()?;
    binary.pop();
    if binary.ends_with("examples") {
        binary.pop();
    }
    let child = Command::new(binary.join("one-legal"))
        .args(["demo", "--bind", &address, "--data-dir"])
        .arg(folder.path())
        .env("RUST_LOG", "warn")
        .stdout(Stdio::null())
        .spawn()?;
    let server = Server(child);
    let url = format!("http://{address}");
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
    let people = folder.path().join("demo/people.json");
    let began = Instant::now();
    while !(people.exists() && client.get(format!("{url}/readyz")).send().await.is_ok_and(|answer| answer.status() == 200)) {
        if began.elapsed() > Duration::from_secs(180) {
            return Err("the demo is not ready within 3 minutes; was it built with --release?".into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let people: serde_json::Value = serde_json::from_slice(&std::fs::read(people)?)?;
    let dora = people["people"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["email"].as_str().is_some_and(|email| email.starts_with("dora@"))));
    let dora = dora.ok_or("Dora is in the demo")?;
    let form = [("email", dora["email"].as_str().unwrap_or_default()), ("password", dora["password"].as_str().unwrap_or_default())];
    let answer = client.post(format!("{url}/portal/login?tenant=harbor")).header("origin", &url).form(&form).send().await?;
    let cookie: Vec<String> = answer
        .headers()
        .get_all("set-cookie")
        .iter()
        .filter_map(|value| value.to_str().ok()?.split(';').next().map(str::to_owned))
        .collect();
    let cookie = cookie.join("; ");
    let page = client.get(format!("{url}/portal/dashboard")).header("cookie", &cookie).header("accept", "text/html").send().await?;
    if page.status() != 200 {
        return Err(format!("the dashboard answered {}", page.status()).into());
    }
    let html = page.text().await?;

    let plain_port = support::free_port();
    let bytes = folder.path().join("plain.html");
    std::fs::write(&bytes, &html)?;
    let child = Command::new(std::env::current_exe()?)
        .args(["plain", &plain_port.to_string(), &bytes.display().to_string()])
        .stdout(Stdio::null())
        .spawn()?;
    let plain = Server(child);
    while TcpStream::connect(("127.0.0.1", plain_port)).await.is_err() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    println!(
        "{:<34} {:>9} {:>12} {:>9} {:>9} {:>10}   ({CONNECTIONS} connections, {} s)",
        "page",
        "per s",
        "per core s",
        "p50 ms",
        "p99 ms",
        "server p99",
        LASTS.as_secs()
    );
    for round in 1..=2 {
        let beside = load(plain.id(), plain_port, "/", "", CONNECTIONS, LASTS).await;
        line(&format!("plain actix page, round {round}"), beside);
        let dashboard = load(server.id(), port, "/portal/dashboard", &cookie, CONNECTIONS, LASTS).await;
        line(&format!("portal dashboard, round {round}"), dashboard);
    }
    drop(plain);
    weight(&url, &html, &cookie).await
}

/// Prints it.
fn line(name: &str, mut loaded: Loaded) {
    let (seconds, cores) = (loaded.per_second(), loaded.per_processor_second());
    let (p50, p99, server) = (at(&mut loaded.times, 0.5), at(&mut loaded.times, 0.99), at(&mut loaded.server, 0.99));
    println!("{name:<34} {seconds:>9.0} {cores:>12.0} {p50:>9.2} {p99:>9.2} {server:>10.2}");
}

/// What the first visit transfers: the page, and every style, script, font and picture it names. Fonts of other alphabets and of
/// documents are fetched where they are needed.
async fn weight(url: &str, html: &str, cookie: &str) -> Outcome<()> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let wanted: Vec<String> = named(html, &["src=\"", "href=\""])
        .into_iter()
        .filter(|path| path.starts_with("/static/") || path.starts_with("/portal/look"))
        .collect();
    let (mut seen, mut total) = (BTreeSet::new(), html.len());
    println!("\n{:<60} {:>9.1} kB", "/portal/dashboard", html.len() as f64 / 1024.0);
    for path in wanted {
        let path = path.split('#').next().unwrap_or_default().to_owned();
        if !seen.insert(path.clone()) {
            continue;
        }
        let get = client.get(format!("{url}{path}")).header("cookie", cookie).header("accept-encoding", "gzip");
        let answer = get.send().await?;
        let bytes = answer.bytes().await?;
        total += bytes.len();
        println!("{path:<60} {:>9.1} kB", bytes.len() as f64 / 1024.0);
    }
    let elsewhere = named(html, &["src=\"http", "href=\"http"]).len();
    println!("{:<60} {:>9.1} kB; other hosts named: {elsewhere}", "first visit, transferred", total as f64 / 1024.0);
    Ok(())
}

/// What stands after any of these marks, up to the closing quote or bracket.
fn named(text: &str, marks: &[&str]) -> Vec<String> {
    marks
        .iter()
        .flat_map(|mark| text.split(mark).skip(1))
        .filter_map(|rest| rest.split(['"', '\'', ')']).next().map(str::to_owned))
        .filter(|one| !one.is_empty())
        .collect()
}
