//! What is sent for signature, who is asked, and the rules of who may sign when.

use entity::{
    Moment,
    ids::{CompanyId, ContactId, DocumentId, EnvelopeId, SignerId, TenantId},
    signing::{EnvelopeStatus, SignerStatus},
};

use super::reading::Reading;
use crate::platform::Refusal;

/// A text to be signed by these people.
#[derive(Clone, Debug)]
pub struct NewEnvelope {
    pub tenant: TenantId,
    pub company: CompanyId,
    pub title: String,
    /// Who asks, as the signer reads it: the MSP's name.
    pub issuer: String,
    /// HTML; cleaned once more here. What is shown, hashed and signed is the cleaned text.
    pub text_html: String,
    /// `policy:ID`
    pub source: String,
    pub version: i32,
    /// In signing order.
    pub signers: Vec<ContactId>,
    pub sequential: bool,
    pub deadline: Option<Moment>,
    pub scroll_to_end: bool,
    pub reminders_days: Option<i32>,
}

/// An envelope as pages show it.
#[derive(Clone, Debug)]
pub struct EnvelopeView {
    pub id: EnvelopeId,
    pub tenant: TenantId,
    pub company: CompanyId,
    pub title: String,
    pub issuer: String,
    pub source: String,
    pub version: i32,
    pub status: EnvelopeStatus,
    pub sha256: String,
    pub sequential: bool,
    pub scroll_to_end: bool,
    pub deadline: Option<Moment>,
    pub sent_at: Moment,
    pub completed_at: Option<Moment>,
    pub ended_at: Option<Moment>,
    pub end_reason: Option<String>,
    /// The signed PDF in the vault.
    pub sealed_document: Option<DocumentId>,
    /// In signing order, replaced ones included.
    pub signers: Vec<SignerView>,
}

/// One who was asked.
#[derive(Clone, Debug)]
pub struct SignerView {
    pub id: SignerId,
    pub contact: ContactId,
    pub name: String,
    pub email: String,
    pub position: i32,
    pub status: SignerStatus,
    pub reading: Reading,
    pub started_at: Option<Moment>,
    pub reached_end_at: Option<Moment>,
    pub signed_at: Option<Moment>,
    pub declined_at: Option<Moment>,
    pub decline_reason: Option<String>,
    pub reminded_at: Option<Moment>,
}

/// One signature as the signer, the firm and the certificate read it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct SignatureRecord {
    pub envelope_id: EnvelopeId,
    pub source: String,
    pub version: i32,
    pub signer: String,
    pub email: String,
    pub typed_name: String,
    pub title: String,
    pub consent_version: String,
    pub consent_sha256: String,
    pub document_sha256: String,
    pub method: String,
    pub ip: String,
    pub user_agent: String,
    pub reading: Reading,
    pub started_at: Option<String>,
    pub reached_end_at: Option<String>,
    #[serde(skip)]
    pub at: Moment,
    pub signed_at: String,
}

impl SignerView {
    /// Still asked for a signature.
    pub fn is_asked(&self) -> bool {
        matches!(self.status, SignerStatus::Waiting | SignerStatus::Reading)
    }

    /// Counts towards the envelope: whoever was not replaced.
    pub fn counts(&self) -> bool {
        self.status != SignerStatus::Replaced
    }
}

impl EnvelopeView {
    pub fn is_overdue(&self, now: Moment) -> bool {
        self.status == EnvelopeStatus::Sent && self.deadline.is_some_and(|deadline| deadline < now)
    }

    /// How many have signed.
    pub fn signed(&self) -> usize {
        self.signers.iter().filter(|signer| signer.status == SignerStatus::Signed).count()
    }

    /// How many must sign.
    pub fn required(&self) -> usize {
        self.signers.iter().filter(|signer| signer.counts()).count()
    }

    /// Who ended it by declining; none once another person stands in their place.
    pub fn declined_by(&self) -> Option<&SignerView> {
        self.signers.iter().find(|signer| signer.status == SignerStatus::Declined)
    }

    pub fn all_signed(&self) -> bool {
        self.required() > 0 && self.signed() == self.required()
    }

    /// The person's live place among the signers; a replaced one has none.
    pub fn signer(&self, contact: ContactId) -> Option<&SignerView> {
        self.signers.iter().find(|signer| signer.contact == contact && signer.counts())
    }

    /// Who was asked and has not yet answered, in the order they can sign now.
    pub fn turn(&self) -> Vec<&SignerView> {
        let asked = self.signers.iter().filter(|signer| signer.is_asked());
        if self.sequential { asked.take(1).collect() } else { asked.collect() }
    }

    pub fn is_turn_of(&self, signer: SignerId) -> bool {
        self.turn().iter().any(|at| at.id == signer)
    }

    /// The rule of who may sign when; the text itself and what was typed are looked at by the command.
    pub fn may_sign(&self, signer: &SignerView) -> Result<(), Refusal> {
        if self.status != EnvelopeStatus::Sent || !signer.is_asked() {
            return Err(Refusal::new(
                "wrong_status",
                format!("This document can no longer be signed: {}.", self.status.label().to_lowercase()),
                format!("Ask {} for a new request if it should be signed.", self.issuer),
            ));
        }
        if !self.is_turn_of(signer.id) {
            let first = self.turn().first().map_or_else(|| "another person".to_owned(), |other| other.name.clone());
            return Err(Refusal::new(
                "not_your_turn",
                format!("{first} signs first."),
                "You are told as soon as it is your turn; you can read the document now.",
            ));
        }
        if signer.started_at.is_none() || (self.scroll_to_end && signer.reached_end_at.is_none()) {
            return Err(Refusal::new(
                "not_read_to_end",
                "You have not reached the end of the document yet.",
                "Go back to the document and read to its end; then you can sign.",
            ));
        }
        Ok(())
    }
}
