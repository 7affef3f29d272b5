//! A client who wants to talk with a person of the MSP, and what came of it. Its question stands in clear, like a ticket's.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, ArticleId, CompanyId, ContactId, ConversationId, HelpId, TenantId},
};

words! {
    pub enum HelpStatus {
        /// Nobody has taken it.
        Waiting = "waiting" => "Waiting",
        Talking = "talking" => "In conversation",
        Closed = "closed" => "Closed",
    }
}

words! {
    pub enum Resolution {
        KbArticle = "kb_article" => "An article solved it",
        Answered = "answered" => "Answered in the conversation",
        Ticket = "ticket" => "It became a ticket",
        NotNeeded = "not_needed" => "It was not needed any more",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "knowledge_help")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HelpId,
    pub tenant_id: TenantId,
    pub company_id: CompanyId,
    pub contact_id: ContactId,
    pub account_id: AccountId,
    pub name: String,
    pub question: String,
    /// JSON: the articles that were shown for it, id and title.
    pub shown: String,
    pub conversation_id: ConversationId,
    pub status: HelpStatus,
    pub claimed_by: Option<AccountId>,
    pub claimed_by_name: Option<String>,
    pub claimed_at: Option<Moment>,
    pub closed_at: Option<Moment>,
    pub closed_by_name: Option<String>,
    pub resolution: Option<Resolution>,
    /// The article that solved it.
    pub resolved_by: Option<ArticleId>,
    /// The asker's own key of this asking.
    pub opening_key: String,
    pub asked_at: Moment,
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
