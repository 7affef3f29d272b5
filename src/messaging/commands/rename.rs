//! Gives a conversation another title, and says so in it.

use entity::{
    ids::ConversationId,
    messaging::{EventKind, conversation},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::append::{Draft, lock_one, say};
use crate::{
    messaging::content::Content,
    platform::{Result, Work},
};

pub async fn rename(work: &mut Work, id: ConversationId, title: &str) -> Result<()> {
    let mut locked = lock_one(work, id).await?;
    if locked[&id].title == title {
        return Ok(());
    }
    conversation::Entity::update_many()
        .col_expr(conversation::Column::Title, Expr::value(title))
        .filter(conversation::Column::Id.eq(id))
        .exec(work.write())
        .await?;
    let draft = Draft { content: Some(Content::text(title)), ..Draft::of(work, EventKind::Renamed) };
    say(work, &mut locked, id, draft).await
}
