//! A host of an MSP's own for its portal, and what the domain name system says of it.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{DomainId, TenantId},
};

words! {
    pub enum DomainState {
        /// Nobody has shown yet whose it is.
        Pending = "pending" => "Pending",
        /// Theirs; it does not lead here yet.
        Verified = "verified" => "Verified",
        /// Serves the portal.
        Active = "active" => "Active",
        /// Served the portal, and leads elsewhere now.
        Failing = "failing" => "Failing",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tenancy_domain")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DomainId,
    pub tenant_id: TenantId,
    /// ASCII, lower case.
    pub host: String,
    /// The host again from when it was shown whose it is: one domain is one tenant's.
    pub held: Option<String>,
    /// What its TXT record says.
    pub token: String,
    pub state: DomainState,
    /// Why it is not further; empty where all is well.
    pub reason: String,
    pub checked_at: Option<Moment>,
    /// In this state since.
    pub since: Moment,
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
