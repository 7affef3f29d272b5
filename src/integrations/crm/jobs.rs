//! Shells around commands: a client's figures are told; what could not be told is told again; the CRM is looked at.

use std::sync::Arc;

use entity::{
    Moment, Reach,
    ids::{CompanyId, TenantId},
};
use serde::{Deserialize, Serialize};

use super::commands::tell::{self, tell};
use crate::{
    crm,
    platform::{Job, Lane, Outcome, Platform, Result},
    tenancy,
};

/// The figures of a client changed.
#[derive(Debug, Serialize, Deserialize)]
pub struct TellCrm {
    pub tenant: TenantId,
    pub company: CompanyId,
}

/// Tries within a minute, for an absence that is a hiccup.
const TRIES: i32 = 5;
/// Between two tries of what still waits.
const AGAIN: i64 = 5 * Moment::MINUTE;

impl Job for TellCrm {
    const KIND: &'static str = "tell_crm";
    const LANE: Lane = Lane::program("crm");

    async fn run(self, platform: &Arc<Platform>, attempt: i32) -> Result<Outcome> {
        Ok(match tell(platform, self.tenant, self.company).await? {
            tell::Outcome::Later(reason) if attempt <= TRIES => {
                Outcome::Retry { at: platform.clock.now().plus(Moment::SECOND << attempt.clamp(1, 6)), reason }
            }
            // It stands with the client; the round every five minutes tries it again, so that a long absence leaves no heap of jobs.
            tell::Outcome::Told | tell::Outcome::Later(_) | tell::Outcome::Stuck(_) => Outcome::Done,
        })
    }
}

/// Somebody wants told now what waits.
#[derive(Debug, Serialize, Deserialize)]
pub struct TellWaiting {
    pub tenant: TenantId,
}

impl Job for TellWaiting {
    const KIND: &'static str = "tell_waiting_to_crm";
    const LANE: Lane = Lane::program("crm");

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        tell_waiting_of(platform, self.tenant).await?;
        Ok(Outcome::Done)
    }
}

/// Tells what still waits of every tenant, the longest waiting first; answers how many were told. Where the CRM does not answer the
/// others wait too.
pub async fn tell_waiting(platform: &Arc<Platform>) -> Result<usize> {
    let mut told = 0;
    for tenant in tenancy::msps(platform).await? {
        told += tell_waiting_of(platform, tenant).await?;
    }
    Ok(told)
}

async fn tell_waiting_of(platform: &Arc<Platform>, tenant: TenantId) -> Result<usize> {
    let tx = platform.read(Reach::Tenants(vec![tenant])).await?;
    let waiting = crm::behind(&tx, tenant).await?;
    drop(tx);
    let mut told = 0;
    for company in waiting.into_iter().filter_map(|row| row.company_id) {
        match tell(platform, tenant, company).await? {
            tell::Outcome::Told => told += 1,
            tell::Outcome::Stuck(_) => {}
            tell::Outcome::Later(_) => break,
        }
    }
    Ok(told)
}

/// Until the end of the process: what is due at the CRM, and every five minutes what waits for it.
pub async fn run_forever(platform: Arc<Platform>) {
    if platform.config.crm.url.is_none() || platform.config.crm.key.is_none() {
        return;
    }
    let mut last = Moment(0);
    loop {
        if let Err(error) = crm::jobs::sync_due(&platform).await {
            tracing::error!(%error, "the look at the CRM failed; in a minute again");
        }
        let now = platform.clock.now();
        if now.since(last) >= AGAIN {
            last = now;
            if let Err(error) = tell_waiting(&platform).await {
                tracing::error!(%error, "the CRM could not be told; in five minutes again");
            }
        }
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    }
}
