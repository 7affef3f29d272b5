//! Says which client a conversation is about: the files sent in it lie with that client's.

use entity::{
    ids::{CompanyId, ConversationId},
    messaging::conversation,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::platform::{Result, Work};

pub async fn about_client(work: &mut Work, id: ConversationId, company: CompanyId) -> Result<()> {
    conversation::Entity::update_many()
        .col_expr(conversation::Column::CompanyId, Expr::value(company))
        .filter(conversation::Column::Id.eq(id))
        .exec(work.write())
        .await?;
    Ok(())
}
