//! One numbered state of a template: sections and variables. Published ones never change.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{TemplateId, TemplateVersionId, TenantId},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "policies_template_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TemplateVersionId,
    pub tenant_id: TenantId,
    pub template_id: TemplateId,
    /// 1, 2, 3 … in its template.
    pub number: i32,
    /// JSON: sections and variables.
    pub content: String,
    /// What changed, in the editor's words.
    pub changes: String,
    pub author: String,
    pub created_at: Moment,
    /// None while it is the draft.
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
