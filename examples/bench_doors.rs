//! Whether the time of an answer tells if somebody has an account: known and unknown addresses in turn, at sign-in and at the
//! forgotten password, over HTTP on loopback.
//!
//! `cargo run --release --example bench_doors`
//!
//! Prints the medians and the two-sided Mann-Whitney p of each door; a p above 0.01 is no difference that could be seen.

use std::{net::TcpListener, sync::Arc, time::Instant};

use entity::{Reach, identity::account, ids::AccountId};
use one_legal::{
    app::{cast, server, start},
    identity,
    platform::{Actor, Clock, Config, Platform, config::Source},
};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};

const PAIRS: usize = 200;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[actix_web::main]
async fn main() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    let settings =
        [("BIND", address.clone()), ("DATA_DIR", folder.path().display().to_string()), ("LOGIN_RATE", "60000".to_owned())];
    let config = Config::load(&Source::from_pairs(settings)).map_err(|e| e.to_string())?;
    let platform = start::open(config, Clock::system()).await?;
    let cast = cast::create(&platform).await?;
    people(&platform, cast.person("ada").account).await?;
    let running = server::server(Arc::clone(&platform), listener, 1)?;
    let handle = running.handle();
    actix_web::rt::spawn(running);
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build()?;
    for (door, words) in [("/login", "sign-in, wrong password"), ("/forgot", "forgotten password")] {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for n in 0..PAIRS {
            // Which one comes first changes from pair to pair.
            for is_known in [n % 2 == 0, n % 2 != 0] {
                let who = if is_known { "known" } else { "nobody" };
                let email = format!("{who}{n:03}@doors.example");
                let started = Instant::now();
                let request = client.post(format!("http://{address}{door}")).header("accept", "text/html");
                let request = request.header("origin", format!("http://{address}")).header("sec-fetch-site", "same-origin");
                let answer = request.form(&[("email", email.as_str()), ("password", "not-the-password-at-all")]).send().await?;
                if !matches!(answer.status().as_u16(), 200 | 422) {
                    return Err(format!("{door} answered {}", answer.status()).into());
                }
                answer.bytes().await?;
                let took = started.elapsed().as_secs_f64() * 1_000.0;
                if is_known { known.push(took) } else { unknown.push(took) }
            }
        }
        let p = mann_whitney(&known, &unknown);
        println!(
            "{words:<26} {PAIRS} pairs   known {:.2} ms   unknown {:.2} ms   p = {p:.3}",
            median(&mut known),
            median(&mut unknown)
        );
    }
    handle.stop(false).await;
    Ok(())
}

/// As many accounts as there are pairs: three wrong passwords would lock one.
async fn people(platform: &Arc<Platform>, like: AccountId) -> Outcome<()> {
    let mut work = platform.work(Actor::program("bench"), Reach::Everything("bench")).await?;
    let ada: account::Model = identity::account(work.read(), like).await?.ok_or("the cast has an attorney")?;
    for n in 0..PAIRS {
        let mut row = ada.clone().into_active_model().reset_all();
        row.id = Set(work.id());
        row.email = Set(format!("known{n:03}@doors.example"));
        row.insert(work.write()).await?;
    }
    work.counts_as_audited("a benchmark's people");
    work.commit().await?;
    Ok(())
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Two-sided p by the normal approximation, which 200 of each allow; times of that resolution have no ties worth correcting.
fn mann_whitney(a: &[f64], b: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = a.iter().map(|t| (*t, true)).chain(b.iter().map(|t| (*t, false))).collect();
    all.sort_by(|x, y| x.0.total_cmp(&y.0));
    let ranks: f64 = all.iter().enumerate().filter(|(_, (_, of_a))| *of_a).map(|(at, _)| (at + 1) as f64).sum();
    let (n, m) = (a.len() as f64, b.len() as f64);
    let u = ranks - n * (n + 1.0) / 2.0;
    let z = ((u - n * m / 2.0).abs() - 0.5) / (n * m * (n + m + 1.0) / 12.0).sqrt();
    erfc(z / std::f64::consts::SQRT_2)
}

/// Abramowitz and Stegun 7.1.26; good to 1.5e-7 for x ≥ 0.
fn erfc(x: f64) -> f64 {
    let x = x.max(0.0);
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let poly = t * (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    poly * (-x * x).exp()
}
