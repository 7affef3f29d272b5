//! Somebody has read an article; whether it helped them. Each person counts once, and may think again.

use entity::{
    Moment,
    ids::ArticleId,
    knowledge::{article, reader},
    wall::Walled,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set, sea_query::Expr,
};

use crate::{
    knowledge::ReadableArticle,
    platform::{Result, Work},
};

/// Looked at again within this time it is the same looking.
const SAME: i64 = Moment::HOUR;

async fn known(work: &Work, who: &ReadableArticle) -> Result<Option<reader::Model>> {
    Ok(reader::Entity::within(work.read().reach())
        .filter(reader::Column::ArticleId.eq(who.row.id))
        .filter(reader::Column::AccountId.eq(who.client.caller.account))
        .one(work.read())
        .await?)
}

/// Holds the article until the commit: of two who count at once one goes after the other.
async fn hold(work: &mut Work, id: ArticleId, views: i64) -> Result<()> {
    article::Entity::update_many()
        .col_expr(article::Column::ViewCount, Expr::col(article::Column::ViewCount).add(views))
        .filter(article::Column::Id.eq(id))
        .exec(work.write())
        .await?;
    work.counts_as_audited("that an article was read, and whether it helped, are counts");
    Ok(())
}

fn row(work: &Work, who: &ReadableArticle, helpful: Option<bool>) -> reader::ActiveModel {
    reader::ActiveModel {
        article_id: Set(who.row.id),
        account_id: Set(who.client.caller.account),
        tenant_id: Set(who.client.tenant),
        helpful: Set(helpful),
        seen_at: Set(work.now()),
    }
}

pub async fn see(work: &mut Work, who: &ReadableArticle) -> Result<()> {
    hold(work, who.row.id, 0).await?;
    match known(work, who).await? {
        Some(reader) if work.now().since(reader.seen_at) < SAME => return Ok(()),
        Some(reader) => {
            let reader = reader::ActiveModel { seen_at: Set(work.now()), ..reader.into_active_model() };
            reader.update(work.write()).await?;
        }
        None => {
            row(work, who, None).insert(work.write()).await?;
        }
    }
    hold(work, who.row.id, 1).await
}

pub async fn rate(work: &mut Work, who: &ReadableArticle, helpful: bool) -> Result<()> {
    hold(work, who.row.id, 0).await?;
    match known(work, who).await? {
        Some(reader) => {
            let reader = reader::ActiveModel { helpful: Set(Some(helpful)), ..reader.into_active_model() };
            reader.update(work.write()).await?;
        }
        None => {
            row(work, who, Some(helpful)).insert(work.write()).await?;
        }
    }
    let mut counts = [0_i64; 2];
    for (count, wanted) in counts.iter_mut().zip([true, false]) {
        let voices = reader::Entity::within(work.read().reach())
            .filter(reader::Column::ArticleId.eq(who.row.id))
            .filter(reader::Column::Helpful.eq(wanted));
        *count = i64::try_from(voices.count(work.read()).await?).unwrap_or(i64::MAX);
    }
    article::Entity::update_many()
        .col_expr(article::Column::HelpfulCount, Expr::value(counts[0]))
        .col_expr(article::Column::NotHelpfulCount, Expr::value(counts[1]))
        .filter(article::Column::Id.eq(who.row.id))
        .exec(work.write())
        .await?;
    Ok(())
}
