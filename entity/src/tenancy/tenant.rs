//! One MSP or one mission organisation, with its look.

use sea_orm::entity::prelude::*;

use crate::{Moment, Unwalled, ids::TenantId};

words! {
    pub enum TenantKind {
        Msp = "msp" => "MSP",
        Mission = "mission" => "Mission",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tenancy_tenant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TenantId,
    pub slug: String,
    pub name: String,
    pub kind: TenantKind,
    /// IANA zone, e.g. `America/Chicago`: billing days and deadlines.
    pub zone: String,
    /// ISO 4217.
    pub currency: String,
    pub portal_name: String,
    /// `#rrggbb`
    pub primary_color: String,
    pub accent_color: String,
    pub welcome_text: String,
    /// Names of [`super::look_file`] by their content; empty where there is none.
    pub logo: String,
    pub favicon: String,
    pub stylesheet: String,
    /// The host of its own that links to it lead to; empty where it has none that works.
    pub host: String,
    /// Clients show once more that it is them right before they sign.
    pub sign_proof: bool,
    pub created_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
/// The list of tenants itself stands outside the wall: the look is needed before sign-in.
impl Unwalled for Entity {}
