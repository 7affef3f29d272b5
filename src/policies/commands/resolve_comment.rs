//! A comment is settled, or opened again.

use entity::{ids::PolicyCommentId, policies::comment, wall::Walled};
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, Set};

use super::step::{line, take};
use crate::{
    audit,
    platform::{Error, Result, Work},
    policies::{
        access::{Comment, May},
        policy::Verb,
    },
};

pub async fn resolve_comment(work: &mut Work, who: &May<Comment>, id: PolicyCommentId, resolved: bool) -> Result<()> {
    let (row, _) = take(work, &who.reader, Verb::Comment).await?;
    let found = comment::Entity::within(work.read().reach())
        .filter(comment::Column::Id.eq(id))
        .filter(comment::Column::PolicyId.eq(row.id))
        .filter(comment::Column::ParentId.is_null())
        .one(work.read())
        .await?;
    let mut change: comment::ActiveModel = found.ok_or(Error::NotFound)?.into();
    change.resolved_at = Set(resolved.then(|| work.now()));
    change.resolved_by_name = Set(resolved.then(|| who.reader.caller.name.clone()));
    change.update(work.write()).await?;
    let action = if resolved { "policy.comment_resolved" } else { "policy.comment_reopened" };
    audit::record(work, line(action, &row).with("comment", id.to_string())).await
}
