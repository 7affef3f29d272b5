//! Deliveries on their way: shells around commands.

use std::sync::Arc;

use entity::ids::{DeliveryId, HookId, TenantId};
use serde::{Deserialize, Serialize};

use super::commands::{
    deliver::{Delivered, deliver},
    drain::drain,
};
use crate::platform::{Job, Lane, Outcome, Platform, Result};

/// One event to one address.
#[derive(Debug, Serialize, Deserialize)]
pub struct Deliver {
    pub tenant: TenantId,
    pub delivery: DeliveryId,
    /// None in those that were enqueued before addresses had a queue each.
    #[serde(default)]
    pub hook: Option<HookId>,
}

impl Job for Deliver {
    const KIND: &'static str = "deliver_event";
    const LANE: Lane = Lane { name: "webhooks", places: 32 };

    /// An address that hangs has one call at a time, and holds up no other.
    fn queue(&self) -> Option<String> {
        self.hook.map(|hook| format!("webhook:{hook}"))
    }

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        Ok(match deliver(platform, self.tenant, self.delivery).await? {
            Delivered::Later(at, reason) => Outcome::Retry { at, reason },
            // What was given up stands with its address, with a button to send it again.
            Delivered::Done | Delivered::GivenUp => Outcome::Done,
        })
    }
}

/// An address goes on: everything that waited for it.
#[derive(Debug, Serialize, Deserialize)]
pub struct DrainHook {
    pub tenant: TenantId,
    pub hook: HookId,
}

impl Job for DrainHook {
    const KIND: &'static str = "drain_hook";

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        drain(platform, self.tenant, self.hook).await?;
        Ok(Outcome::Done)
    }
}
