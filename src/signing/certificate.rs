//! What the signed document says beside its text: who signed, how they were known, what they had read, and the chain it hangs on.

use entity::tenancy::{company, tenant};
use serde_json::{Value, json};

use super::{
    blocks,
    consent::Consent,
    envelope::{EnvelopeView, SignatureRecord},
    queries::EvidenceLine,
};

/// All that goes into the PDF.
#[derive(Clone, Debug)]
pub struct SignedDocument {
    pub view: EnvelopeView,
    pub text: String,
    pub client: String,
    /// `#rrggbb`
    pub accent: String,
    pub signatures: Vec<SignatureRecord>,
    pub evidence: Vec<EvidenceLine>,
}

impl SignedDocument {
    pub(super) fn new(
        view: EnvelopeView,
        text: String,
        (tenant, company): (&tenant::Model, &company::Model),
        signatures: Vec<SignatureRecord>,
        evidence: Vec<EvidenceLine>,
    ) -> Self {
        let client = if company.legal_name.is_empty() { company.name.clone() } else { company.legal_name.clone() };
        let accent = crate::tenancy::look(tenant).primary;
        Self { view, text, client, accent, signatures, evidence }
    }

    /// A name for the file: the title and the version.
    pub fn file_name(&self) -> String {
        format!("{} v{} (signed).pdf", self.view.title, self.view.version)
    }

    /// Data for the typesetter. People's words are strings in it; the template never reads them as markup.
    pub(super) fn data(&self) -> Value {
        let head = self.evidence.last().map(|line| line.hash.clone()).unwrap_or_default();
        let completed = self.view.completed_at.unwrap_or(self.view.sent_at);
        json!({
            "title": self.view.title,
            "issuer": self.view.issuer,
            "client": self.client,
            "version": self.view.version,
            "accent": self.accent,
            "sha256": self.view.sha256,
            "envelope": self.view.id.to_string(),
            "source": self.view.source,
            "sent": seconds(self.view.sent_at),
            "completed": seconds(completed),
            "completed_day": completed.day_words(),
            "blocks": blocks::of(&self.text),
            "signers": self.signatures.iter().map(signer).collect::<Vec<_>>(),
            "consents": self.consents(),
            "events": self.evidence.iter().map(event).collect::<Vec<_>>(),
            "head": head,
        })
    }

    /// The words of each consent version agreed to, once.
    fn consents(&self) -> Vec<Value> {
        let mut versions: Vec<&str> = self.signatures.iter().map(|signature| signature.consent_version.as_str()).collect();
        versions.sort_unstable();
        versions.dedup();
        let words = |version: &str| {
            Consent::of(version).map(|consent| json!({ "version": version, "text": consent.text, "sha256": consent.sha256() }))
        };
        versions.into_iter().filter_map(words).collect()
    }
}

/// A text that is sent to be read and asks for no signature.
#[derive(Clone, Debug)]
pub struct Notice {
    pub ident: String,
    pub title: String,
    pub issuer: String,
    pub client: String,
    pub version: i32,
    /// `#rrggbb`
    pub accent: String,
    pub sha256: String,
    /// Sanitized HTML.
    pub text: String,
    /// Under the title: when it was sent, and since when it is in force.
    pub words: String,
    pub at: entity::Moment,
}

impl Notice {
    pub(super) fn data(&self) -> Value {
        json!({
            "title": self.title,
            "issuer": self.issuer,
            "client": self.client,
            "version": self.version,
            "accent": self.accent,
            "sha256": self.sha256,
            "blocks": blocks::of(&super::text::clean(&self.text)),
            "signers": [],
            "words": self.words,
        })
    }
}

/// `2026-03-02 10:00:00 UTC`
fn seconds(at: entity::Moment) -> String {
    let at = at.datetime();
    let (date, hour, minute, second) = (at.date(), at.hour(), at.minute(), at.second());
    format!("{}-{:02}-{:02} {hour:02}:{minute:02}:{second:02} UTC", date.year(), u8::from(date.month()), date.day())
}

/// An RFC 3339 time in the same words.
fn again(text: Option<&String>) -> String {
    text.map(|text| text.replace('T', " ").split(['.', 'Z']).next().unwrap_or_default().to_owned() + " UTC").unwrap_or_default()
}

fn signer(signature: &SignatureRecord) -> Value {
    let method = match signature.method.as_str() {
        "password+totp" => "Password and one-time code",
        "password" => "Password, account reached by e-mail invitation",
        "link" => "One-time link sent by e-mail",
        "sso" => "Single sign-on",
        other => other,
    };
    json!({
        "name": signature.signer,
        "email": signature.email,
        "typed_name": signature.typed_name,
        "title": signature.title,
        "signed": seconds(signature.at),
        "signed_day": signature.at.day_words(),
        "method": method,
        "ip": signature.ip,
        "browser": signature.user_agent,
        "opened": again(signature.started_at.as_ref()),
        "end": again(signature.reached_end_at.as_ref()),
        "percent": signature.reading.percent(),
        "time": signature.reading.time_words(),
        "parts": signature.reading.parts.len(),
        "consent": signature.consent_version,
        "sha256": signature.document_sha256,
    })
}

fn event(line: &EvidenceLine) -> Value {
    let detail: Value = serde_json::from_str(&line.detail).unwrap_or_default();
    let what = match line.kind.as_str() {
        "sent" => "Sent for signature".to_owned(),
        "viewed" => "Opened".to_owned(),
        "progress" => format!("Read to {} %", detail["percent"]),
        "signed" => "Signed".to_owned(),
        "declined" => "Declined".to_owned(),
        "replaced" => "Signer replaced".to_owned(),
        "reminded" => "Reminded".to_owned(),
        "completed" => "Signed by all".to_owned(),
        other => other.to_owned(),
    };
    json!({ "seq": line.seq, "at": seconds(line.at), "what": what, "who": line.actor, "hash": line.hash[..line.hash.len().min(16)] })
}
