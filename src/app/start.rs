//! From settings to a running installation.

use std::{net::TcpListener, sync::Arc};

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::platform::{Clock, Config, Error, Platform, Result, config::SettingError};

/// Opens the platform and brings the schema up to date.
pub async fn open(config: Config, clock: Clock) -> Result<Arc<Platform>> {
    let platform = Platform::open(config, clock, super::jobs::table(), super::jobs::LISTENERS).await?;
    refuse_row_security_bypass(&platform).await?;
    refuse_unknown_schema(&platform).await?;
    Migrator::up(platform.db.whole(), None).await?;
    Ok(platform)
}

/// A superuser walks through row-level security as if it were not there.
async fn refuse_row_security_bypass(platform: &Platform) -> Result<()> {
    if platform.db.backend() != DbBackend::Postgres {
        return Ok(());
    }
    let sql = "SELECT rolsuper OR rolbypassrls AS bypass FROM pg_roles WHERE rolname = current_user";
    let row = platform.db.whole().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    if row.is_some_and(|row| row.try_get::<bool>("", "bypass").unwrap_or(true)) {
        return Err(Error::internal(SettingError {
            setting: "DATABASE_URL".to_owned(),
            problem: "its role bypasses row-level security, so the second wall between tenants would not stand".to_owned(),
            fix: "Use a role made with CREATE ROLE one_legal LOGIN NOSUPERUSER NOBYPASSRLS that owns the database.".to_owned(),
        }));
    }
    Ok(())
}

/// A schema newer than this program is left alone.
async fn refuse_unknown_schema(platform: &Platform) -> Result<()> {
    let known: Vec<String> = Migrator::migrations().iter().map(|m| m.name().to_owned()).collect();
    let applied = match platform
        .db
        .whole()
        .query_all_raw(Statement::from_string(platform.db.backend(), "SELECT version FROM seaql_migrations"))
        .await
    {
        Ok(rows) => rows,
        // No table of migrations: a fresh database.
        Err(_) => return Ok(()),
    };
    for row in applied {
        let version: String = row.try_get("", "version")?;
        if !known.contains(&version) {
            return Err(Error::internal(SettingError {
                setting: "DATABASE_URL".to_owned(),
                problem: format!("the database was migrated by a newer program (`{version}` is unknown here)"),
                fix: "Start the newer program, or restore the backup from before.".to_owned(),
            }));
        }
    }
    Ok(())
}

/// Binds, runs jobs and serves until told to stop.
pub async fn serve(platform: Arc<Platform>) -> Result<()> {
    let listener = TcpListener::bind(platform.config.bind).map_err(|e| {
        Error::internal(SettingError {
            setting: "BIND".to_owned(),
            problem: format!("cannot listen on {}: {e}", platform.config.bind),
            fix: "Choose a free address and port.".to_owned(),
        })
    })?;
    crate::audit::anchor_first(&platform).await?;
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let server = super::server::server(Arc::clone(&platform), listener, workers)?;
    let jobs = tokio::spawn(crate::platform::Jobs::run_forever(Arc::clone(&platform)));
    let sweep = tokio::spawn(crate::vault::sweep_forever(Arc::clone(&platform)));
    let anchors = tokio::spawn(crate::audit::anchor_forever(Arc::clone(&platform)));
    let nights = tokio::spawn(crate::retainers::jobs::every_night(Arc::clone(&platform)));
    let invoices = tokio::spawn(crate::invoices::jobs::sync_forever(Arc::clone(&platform)));
    let domains = tokio::spawn(crate::tenancy::check_forever(Arc::clone(&platform)));
    let crm = tokio::spawn(crate::integrations::crm::jobs::run_forever(Arc::clone(&platform)));
    let psa = tokio::spawn(crate::integrations::psa::jobs::every_five_minutes(Arc::clone(&platform)));
    tracing::info!(address = %platform.config.public_url, "serving");
    server.await?;
    jobs.abort();
    sweep.abort();
    anchors.abort();
    nights.abort();
    invoices.abort();
    psa.abort();
    crm.abort();
    domains.abort();
    if let Err(error) = crate::audit::anchor(&platform).await {
        tracing::error!(%error, "the audit log could not be anchored at the end");
    }
    platform.db.close().await;
    Ok(())
}
