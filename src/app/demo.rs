//! `demo`: a fresh installation with a believable firm in it.

mod agreements;
mod answers;
mod cases;
mod chapel;
mod content;
mod crm;
mod desk;
mod disputes;
mod invoices;
mod look;
mod look_up;
mod notices;
mod papers;
mod payouts;
mod programs;
mod psa;
mod shelf;
mod stage;

use std::sync::Arc;

use serde_json::json;

pub use content::{SPAN, World, fill};

use super::{
    cast::{self, Cast},
    start,
};
use crate::{
    identity::totp,
    platform::{Clock, Config, Error, Platform, Result},
};

/// Makes `DATA_DIR/demo` anew, fills it, prints how to sign in, and serves.
pub async fn run(config: Config) -> Result<()> {
    let config = demo_config(config)?;
    if config.data_dir.exists() {
        std::fs::remove_dir_all(&config.data_dir)?;
    }
    let cast = tell(config.clone()).await?;
    let platform = start::open(config, Clock::system()).await?;
    write_people(&platform, &cast)?;
    print_people(&platform, &cast)?;
    start::serve(platform).await
}

/// Lets the story happen on a clock that ends now, so that what is served afterwards has a past.
async fn tell(config: Config) -> Result<Cast> {
    let began = std::time::Instant::now();
    let platform = start::open(config, Clock::standing(Clock::system().now().plus(-SPAN))).await?;
    let cast = cast::create(&platform).await?;
    fill(&platform, &cast, true).await?;
    platform.db.close().await;
    tracing::info!(milliseconds = began.elapsed().as_millis(), "the demo's story is told");
    Ok(cast)
}

fn demo_config(mut config: Config) -> Result<Config> {
    config.data_dir = config.data_dir.join("demo");
    config.database_url =
        crate::platform::config::Secret::new(format!("sqlite://{}", config.data_dir.join("one-legal.db").display()));
    config.keyring_file = config.data_dir.join("keyring.toml");
    config.storage_url = None;
    config.smtp_url = None;
    config.demo = true;
    Ok(config)
}

/// `people.json`, as other programs read it.
fn write_people(platform: &Arc<Platform>, cast: &Cast) -> Result<()> {
    let people: Vec<_> = cast
        .people
        .iter()
        .map(|person| {
            json!({
                "name": person.name,
                "role": person.role,
                "tenant": person.tenant_slug,
                "tenant_id": person.tenant,
                "company_id": person.company,
                "portal": person.portal,
                "email": person.email,
                "password": person.password,
                "totp_secret": person.totp_secret,
            })
        })
        .collect();
    let url = platform.config.public_url.as_str().trim_end_matches('/');
    let text = serde_json::to_string_pretty(&json!({ "url": url, "people": people }))?;
    std::fs::write(platform.config.data_dir.join("people.json"), text)?;
    Ok(())
}

fn print_people(platform: &Arc<Platform>, cast: &Cast) -> Result<()> {
    let url = platform.config.public_url.as_str().trim_end_matches('/');
    println!("\nThe One Legal, demo\n");
    println!("  Firm     {url}/login");
    println!("  Portal   {url}/portal/login?tenant=harbor");
    println!("  Mail     {url}/dev/mail\n");
    println!("  Everybody's password: {}\n", cast::PASSWORD);
    println!("  {:<18} {:<24} {:<28} code now", "name", "role", "e-mail");
    for person in &cast.people {
        let code = match &person.totp_secret {
            Some(secret) => totp::code_of_base32(secret, platform.clock.now())?,
            None => "-".to_owned(),
        };
        println!("  {:<18} {:<24} {:<28} {code}", person.name, person.role, person.email);
    }
    println!("\n  The next code: one-legal demo --totp EMAIL\n");
    Ok(())
}

/// Prints the next code of a person of the running demo that was not used yet.
pub fn print_code(config: &Config, email: &str) -> Result<i32> {
    let config = demo_config(config.clone())?;
    let path = config.data_dir.join("people.json");
    let text = std::fs::read_to_string(&path)
        .map_err(|e| Error::internal(anyhow::anyhow!("{}: {e}; start `one-legal demo` first", path.display())))?;
    let file: serde_json::Value = serde_json::from_str(&text)?;
    let person = file["people"].as_array().into_iter().flatten().find(|p| p["email"] == email);
    match person.and_then(|p| p["totp_secret"].as_str()) {
        Some(secret) => {
            println!("{}", totp::code_of_base32(secret, Clock::system().now())?);
            Ok(0)
        }
        None => {
            eprintln!("Nobody of the demo with the e-mail {email} has a code.");
            Ok(1)
        }
    }
}
