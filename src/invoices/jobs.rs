//! Books is looked at every six hours for each tenant; what it tells by itself comes sooner.

use std::sync::Arc;

use entity::{Moment, ids::TenantId};
use serde::{Deserialize, Serialize};

use super::commands::sync::sync;
use crate::{
    platform::{
        Actor, Job, Lane, Outcome, Platform, Result,
        sync::{Synced, due},
    },
    tenancy,
};

/// Between two looks.
const EVERY: i64 = 6 * Moment::HOUR;

/// A look because somebody asked.
#[derive(Debug, Serialize, Deserialize)]
pub struct SyncInvoices {
    pub tenant: TenantId,
}

impl Job for SyncInvoices {
    const KIND: &'static str = "sync_invoices";
    const LANE: Lane = Lane::program("books");

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        // What went wrong stands on the admin's page and in Health; the next look comes by itself.
        sync(platform, self.tenant, Actor::program("job sync_invoices")).await?;
        Ok(Outcome::Done)
    }
}

/// Every tenant whose time it is.
pub async fn sync_due(platform: &Arc<Platform>) -> Result<()> {
    for tenant in due(platform, &platform.config.books, tenancy::msps(platform).await?, EVERY).await? {
        // Each by itself: one that fails holds up none of the others.
        match sync(platform, tenant, Actor::program("job sync_invoices")).await {
            Ok(Synced::Failed(problem)) => tracing::warn!(%tenant, problem, "invoices could not be taken from Books"),
            Ok(_) => {}
            Err(error) => tracing::error!(%tenant, %error, "invoices could not be taken from Books"),
        }
    }
    Ok(())
}

/// Until the end of the process.
pub async fn sync_forever(platform: Arc<Platform>) {
    loop {
        if let Err(error) = sync_due(&platform).await {
            tracing::error!(%error, "the look at Books failed; in a minute again");
        }
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    }
}
