//! Says how urgent the matter is; those on it see who said so.

use entity::matters::{Urgency, matter};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::step;
use crate::{
    audit,
    matters::Steersman,
    messaging,
    platform::{Result, Work},
};

pub async fn change_urgency(work: &mut Work, steersman: &Steersman, urgency: Urgency) -> Result<()> {
    let row = steersman.now(work).await?;
    if row.urgency == urgency {
        work.counts_as_audited("nothing changes");
        return Ok(());
    }
    matter::Entity::update_many()
        .col_expr(matter::Column::Urgency, Expr::value(urgency.word()))
        .filter(matter::Column::Id.eq(row.id))
        .exec(work.write())
        .await?;
    step::touch(work, row.id).await?;
    let words = format!("{} set the urgency to {}", steersman.view.caller.name, urgency.label().to_lowercase());
    messaging::post_status(work, row.conversation_id, &words).await?;
    let line = audit::Line::new("matter.urgency_changed", format!("matter:{}", row.id))
        .tenant(row.tenant_id)
        .with("urgency", urgency.word());
    audit::record(work, line).await
}
