//! By what number another program knows a contact, a seat or a company of ours.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AliasId, TenantId},
};

words! {
    pub enum AliasKind {
        /// The Hub's number of a client user: a contact here.
        HubUser = "hub_user" => "Hub user",
        /// The Hub's number of somebody of the MSP: a seat here.
        HubStaff = "hub_staff" => "Hub staff",
        /// The PSA's number of a contact.
        PsaContact = "psa_contact" => "PSA contact",
        /// The Hub's and the PSA's number of a client company.
        Company = "company" => "Company",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tenancy_alias")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AliasId,
    pub tenant_id: TenantId,
    pub kind: AliasKind,
    pub number: String,
    /// The contact, seat or company.
    pub about: Uuid,
    /// The access level or role it last came with: a change over there counts, and what was changed here since stands.
    pub claimed: String,
    pub created_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
