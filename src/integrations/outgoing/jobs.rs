//! A delivery on its way: a shell around the command.

use std::sync::Arc;

use entity::ids::{DeliveryId, TenantId};
use serde::{Deserialize, Serialize};

use super::commands::deliver::{Delivered, deliver};
use crate::platform::{Job, Lane, Outcome, Platform, Result};

/// One event to one address.
#[derive(Debug, Serialize, Deserialize)]
pub struct Deliver {
    pub tenant: TenantId,
    pub delivery: DeliveryId,
}

impl Job for Deliver {
    const KIND: &'static str = "deliver_event";
    const LANE: Lane = Lane { name: "webhooks", places: 32 };

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        Ok(match deliver(platform, self.tenant, self.delivery).await? {
            Delivered::Later(at, reason) => Outcome::Retry { at, reason },
            // What was given up stands with its address, with a button to send it again.
            Delivered::Done | Delivered::GivenUp => Outcome::Done,
        })
    }
}
