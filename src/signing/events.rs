//! What signing tells the others: ids and names, never the text, a reason or a secret.

use entity::ids::{AccountId, CompanyId, ContactId, EnvelopeId, TenantId};

use super::envelope::{EnvelopeView, SignerView};
use crate::platform::events;

/// A signer in the words of a notification; `account` where they have one.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct SignerName {
    pub contact: ContactId,
    pub account: Option<AccountId>,
    pub name: String,
}

/// Of which envelope.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct About {
    pub tenant: TenantId,
    pub company: CompanyId,
    pub envelope: EnvelopeId,
    /// `policy:ID`
    pub source: String,
    pub title: String,
    pub issuer: String,
}

impl About {
    pub(super) fn of(view: &EnvelopeView) -> Self {
        Self {
            tenant: view.tenant,
            company: view.company,
            envelope: view.id,
            source: view.source.clone(),
            title: view.title.clone(),
            issuer: view.issuer.clone(),
        }
    }
}

impl SignerName {
    pub(super) fn new(signer: &SignerView, account: Option<AccountId>) -> Self {
        Self { contact: signer.contact, account, name: signer.name.clone() }
    }
}

events! {
    /// These people are asked to sign now: all at once, or in a sequential envelope the next one.
    EnvelopeSent = "envelope.sent" { signers: Vec<SignerName> },
    /// The signer opened it for the first time. Nobody is notified.
    EnvelopeViewed = "envelope.viewed" { signer: SignerName },
    EnvelopeSigned = "envelope.signed" { signer: SignerName, signed: usize, required: usize },
    /// All have signed.
    EnvelopeCompleted = "envelope.completed" { signers: Vec<SignerName> },
    /// `others`: those who had signed or were still asked, for whom it ends with this.
    EnvelopeDeclined = "envelope.declined" { signer: SignerName, others: Vec<SignerName> },
    /// These people are asked once more.
    EnvelopeReminded = "envelope.reminded" { signers: Vec<SignerName> },
    /// Withdrawn; these people need not sign any more.
    EnvelopeVoided = "envelope.voided" { signers: Vec<SignerName> }
}
