//! A client's policy: an instance of a template version. What was filled in and what it says is sealed under its own data key.

use sea_orm::entity::prelude::*;

use super::Category;
use crate::{
    Moment, Walled,
    ids::{AccountId, CompanyId, DataKeyId, DocumentId, EnvelopeId, PolicyId, TemplateId, TemplateVersionId, TenantId},
};

words! {
    #[derive(Default)]
    pub enum PolicyStatus {
        /// In the wizard, or sent back by the attorney.
        #[default]
        Draft = "draft" => "Draft",
        /// With the attorney; `approved_at` says that the MSP may send it.
        InternalReview = "internal_review" => "Attorney review",
        /// With the client's contacts, to be signed.
        ClientReview = "client_review" => "With the client",
        /// All have signed.
        FinalApproval = "final_approval" => "Final approval",
        /// Fully executed; never changes again.
        Published = "published" => "Published",
        Superseded = "superseded" => "Superseded",
        Archived = "archived" => "Archived",
        Cancelled = "cancelled" => "Cancelled",
    }
}

words! {
    #[derive(Default)]
    pub enum Acknowledgement {
        #[default]
        Required = "required" => "Required",
        Informational = "informational" => "Informational",
    }
}

words! {
    #[derive(Default)]
    pub enum SignerChoice {
        /// Whoever is a contact of the client when it is sent.
        #[default]
        All = "all" => "All contacts",
        Specific = "specific" => "Chosen contacts",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "policies_policy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PolicyId,
    pub tenant_id: TenantId,
    pub company_id: CompanyId,
    pub template_id: TemplateId,
    pub template_version_id: TemplateVersionId,
    pub title: String,
    /// Of the template, for the list.
    pub category: Category,
    /// 1, and one more with each renewal.
    pub version: i32,
    pub status: PolicyStatus,
    /// `2026-03-02`: a day, not a moment.
    pub effective_on: String,
    pub expires_on: Option<String>,
    pub acknowledgement: Acknowledgement,
    pub signers: SignerChoice,
    pub sequential: bool,
    /// A day in the tenant's zone.
    pub deadline_on: Option<String>,
    pub reminder_days: Option<i32>,
    pub scroll_to_end: bool,
    pub automatic: bool,
    pub direct_to_client: bool,
    /// The furthest page of the wizard that was finished.
    pub wizard_page: i32,
    pub data_key_id: DataKeyId,
    /// Sealed: values of the variables, order and hiding of sections.
    pub draft: Vec<u8>,
    /// Sealed: the text as it was sent.
    pub rendered: Option<Vec<u8>>,
    /// Of the text as it was sent.
    pub text_sha256: Option<String>,
    pub envelope_id: Option<EnvelopeId>,
    /// Told by mail when it is sent, e.g. the client's lawyer: addresses, one a line.
    pub copies_to: String,
    /// An informational policy's document in the vault.
    pub notice_id: Option<DocumentId>,
    pub supersedes_id: Option<PolicyId>,
    pub created_by: AccountId,
    pub created_by_name: String,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub submitted_at: Option<Moment>,
    /// Set while a draft waits for the MSP after the attorney sent it back.
    pub sent_back_at: Option<Moment>,
    pub approved_at: Option<Moment>,
    pub approved_by_name: Option<String>,
    pub sent_at: Option<Moment>,
    pub signed_at: Option<Moment>,
    pub published_at: Option<Moment>,
    pub ended_at: Option<Moment>,
    /// Sealed: why it was cancelled.
    pub reason: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
