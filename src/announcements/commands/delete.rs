//! Throws a draft away that nobody has seen.

use entity::announcements::{announcement, target};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    announcements::{OwnAnnouncement, announcement::may_delete, queries},
    audit,
    platform::{Error, Result, Work},
};

pub async fn delete(work: &mut Work, who: &OwnAnnouncement) -> Result<()> {
    let row = queries::announcement(work.read(), who.row.id).await?.ok_or(Error::NotFound)?;
    may_delete(row.status)?;
    target::Entity::delete_many().filter(target::Column::AnnouncementId.eq(row.id)).exec(work.write()).await?;
    announcement::Entity::delete_many().filter(announcement::Column::Id.eq(row.id)).exec(work.write()).await?;
    let line = audit::Line::new("announcement.deleted", format!("announcement:{}", row.id))
        .tenant(row.tenant_id)
        .with("title", row.title.as_str());
    audit::record(work, line).await
}
