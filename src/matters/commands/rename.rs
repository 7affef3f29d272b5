//! Gives the matter, and its conversation, another title.

use entity::matters::matter;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::step;
use crate::{
    audit,
    matters::{
        Steersman,
        matter::{check_title, clean_title},
    },
    messaging,
    platform::{FieldErrors, Result, Work},
};

pub async fn rename(work: &mut Work, steersman: &Steersman, title: &str) -> Result<()> {
    let row = steersman.now(work).await?;
    let title = clean_title(title);
    let mut errors = FieldErrors::default();
    check_title(&title, &mut errors);
    errors.check()?;
    matter::Entity::update_many()
        .col_expr(matter::Column::Title, Expr::value(title.as_str()))
        .filter(matter::Column::Id.eq(row.id))
        .exec(work.write())
        .await?;
    messaging::rename(work, row.conversation_id, &title).await?;
    step::touch(work, row.id).await?;
    audit::record(work, audit::Line::new("matter.renamed", format!("matter:{}", row.id)).tenant(row.tenant_id)).await
}
