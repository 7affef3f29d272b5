//! A contact of the PSA's of whom it says whether they may come to the portal, and what came of that here.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{ContactId, PsaPersonId, TenantId},
};

words! {
    /// Why an admin has to decide first.
    pub enum PersonWait {
        /// Nobody has said which client their company is.
        Company = "company" => "Company not matched",
        NoAddress = "no_address" => "No e-mail address",
        /// The PSA has the person twice, and says two things.
        Twin = "twin" => "Twice in the PSA",
        /// The PSA has the address at two companies, and both are to come in.
        TwoCompanies = "two_companies" => "At two companies",
        /// The address signs in for somebody else here.
        Taken = "taken" => "Address in use",
        /// Known here at another company.
        Moved = "moved" => "Known at another company",
        /// Known here by another address, and not invited yet.
        OtherAddress = "other_address" => "Another address here",
        /// Somebody here made them an admin of their company.
        ByHand = "by_hand" => "Company admin by hand",
        /// Somebody here shut them out.
        ShutHere = "shut_here" => "Deactivated here",
        /// Came in by the PSA, which does not have them any more.
        Gone = "gone" => "Not in the PSA any more",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "integrations_psa_person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PsaPersonId,
    pub tenant_id: TenantId,
    /// The PSA's id of the contact.
    pub theirs: String,
    /// The PSA's id of their company.
    pub company_theirs: String,
    pub name: String,
    pub email: String,
    pub portal_access: bool,
    /// As the PSA says it; empty where it says nothing.
    pub access_level: String,
    /// Grows with every change there; 0 where the PSA does not count.
    pub version: i64,
    pub contact_id: Option<ContactId>,
    /// What was followed last: let in, shut out again; none where they were never let in.
    pub granted: Option<bool>,
    pub followed_level: String,
    pub waits: Option<PersonWait>,
    pub waits_since: Option<Moment>,
    pub seen_at: Moment,
}

impl Model {
    /// What the PSA says is not what was followed here.
    pub fn is_open(&self) -> bool {
        self.is_to_come() || self.is_to_go() || self.has_new_level() || self.waits.is_some()
    }

    pub fn is_to_come(&self) -> bool {
        self.portal_access && self.granted != Some(true)
    }

    pub fn is_to_go(&self) -> bool {
        !self.portal_access && self.granted == Some(true)
    }

    pub fn has_new_level(&self) -> bool {
        self.portal_access && !self.access_level.is_empty() && self.access_level != self.followed_level
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
