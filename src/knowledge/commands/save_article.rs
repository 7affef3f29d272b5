//! Keeps an article: its words, and whether clients find it.

use entity::{
    ids::ArticleId,
    knowledge::{ArticleStatus, article},
};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};

use crate::{
    audit,
    knowledge::{SaveArticle, queries},
    platform::{Error, FieldErrors, Result, Work},
    tenancy::caller::TenantAdmin,
};

/// A new one, or the one of this id as it shall be.
pub async fn save_article(
    work: &mut Work,
    who: &TenantAdmin,
    id: Option<ArticleId>,
    input: &SaveArticle,
) -> Result<article::Model> {
    let mut errors = FieldErrors::default();
    input.check(&mut errors);
    errors.check()?;
    let now = work.now();
    let known = match id {
        Some(id) => Some(queries::article(work.read(), who.tenant, id).await?.ok_or(Error::NotFound)?),
        None => None,
    };
    let before = known.as_ref().map(|row| (row.status, row.published_at));
    let is_new = known.is_none();
    let status = if input.published { ArticleStatus::Published } else { ArticleStatus::Draft };
    let row = match known {
        Some(row) => row.into_active_model(),
        None => article::ActiveModel {
            id: Set(work.id()),
            tenant_id: Set(who.tenant),
            helpful_count: Set(0),
            not_helpful_count: Set(0),
            view_count: Set(0),
            created_at: Set(now),
            ..Default::default()
        },
    };
    let since = match (before, status) {
        (Some((ArticleStatus::Published, at)), ArticleStatus::Published) => at,
        (_, ArticleStatus::Published) => Some(now),
        _ => None,
    };
    let row = article::ActiveModel {
        title: Set(input.title.trim().to_owned()),
        summary: Set(input.summary.trim().to_owned()),
        body: Set(input.body.trim().to_owned()),
        category: Set(input.category),
        tags: Set(serde_json::to_string(&input.tags)?),
        status: Set(status),
        words: Set(input.words()),
        author_name: Set(who.caller.name.clone()),
        updated_at: Set(now),
        published_at: Set(since),
        ..row
    };
    let row = if is_new { row.insert(work.write()).await? } else { row.update(work.write()).await? };
    let action = match (before.map(|(status, _)| status), status) {
        (Some(ArticleStatus::Published), ArticleStatus::Draft) => "article.unpublished",
        (None | Some(ArticleStatus::Draft), ArticleStatus::Published) => "article.published",
        (None, _) => "article.written",
        _ => "article.changed",
    };
    let line = audit::Line::new(action, format!("article:{}", row.id)).tenant(who.tenant).with("title", row.title.as_str());
    audit::record(work, line).await?;
    Ok(row)
}
