//! Who has read an article, and whether it helped them.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, ArticleId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "knowledge_reader")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: ArticleId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    pub tenant_id: TenantId,
    /// None where they did not say.
    pub helpful: Option<bool>,
    /// When it was last counted as seen.
    pub seen_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
