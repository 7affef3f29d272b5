//! Picks the command.

use clap::Parser;
use one_legal::app::cli::{Cli, run};

fn main() {
    // One TLS provider for the whole process, chosen before anything can ask for one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let cli = Cli::parse();
    let code = actix_web::rt::System::new().block_on(async {
        match run(cli).await {
            Ok(code) => code,
            Err(error) => {
                eprintln!("one-legal cannot go on.\n{error}");
                1
            }
        }
    });
    std::process::exit(code);
}
