//! An article of the knowledge base.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{ArticleId, TenantId},
    tickets::TicketCategory,
};

words! {
    pub enum ArticleStatus {
        /// No client finds it.
        Draft = "draft" => "Draft",
        Published = "published" => "Published",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "knowledge_article")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ArticleId,
    pub tenant_id: TenantId,
    pub title: String,
    pub summary: String,
    /// Markdown.
    pub body: String,
    /// The same as a ticket's, so that a ticket can be opened from it.
    pub category: TicketCategory,
    /// JSON: a list of words.
    pub tags: String,
    pub status: ArticleStatus,
    /// All its words in small letters without accents: what a search looks through.
    pub words: String,
    pub helpful_count: i64,
    pub not_helpful_count: i64,
    pub view_count: i64,
    pub author_name: String,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub published_at: Option<Moment>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
