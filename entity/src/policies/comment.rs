//! A comment on a paragraph of a policy, or an answer to one. Seen by the firm's side only.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, PolicyCommentId, PolicyId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "policies_comment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PolicyCommentId,
    pub tenant_id: TenantId,
    pub policy_id: PolicyId,
    /// The comment this one answers.
    pub parent_id: Option<PolicyCommentId>,
    /// The paragraph (`s3-p2-1a2b3c4d`); empty for the whole document.
    pub anchor: String,
    /// Sealed: the words, and those of the paragraph when they were written.
    pub body: Vec<u8>,
    pub author_id: AccountId,
    pub author_name: String,
    pub author_role: String,
    pub created_at: Moment,
    pub resolved_at: Option<Moment>,
    pub resolved_by_name: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
