//! The command line, as `docs/` and scripts hold on to it.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use entity::Reach;

use super::{demo, start};
use crate::{
    admin, audit,
    platform::{
        Clock, Config, Result,
        config::{SETTINGS, Source},
    },
    tenancy,
};

/// The One Legal: a legal practice platform for MSPs, attorneys and clients.
#[derive(Parser)]
#[command(name = "one-legal", version, about, arg_required_else_help = true)]
pub struct Cli {
    /// A TOML file of settings (lower-case names); the environment and flags win over it.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Address and port to listen on [setting BIND]
    #[arg(long, global = true)]
    bind: Option<String>,
    /// Folder of database, keyring, blobs and outbox [setting DATA_DIR]
    #[arg(long, global = true)]
    data_dir: Option<String>,
    /// sqlite://… or postgres://… [setting DATABASE_URL]
    #[arg(long, global = true)]
    database_url: Option<String>,
    /// The address people use [setting PUBLIC_URL]
    #[arg(long, global = true)]
    public_url: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Migrates, then serves
    Serve,
    /// Serves over a fresh DATA_DIR/demo with a believable firm in it
    Demo {
        /// Prints the next TOTP code of this person of a running demo
        #[arg(long, value_name = "EMAIL")]
        totp: Option<String>,
    },
    /// Schema: up, down or status
    Migrate {
        #[arg(value_parser = ["up", "down", "status"], default_value = "up")]
        action: String,
    },
    /// Runs every health check; exit 1 where one fails
    Doctor {
        /// Findings as JSON
        #[arg(long)]
        json: bool,
    },
    /// The people who run the installation
    Operator {
        #[command(subcommand)]
        command: OperatorCommand,
    },
    /// The audit log
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Compares every charge, transfer and payout with Stripe; exit 1 where something differs
    Reconcile,
    /// Prints the OpenAPI 3.1 document of our API
    Openapi,
    /// Makes a link as the Hub does, to test signing in from it
    SsoLink(super::sso_link::SsoLink),
    /// Tenant and data keys
    Keys {
        #[command(subcommand)]
        command: super::keys::KeysCommand,
    },
}

#[derive(Subcommand)]
pub enum OperatorCommand {
    /// Makes an operator and prints the set-up link (works for 7 days, once)
    Create {
        #[arg(long)]
        email: String,
    },
    /// Starts the reset of a lost second factor; a second person confirms it
    ResetMfa {
        #[arg(long)]
        email: String,
        /// How you verified who this is, e.g. "video call, passport seen"
        #[arg(long, value_name = "HOW")]
        verified: String,
    },
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Verifies the chains and their heads; exit 1 and the first bad row where one breaks
    Verify {
        #[arg(long, value_name = "SLUG")]
        tenant: Option<String>,
    },
}

impl Cli {
    fn source(&self) -> std::result::Result<Source, crate::platform::config::SettingError> {
        let flags = [
            ("BIND", &self.bind),
            ("DATA_DIR", &self.data_dir),
            ("DATABASE_URL", &self.database_url),
            ("PUBLIC_URL", &self.public_url),
        ];
        debug_assert!(flags.iter().all(|(name, _)| SETTINGS.contains(name)));
        let flags = flags.into_iter().filter_map(|(name, value)| value.clone().map(|value| (name.to_owned(), value)));
        Source::read(self.config.as_deref(), flags)
    }
}

/// Runs the command; the exit code is the answer's.
pub async fn run(cli: Cli) -> Result<i32> {
    if matches!(cli.command, Command::Openapi) {
        println!("{}", serde_json::to_string_pretty(&super::openapi::document())?);
        return Ok(0);
    }
    let config =
        Config::load(&cli.source().map_err(crate::platform::Error::internal)?).map_err(crate::platform::Error::internal)?;
    init_tracing(&config);
    match cli.command {
        Command::Serve => {
            let platform = start::open(config, Clock::system()).await?;
            start::serve(platform).await?;
            Ok(0)
        }
        Command::Demo { totp: Some(email) } => demo::print_code(&config, &email),
        Command::Demo { totp: None } => {
            demo::run(config).await?;
            Ok(0)
        }
        Command::Migrate { action } => migrate(config, &action).await,
        Command::Openapi => Ok(0),
        Command::Reconcile => super::reconcile::run(config).await,
        Command::Doctor { json } => doctor(config, json).await,
        Command::Operator { command } => super::operator::run(config, command).await,
        Command::Audit { command: AuditCommand::Verify { tenant } } => verify(config, tenant).await,
        Command::SsoLink(link) => super::sso_link::run(config, link).await,
        Command::Keys { command } => {
            let platform = start::open(config, Clock::system()).await?;
            super::keys::run(&platform, command).await
        }
    }
}

async fn migrate(config: Config, action: &str) -> Result<i32> {
    use migration::{Migrator, MigratorTrait};
    let platform = crate::platform::Platform::open(config, Clock::system(), super::jobs::table(), super::jobs::LISTENERS).await?;
    let db = platform.db.whole();
    match action {
        "up" => Migrator::up(db, None).await?,
        "down" => Migrator::down(db, Some(1)).await?,
        _ => {
            for migration in Migrator::get_pending_migrations(db).await? {
                println!("pending  {}", migration.name());
            }
            for migration in Migrator::get_applied_migrations(db).await? {
                println!("applied  {}", migration.name());
            }
        }
    }
    Ok(0)
}

async fn doctor(config: Config, json: bool) -> Result<i32> {
    let platform = start::open(config, Clock::system()).await?;
    let findings = admin::findings(&platform).await;
    if json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        for finding in &findings {
            println!("{:<8} {:<12} {}", finding.word(), finding.check, finding.what);
            if !finding.fix.is_empty() {
                println!("{:<21} hits: {}\n{:<21} fix:  {}", "", finding.hits, "", finding.fix);
            }
        }
    }
    Ok(i32::from(findings.iter().any(|finding| finding.state == admin::health::State::Failing)))
}

async fn verify(config: Config, slug: Option<String>) -> Result<i32> {
    let platform = start::open(config, Clock::system()).await?;
    let chain = match &slug {
        None => None,
        Some(slug) => {
            let tx = platform.read(Reach::Everything("audit verify")).await?;
            match tenancy::tenant_by_slug(&tx, slug).await? {
                Some(tenant) => Some(tenant.id.to_string()),
                None => {
                    eprintln!("There is no tenant `{slug}`.");
                    return Ok(2);
                }
            }
        }
    };
    match audit::verify(&platform, chain.as_deref()).await? {
        Ok(verified) => {
            let anchors = if verified.anchors > 0 { format!(", {} anchors compared", verified.anchors) } else { String::new() };
            println!("ok: {} entries in {} chains verified{anchors}", verified.entries, verified.chains);
            Ok(0)
        }
        Err(broken) => {
            println!("broken: chain {}, row {}: {}", broken.chain, broken.seq, broken.what);
            Ok(1)
        }
    }
}

fn init_tracing(config: &Config) {
    use tracing_subscriber::{EnvFilter, fmt};
    let filter = EnvFilter::try_new(&config.log_filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call (tests) keeps the first subscriber.
    let _ = if config.log_json { builder.json().try_init() } else { builder.with_ansi(false).try_init() };
}
