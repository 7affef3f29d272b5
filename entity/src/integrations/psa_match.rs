//! What the PSA calls something, and what it is here.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{PsaMatchId, TenantId},
};

words! {
    pub enum MatchKind {
        Status = "status" => "Status",
        Company = "company" => "Company",
        Contact = "contact" => "Contact",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "integrations_psa_match")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PsaMatchId,
    pub tenant_id: TenantId,
    pub kind: MatchKind,
    /// The PSA's id or word.
    pub theirs: String,
    /// As people read it there.
    pub label: String,
    /// A status of ours, or the id of a company or contact; none: nobody has said yet.
    pub ours: Option<String>,
    /// Of several of theirs that are one of ours: the one we name when we write to them.
    pub preferred: bool,
    /// An admin said so; else it is what names and addresses say.
    pub said: bool,
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
