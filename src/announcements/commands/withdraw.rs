//! Clients do not see it any more; what was set for a time does not come.

use entity::announcements::{AnnouncementStatus, announcement};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};

use crate::{
    announcements::{OwnAnnouncement, announcement::may_withdraw, events::AnnouncementWithdrawn, queries},
    audit,
    platform::{Error, Result, Work},
};

/// One that nobody has seen is a draft again.
pub async fn withdraw(work: &mut Work, who: &OwnAnnouncement) -> Result<AnnouncementStatus> {
    let row = queries::announcement(work.read(), who.row.id).await?.ok_or(Error::NotFound)?;
    may_withdraw(row.status)?;
    let status = match row.status {
        AnnouncementStatus::Scheduled if row.published_at.is_none() => AnnouncementStatus::Draft,
        _ => AnnouncementStatus::Withdrawn,
    };
    let line = audit::Line::new("announcement.withdrawn", format!("announcement:{}", row.id))
        .tenant(row.tenant_id)
        .with("title", row.title.as_str())
        .with("status", row.status.word());
    if row.status == AnnouncementStatus::Published {
        let about = queries::about(work.read(), &row).await?;
        work.tell(&AnnouncementWithdrawn { about })?;
    }
    let row = announcement::ActiveModel {
        status: Set(status),
        publish_at: Set(None),
        updated_at: Set(work.now()),
        ..row.into_active_model()
    };
    row.update(work.write()).await?;
    audit::record(work, line).await?;
    Ok(status)
}
