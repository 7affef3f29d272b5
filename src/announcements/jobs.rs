//! What was set for a time publishes itself.

use std::sync::Arc;

use entity::{
    Moment, Reach,
    announcements::AnnouncementStatus,
    ids::{AnnouncementId, TenantId},
};
use serde::{Deserialize, Serialize};

use super::{commands::publish::publish, queries};
use crate::platform::{Actor, Job, Outcome, Platform, Result};

#[derive(Debug, Serialize, Deserialize)]
pub struct PublishAnnouncement {
    pub tenant: TenantId,
    pub announcement: AnnouncementId,
    /// For which it was set; another time has another job.
    pub at: Moment,
}

impl Job for PublishAnnouncement {
    const KIND: &'static str = "publish_announcement";

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        let mut work = platform.work(Actor::program("job publish_announcement"), Reach::Tenants(vec![self.tenant])).await?;
        let row = queries::announcement(work.read(), self.announcement).await?;
        let due = |row: &entity::announcements::announcement::Model| {
            row.status == AnnouncementStatus::Scheduled && row.publish_at == Some(self.at)
        };
        if let Some(row) = row.filter(due) {
            publish(&mut work, row).await?;
            work.commit().await?;
        }
        Ok(Outcome::Done)
    }
}
