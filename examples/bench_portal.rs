//! The client's first screen under load, beside a plain actix page that sends the same bytes, in the same run; and what the first
//! visit transfers.
//!
//! `cargo build --release && cargo run --release --example bench_portal`

use std::{
    collections::BTreeSet,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use actix_web::{App, HttpResponse, HttpServer, web};

const CONNECTIONS: usize = 16;
const SECONDS: u64 = 8;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// A child that dies with us.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[actix_web::main]
async fn main() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
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
    let _server = Server(child);
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

    let plain = TcpListener::bind("127.0.0.1:0")?;
    let plain_url = format!("http://{}", plain.local_addr()?);
    let bytes = web::Bytes::from(html.clone());
    let beside = HttpServer::new(move || {
        let bytes = bytes.clone();
        App::new().route(
            "/",
            web::get().to(move || {
                let bytes = bytes.clone();
                async move { HttpResponse::Ok().content_type("text/html; charset=utf-8").body(bytes) }
            }),
        )
    })
    .workers(2)
    .listen(plain)?
    .run();
    let handle = beside.handle();
    actix_web::rt::spawn(beside);

    println!(
        "{:<34} {:>9} {:>9} {:>9} {:>9}   ({CONNECTIONS} connections, {SECONDS} s)",
        "page", "per s", "p50 ms", "p99 ms", "server p99"
    );
    for round in 1..=2 {
        load(&format!("plain actix page, round {round}"), &plain_url, "/", "").await?;
        load(&format!("portal dashboard, round {round}"), &url, "/portal/dashboard", &cookie).await?;
    }
    handle.stop(false).await;
    weight(&url, &html, &cookie).await
}

/// As many requests as go in some seconds, each connection one after the other.
async fn load(name: &str, url: &str, path: &str, cookie: &str) -> Outcome<()> {
    let until = Instant::now() + Duration::from_secs(SECONDS);
    let mut tasks = Vec::new();
    for _ in 0..CONNECTIONS {
        let (address, cookie) = (format!("{url}{path}"), cookie.to_owned());
        tasks.push(actix_web::rt::spawn(async move {
            let client = reqwest::Client::builder().no_proxy().build().ok()?;
            let mut times = Vec::new();
            while Instant::now() < until {
                let began = Instant::now();
                let answer = client.get(&address).header("cookie", &cookie).header("accept", "text/html").send().await.ok()?;
                let timing = answer.headers().get("server-timing").and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
                answer.bytes().await.ok()?;
                let server = timing.rsplit('=').next().and_then(|ms| ms.parse::<f64>().ok()).unwrap_or(0.0);
                times.push((began.elapsed().as_secs_f64() * 1_000.0, server));
            }
            Some(times)
        }));
    }
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await?.ok_or("a request failed")?);
    }
    let at = |pick: fn(&(f64, f64)) -> f64, share: f64| {
        let mut values: Vec<f64> = all.iter().map(pick).collect();
        values.sort_by(f64::total_cmp);
        values[((values.len() - 1) as f64 * share) as usize]
    };
    println!(
        "{name:<34} {:>9.0} {:>9.2} {:>9.2} {:>9.2}",
        all.len() as f64 / SECONDS as f64,
        at(|pair| pair.0, 0.5),
        at(|pair| pair.0, 0.99),
        at(|pair| pair.1, 0.99)
    );
    Ok(())
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
