//! A person at a client company: can be asked to sign, and, with an account, comes to the portal.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{AccountId, CompanyId, ContactId, TenantId},
};

words! {
    pub enum AccessLevel {
        Own = "own" => "Own items",
        Company = "company" => "Company items",
        CompanyAdmin = "company_admin" => "Company admin",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tenancy_contact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactId,
    pub tenant_id: TenantId,
    pub company_id: CompanyId,
    pub name: String,
    pub email: String,
    pub title: String,
    pub access: AccessLevel,
    pub account_id: Option<AccountId>,
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
