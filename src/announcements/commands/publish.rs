//! From now on those it is for see it; they are told once.

use entity::announcements::{AnnouncementStatus, announcement};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set, sea_query::Expr};

use crate::{
    announcements::{
        events::{AnnouncementMailed, AnnouncementPublished},
        queries,
    },
    audit,
    platform::{Result, Work},
};

/// Of two at once one publishes it.
pub async fn publish(work: &mut Work, row: announcement::Model) -> Result<announcement::Model> {
    let now = work.now();
    let before = row.published_at;
    let taken = announcement::Entity::update_many()
        .col_expr(announcement::Column::Status, Expr::value(AnnouncementStatus::Published.word()))
        .col_expr(announcement::Column::UpdatedAt, Expr::value(now.0))
        .filter(announcement::Column::Id.eq(row.id))
        .filter(announcement::Column::Status.eq(row.status))
        .exec(work.write())
        .await?
        .rows_affected;
    if taken == 0 {
        work.counts_as_audited("it was published by somebody else just now");
        return Ok(row);
    }
    // What was withdrawn and comes again is new again; who has read it before has read it.
    let row = announcement::ActiveModel {
        status: Set(AnnouncementStatus::Published),
        publish_at: Set(None),
        published_at: Set(Some(now)),
        edited_at: Set(None),
        ..row.into_active_model()
    };
    let row = row.update(work.write()).await?;
    let line = audit::Line::new("announcement.published", format!("announcement:{}", row.id))
        .tenant(row.tenant_id)
        .with("title", row.title.as_str())
        .with("again", before.is_some());
    audit::record(work, line).await?;
    let about = queries::about(work.read(), &row).await?;
    // Its line went from the bell when it was withdrawn; the mail is there still.
    if row.by_mail && before.is_none() {
        work.tell(&AnnouncementMailed { about })?
    } else {
        work.tell(&AnnouncementPublished { about })?
    }
    Ok(row)
}
