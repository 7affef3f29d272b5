//! From now on those it is for see it; they are told once.

use entity::announcements::{AnnouncementStatus, announcement};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set, sea_query::Expr};

use crate::{
    announcements::{
        events::{About, AnnouncementMailed, AnnouncementPublished},
        queries,
    },
    audit,
    platform::{Result, Work},
    tenancy,
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
    if before.is_some() {
        return Ok(row);
    }
    let issuer = tenancy::tenant(work.read(), row.tenant_id).await?.map_or_else(String::new, |tenant| tenant.name);
    let people = queries::people(work.read(), &row).await?.into_iter().map(|reader| reader.account).collect();
    let about = About { tenant: row.tenant_id, announcement: row.id, issuer, title: row.title.clone(), people };
    if row.by_mail {
        work.tell(&AnnouncementMailed { about })?
    } else {
        work.tell(&AnnouncementPublished { about })?
    }
    Ok(row)
}
