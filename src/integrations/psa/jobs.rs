//! Shells around commands: a ticket is delivered, everything is compared.

use std::sync::Arc;

use entity::{
    Moment,
    ids::{TenantId, TicketId},
};
use serde::{Deserialize, Serialize};

use super::commands::{
    push::{Pushed, push},
    reconcile::{reconcile, reconcile_tenant},
};
use crate::platform::{Job, Lane, Outcome, Platform, Result};

/// A ticket has something new for the PSA.
#[derive(Debug, Serialize, Deserialize)]
pub struct PushTicket {
    pub tenant: TenantId,
    pub ticket: TicketId,
}

/// Tries within a minute, for an absence that is a hiccup.
const TRIES: i32 = 5;

impl Job for PushTicket {
    const KIND: &'static str = "push_ticket";
    const LANE: Lane = Lane::program("psa");

    async fn run(self, platform: &Arc<Platform>, attempt: i32) -> Result<Outcome> {
        Ok(match push(platform, self.tenant, self.ticket).await? {
            Pushed::Later(reason) if attempt <= TRIES => {
                let wait = Moment::SECOND << attempt.clamp(1, 6);
                Outcome::Retry { at: platform.clock.now().plus(wait), reason }
            }
            // It stands on the ticket; the comparison every five minutes tries it again, so that a long absence leaves no heap of jobs.
            Pushed::Done | Pushed::Stuck | Pushed::Later(_) => Outcome::Done,
        })
    }
}

/// Somebody wants it compared now.
#[derive(Debug, Serialize, Deserialize)]
pub struct ComparePsa {
    pub tenant: TenantId,
}

impl Job for ComparePsa {
    const KIND: &'static str = "compare_psa";
    const LANE: Lane = Lane::program("psa");

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        reconcile_tenant(platform, self.tenant).await?;
        Ok(Outcome::Done)
    }
}

/// Minutes between two comparisons.
pub const EVERY: i64 = 5 * Moment::MINUTE;

/// At every full five minutes, until the end of the process.
pub async fn every_five_minutes(platform: Arc<Platform>) {
    if platform.config.psa.is_off() {
        return;
    }
    loop {
        let next = (platform.clock.now().0.div_euclid(EVERY) + 1) * EVERY;
        // In steps, so that a machine that slept does not sleep on.
        while platform.clock.now().0 < next {
            tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        }
        if let Err(error) = reconcile(&platform).await {
            tracing::error!(%error, "the tickets could not be compared with the PSA; in five minutes again");
        }
    }
}
