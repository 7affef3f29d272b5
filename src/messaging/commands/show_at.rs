//! Says on which page people find a conversation: what a notification of a message opens.

use entity::{ids::ConversationId, messaging::conversation};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::platform::{Result, Work};

pub async fn show_at(work: &mut Work, id: ConversationId, href: &str) -> Result<()> {
    conversation::Entity::update_many()
        .col_expr(conversation::Column::Href, Expr::value(href))
        .filter(conversation::Column::Id.eq(id))
        .exec(work.write())
        .await?;
    Ok(())
}
