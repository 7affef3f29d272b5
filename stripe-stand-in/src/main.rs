//! `stripe-stand-in`: the stand-in as a program, for development and for the browser tests.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use stripe_stand_in::{Endpoint, Options, StandIn};

/// A stateful stand-in for Stripe's API on loopback.
#[derive(Parser)]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 12111)]
    port: u16,
    /// The secret key it accepts.
    #[arg(long, default_value = "sk_test_standin")]
    secret_key: String,
    /// Where webhooks go; may be given several times.
    #[arg(long)]
    webhook: Vec<String>,
    /// The webhooks' signing secret.
    #[arg(long, default_value = "whsec_standin")]
    webhook_secret: String,
    /// Unix seconds at which its clock stands; without it the clock follows the machine's.
    #[arg(long)]
    standing_at: Option<i64>,
    /// Makes ids repeatable.
    #[arg(long)]
    seed: Option<u64>,
    /// A file that holds everything over a restart.
    #[arg(long)]
    snapshot: Option<PathBuf>,
}

#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a program tells its terminal where it listens")]
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let endpoint =
        |url: &String| Endpoint { url: url.clone(), secrets: vec![arguments.webhook_secret.clone()], ..Endpoint::default() };
    let started = StandIn::start(Options {
        port: arguments.port,
        secret_key: Some(arguments.secret_key.clone()),
        endpoints: arguments.webhook.iter().map(endpoint).collect(),
        standing_at: arguments.standing_at,
        seed: arguments.seed,
        snapshot: arguments.snapshot,
        ..Options::default()
    });
    let stand_in = match started {
        Ok(stand_in) => stand_in,
        Err(error) => {
            eprintln!("The stand-in could not start on port {}: {error}", arguments.port);
            return ExitCode::FAILURE;
        }
    };
    println!("STRIPE_API_BASE={}", stand_in.url);
    println!("STRIPE_SECRET_KEY={}", stand_in.secret_key);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.map(|runtime| runtime.block_on(tokio::signal::ctrl_c())) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
