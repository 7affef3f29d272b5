//! What this slice tells the others.

use entity::ids::{AccountId, CompanyId, ContactId, PolicyId, TenantId};
use serde::Serialize;

use crate::platform::events;

/// The policy an event is about, and who is concerned as far as the policy knows: the author, and those put on it.
#[derive(Clone, Debug, Serialize)]
pub struct About {
    pub tenant: TenantId,
    pub policy: PolicyId,
    pub title: String,
    pub company_id: CompanyId,
    pub company: String,
    /// Who drafted it.
    pub drafter: AccountId,
    /// Attorneys put on this policy.
    pub people: Vec<AccountId>,
}

events! {
    /// To the attorneys: a draft waits for review.
    PolicySubmitted = "policy.submitted",
    /// To the author and the MSP: changes are asked for.
    PolicySentBack = "policy.sent_back",
    /// To both sides: somebody commented or answered.
    PolicyCommented = "policy.commented",
    /// To the author and the MSP: it may be sent to the client.
    PolicyApproved = "policy.approved",
    /// To the attorneys and the author: it is with the client (the signers hear from signing).
    PolicySentToClient = "policy.sent_to_client",
    /// To owner, admins and primary attorney: final approval waits.
    PolicyFullySigned = "policy.fully_signed",
    /// To all concerned.
    PolicyPublished = "policy.published",
    /// To all concerned.
    PolicyCancelled = "policy.cancelled",
    /// To the contacts it is meant for: there is something to read, and nothing to sign.
    PolicyShared = "policy.shared" { issuer: String, contacts: Vec<ContactId> },
}
