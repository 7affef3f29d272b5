//! A document that can be used for many clients; its texts are in its versions.

use sea_orm::entity::prelude::*;

use super::Acknowledgement;
use crate::{
    Moment, Walled,
    ids::{TemplateId, TemplateVersionId, TenantId},
};

words! {
    pub enum TemplateState {
        Draft = "draft" => "Draft",
        Published = "published" => "Published",
        Archived = "archived" => "Archived",
    }
}

words! {
    pub enum Category {
        ServiceAgreements = "service_agreements" => "Service Agreements",
        DataPrivacy = "data_privacy" => "Data & Privacy",
        AcceptableUse = "acceptable_use" => "Acceptable Use",
        EmploymentHr = "employment_hr" => "Employment & HR",
        Compliance = "compliance" => "Compliance",
        Financial = "financial" => "Financial",
        Vendor = "vendor" => "Vendor",
        ClientOnboarding = "client_onboarding" => "Client Onboarding",
        General = "general" => "General",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "policies_template")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TemplateId,
    pub tenant_id: TenantId,
    /// Unique in its tenant.
    pub slug: String,
    pub title: String,
    pub category: Category,
    pub summary: String,
    pub state: TemplateState,
    /// What a new policy starts with.
    pub acknowledgement: Acknowledgement,
    /// Published without a person's final approval once all have signed.
    pub automatic: bool,
    /// May go to the client without the attorney's review of each policy.
    pub direct_to_client: bool,
    /// The version new policies are made of.
    pub published_version_id: Option<TemplateVersionId>,
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
