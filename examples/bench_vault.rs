//! Measures the vault: the cipher alone, and files through HTTP, with the memory they cost.
//!
//! `cargo run --release --example bench_vault [MEGABYTES]`

use std::{
    net::TcpListener,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use entity::{
    Reach,
    identity::SessionStage,
    ids::{DataKeyId, TenantId},
};
use futures_util::{StreamExt, stream};
use migration::{Migrator, MigratorTrait};
use one_legal::{
    app::{cast, jobs, server},
    identity,
    platform::{Actor, Clock, Config, Platform, Result, config::Source},
    vault::olv1::{Header, Opener, Sealer},
};
use reqwest::multipart::{Form, Part};
use uuid::Uuid;

const MB: usize = 1_000_000;

fn rate(bytes: usize, took: Duration) -> String {
    format!("{:>8.0} MB/s", bytes as f64 / MB as f64 / took.as_secs_f64())
}

/// Megabytes of memory: the most so far, or now.
fn memory(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or_default() / 1_000.0
}

fn cipher() {
    let (tenant, object, id) = (TenantId(Uuid::from_u128(1)), Uuid::from_u128(2), DataKeyId(Uuid::from_u128(3)));
    let (key, piece) = ([7; 32], vec![0x5a; 256 * 1024]);
    let total = 4_000 * MB;
    let mut best_seal = Duration::MAX;
    let mut best_open = Duration::MAX;
    let mut best_whole = Duration::MAX;
    for _ in 0..3 {
        let mut out = Vec::with_capacity(512 * 1024);
        let started = Instant::now();
        let mut sealer = Sealer::new(&key, &Header::fresh(id), tenant, object, &mut out);
        for _ in 0..total / piece.len() {
            sealer.push(&piece, &mut out).expect("seals");
            out.clear();
        }
        sealer.finish(&mut out).expect("seals");
        best_seal = best_seal.min(started.elapsed());

        // With the SHA-256 that an upload takes on its way.
        let started = Instant::now();
        let mut hash = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
        let mut sealer = Sealer::new(&key, &Header::fresh(id), tenant, object, &mut out);
        for _ in 0..total / piece.len() {
            hash.update(&piece);
            sealer.push(&piece, &mut out).expect("seals");
            out.clear();
        }
        std::hint::black_box(hash.finish());
        best_whole = best_whole.min(started.elapsed());

        let plain = vec![0x5a; 100 * MB];
        let sealed = one_legal::vault::olv1::seal(&key, &Header::fresh(id), tenant, object, &plain).expect("seals");
        out.clear();
        let started = Instant::now();
        for _ in 0..total / plain.len() {
            let mut opener = Opener::new(&key, id, tenant, object);
            for part in sealed.chunks(256 * 1024) {
                opener.push(part, &mut out).expect("opens");
                out.clear();
            }
            opener.finish(&mut out).expect("opens");
            out.clear();
        }
        best_open = best_open.min(started.elapsed());
    }
    println!("cipher, one core, 64 KiB segments");
    println!("  encrypt            {}", rate(total, best_seal));
    println!("  encrypt + SHA-256  {}", rate(total, best_whole));
    println!("  decrypt            {}", rate(total, best_open));
}

async fn start(folder: &std::path::Path) -> Result<(Arc<Platform>, String, String)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let pairs = [
        ("BIND", listener.local_addr()?.to_string()),
        ("DATA_DIR", folder.display().to_string()),
        ("UPLOAD_LIMIT_MB", "4096".to_owned()),
    ];
    let config = Config::load(&Source::from_pairs(pairs)).map_err(one_legal::platform::Error::internal)?;
    let url = config.public_url.as_str().trim_end_matches('/').to_owned();
    let platform = Platform::open(config, Clock::system(), jobs::table(), jobs::LISTENERS).await?;
    Migrator::up(platform.db.whole(), None).await?;
    let cast = cast::create(&platform).await?;
    let mut work = platform.work(Actor::program("bench"), Reach::Everything("the benchmark signs in")).await?;
    let open = identity::OpenSession { account: cast.person("tom").account, stage: SessionStage::Full, method: "password+totp" };
    let (_, token) = identity::open_session(&mut work, open).await?;
    work.counts_as_audited("the benchmark signs in");
    work.commit().await?;
    actix_web::rt::spawn(server::server(Arc::clone(&platform), listener, 1)?);
    Ok((platform, url, token))
}

async fn http(size: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (platform, url, token) = start(folder.path()).await?;
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|e| anyhow::anyhow!(e))?;
    let piece = Bytes::from(vec![b'x'; 64 * 1024]);
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let idle = memory("VmRSS");
    let (mut up, mut down, mut id) = (Duration::MAX, Duration::MAX, String::new());
    for _ in 0..3 {
        let mut left = size;
        let piece = piece.clone();
        let body = stream::iter(std::iter::from_fn(move || {
            let now = left.min(piece.len());
            left -= now;
            (now > 0).then(|| Ok::<_, std::io::Error>(piece.slice(..now)))
        }));
        let part = Part::stream_with_length(reqwest::Body::wrap_stream(body), size as u64).file_name("bench.txt");
        let form = Form::new().text("category", "contracts").text("audience", "staff").part("file", part);
        let request = client.post(format!("{url}/legal/vault/upload")).multipart(form);
        let started = Instant::now();
        let answer = signed(request, &url, &token).send().await.map_err(|e| anyhow::anyhow!(e))?;
        up = up.min(started.elapsed());
        let page = answer.headers().get("location").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        id = page.rsplit('/').next().unwrap_or_default().to_owned();
        let started = Instant::now();
        let answer =
            signed(client.get(format!("{url}{page}/download")), &url, &token).send().await.map_err(|e| anyhow::anyhow!(e))?;
        let mut came = 0;
        let mut bytes = answer.bytes_stream();
        while let Some(piece) = bytes.next().await {
            came += piece.map_err(|e| anyhow::anyhow!(e))?.len();
        }
        assert_eq!(came, size, "the whole file came back");
        down = down.min(started.elapsed());
    }
    let grown = memory("VmHWM") - idle;
    println!("through HTTP, {} MB, client and server in one process (document {id})", size / MB);
    println!("  upload             {}", rate(size, up));
    println!("  download           {}", rate(size, down));
    println!("  memory above idle  {grown:>8.1} MB (idle {idle:.1} MB)");

    // The disk alone, for the ratio: the same bytes written with fsync, and read back.
    let path = folder.path().join("plain");
    let started = Instant::now();
    let mut file = std::fs::File::create(&path)?;
    for _ in 0..size / piece.len() {
        std::io::Write::write_all(&mut file, &piece)?;
    }
    file.sync_all()?;
    println!("  disk alone, write  {}", rate(size, started.elapsed()));
    platform.db.close().await;
    Ok(())
}

fn signed(request: reqwest::RequestBuilder, url: &str, token: &str) -> reqwest::RequestBuilder {
    request.header("cookie", format!("session={token}")).header("origin", url).header("sec-fetch-site", "same-origin")
}

fn main() {
    let megabytes = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(200);
    cipher();
    if let Err(error) = actix_web::rt::System::new().block_on(http(megabytes * MB)) {
        eprintln!("the benchmark failed: {error}");
        std::process::exit(1);
    }
}
