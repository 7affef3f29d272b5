//! The CRM is looked at every quarter of an hour for each tenant; what it tells by itself comes sooner.

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
pub const EVERY: i64 = 15 * Moment::MINUTE;

/// A look because somebody asked.
#[derive(Debug, Serialize, Deserialize)]
pub struct SyncClients {
    pub tenant: TenantId,
}

impl Job for SyncClients {
    const KIND: &'static str = "sync_clients";
    const LANE: Lane = Lane::program("crm");

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        // What went wrong stands on the admin's page and in Health; the next look comes by itself.
        sync(platform, self.tenant, Actor::program("job sync_clients")).await?;
        Ok(Outcome::Done)
    }
}

/// Every tenant whose time it is.
pub async fn sync_due(platform: &Arc<Platform>) -> Result<()> {
    for tenant in due(platform, &platform.config.crm, tenancy::msps(platform).await?, EVERY).await? {
        // Each by itself: one that fails holds up none of the others.
        match sync(platform, tenant, Actor::program("job sync_clients")).await {
            Ok(Synced::Failed(problem)) => tracing::warn!(%tenant, problem, "clients could not be taken from the CRM"),
            Ok(_) => {}
            Err(error) => tracing::error!(%tenant, %error, "clients could not be taken from the CRM"),
        }
    }
    Ok(())
}
