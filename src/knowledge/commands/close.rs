//! It is done, and what came of it is written down. The conversation stays where it is.

use entity::{
    ids::ArticleId,
    knowledge::{ArticleStatus, HelpStatus, Resolution, help},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::ask::{about, now};
use crate::{
    audit,
    knowledge::{HelpWorker, Talk, events::HelpClosed, queries},
    messaging,
    platform::{Error, Refusal, Result, Work},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    pub resolution: Resolution,
    /// Named where an article solved it.
    pub article: Option<ArticleId>,
}

/// By somebody of the desk who takes part.
pub async fn close(work: &mut Work, who: &HelpWorker, closing: &Closing) -> Result<()> {
    let row = now(work, &who.row).await?;
    if !messaging::is_participant(work.read(), row.conversation_id, who.desk.caller.account).await? {
        return Err(Error::forbidden("Whoever takes part in the conversation closes it. Take it or join it first."));
    }
    let title = match (closing.resolution, closing.article) {
        (Resolution::KbArticle, None) => return Err(Error::invalid("article", "Choose the article that solved it.")),
        (Resolution::KbArticle, Some(id)) => {
            let found = queries::article(work.read(), row.tenant_id, id).await?;
            let found = found.filter(|article| article.status == ArticleStatus::Published);
            Some(found.ok_or_else(|| Error::invalid("article", "Choose one of the published articles."))?.title)
        }
        _ => None,
    };
    let words = match title {
        Some(title) => format!("{} closed it: the article “{title}” solved it", who.desk.caller.name),
        None => format!("{} closed it", who.desk.caller.name),
    };
    end(work, &row, closing, &who.desk.caller.name, &words).await
}

/// By who asked: it is not needed any more.
pub async fn close_own(work: &mut Work, who: &Talk) -> Result<()> {
    let row = now(work, &who.row).await?;
    let closing = Closing { resolution: Resolution::NotNeeded, article: None };
    let name = who.client.caller.name.clone();
    end(work, &row, &closing, &name, &format!("{name} needs no more help")).await
}

async fn end(work: &mut Work, row: &help::Model, closing: &Closing, by: &str, words: &str) -> Result<()> {
    let at = work.now();
    let article = closing.article.filter(|_| closing.resolution == Resolution::KbArticle);
    let closed = help::Entity::update_many()
        .col_expr(help::Column::Status, Expr::value(HelpStatus::Closed.word()))
        .col_expr(help::Column::ClosedAt, Expr::value(Some(at.0)))
        .col_expr(help::Column::ClosedByName, Expr::value(Some(by.to_owned())))
        .col_expr(help::Column::Resolution, Expr::value(Some(closing.resolution.word())))
        .col_expr(help::Column::ResolvedBy, Expr::value(article.map(|article| article.0)))
        .col_expr(help::Column::UpdatedAt, Expr::value(at.0))
        .filter(help::Column::Id.eq(row.id))
        .filter(help::Column::Status.ne(HelpStatus::Closed))
        .exec(work.write())
        .await?
        .rows_affected;
    if closed == 0 {
        return Err(Refusal::new("closed", "It is closed already.", "Nothing is to be done; go back to the list.").into());
    }
    messaging::post_status(work, row.conversation_id, words).await?;
    let line = audit::Line::new("help.closed", format!("help:{}", row.id))
        .tenant(row.tenant_id)
        .with("resolution", closing.resolution.word());
    let line = match article {
        Some(article) => line.with("article", article.to_string()),
        None => line,
    };
    audit::record(work, line).await?;
    work.tell(&HelpClosed { about: about(row) })
}
