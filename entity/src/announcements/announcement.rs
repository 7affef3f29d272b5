//! An announcement, from draft to withdrawn.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, AnnouncementId, TenantId},
};

words! {
    pub enum AnnouncementStatus {
        Draft = "draft" => "Draft",
        /// Published by itself at its time.
        Scheduled = "scheduled" => "Scheduled",
        Published = "published" => "Published",
        /// Clients saw it once and do not any more.
        Withdrawn = "withdrawn" => "Withdrawn",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "announcements_announcement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AnnouncementId,
    pub tenant_id: TenantId,
    pub title: String,
    /// Markdown.
    pub body: String,
    pub status: AnnouncementStatus,
    /// Every client, also those that come later; otherwise those in `target`.
    pub for_all: bool,
    /// Those it is for get a mail too.
    pub by_mail: bool,
    /// When it publishes itself.
    pub publish_at: Option<Moment>,
    pub published_at: Option<Moment>,
    /// Its words changed after it was published.
    pub edited_at: Option<Moment>,
    pub author_id: AccountId,
    pub author_name: String,
    pub created_at: Moment,
    pub updated_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
