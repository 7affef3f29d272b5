//! Signs: the same person and the same text again answer the same record, never a second signature.

use entity::{
    ids::SignatureId,
    signing::{EnvelopeStatus, SignerStatus, envelope, signature, signer},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};
use serde_json::json;

use super::{
    attest::attest,
    send::{ask_whose_turn_it_is, names},
};
use crate::{
    audit,
    platform::{Error, FieldErrors, Refusal, Result, Work},
    signing::{
        CONSENT, Signatory,
        envelope::{EnvelopeView, SignatureRecord, SignerView},
        events::{About, EnvelopeCompleted, EnvelopeSigned},
        jobs::SealEnvelope,
        queries, sealed_text,
    },
};

/// What the signer declares.
#[derive(Clone, Debug, Default)]
pub struct SignEnvelope {
    pub typed_name: String,
    pub title: String,
    pub consent: bool,
    pub consent_version: String,
    /// Of the text they had before them; without it, the text they have read on this server.
    pub document_sha256: Option<String>,
}

/// The record, and whether it is new.
#[derive(Clone, Debug)]
pub struct Signed {
    pub record: SignatureRecord,
    pub is_new: bool,
    /// Nobody is awaited any more.
    pub completed: bool,
}

pub async fn sign(work: &mut Work, who: &Signatory, input: SignEnvelope) -> Result<Signed> {
    let view = queries::locked(work.read(), who.view.id).await?;
    let signer = view.signer(who.contact).cloned().ok_or(Error::NotFound)?;
    if input.document_sha256.as_ref().is_some_and(|sha256| *sha256 != view.sha256) {
        return Err(changed());
    }
    if let Some(record) = queries::record_of(work.read(), &view, signer.id).await? {
        work.counts_as_audited("the same signature again; nothing changed");
        return Ok(Signed { record, is_new: false, completed: view.all_signed() });
    }
    view.may_sign(&signer)?;
    let row = queries::row_of(work.read(), view.id).await?.ok_or(Error::NotFound)?;
    let platform = std::sync::Arc::clone(work.platform());
    if !sealed_text::is_whole(&platform, work.read(), &row).await? {
        tracing::error!(envelope = %view.id, "the text does not match its hash; the signature is refused");
        return Err(changed());
    }
    check(&input)?;
    write(work, who, &view, &signer, &input).await?;
    let now = queries::locked(work.read(), view.id).await?;
    let name = names(work, vec![who.contact], &now).await?.into_iter().next().ok_or(Error::NotFound)?;
    work.tell(&EnvelopeSigned { about: About::of(&now), signer: name, signed: now.signed(), required: now.required() })?;
    let completed = now.all_signed();
    if completed {
        complete(work, &now).await?;
    } else if now.sequential {
        ask_whose_turn_it_is(work, &now).await?;
    }
    let record = queries::record_of(work.read(), &now, signer.id).await?.ok_or(Error::NotFound)?;
    Ok(Signed { record, is_new: true, completed })
}

fn changed() -> Error {
    Refusal::new(
        "document_changed",
        "The document is not the one you had before you.",
        "Open it again, read what changed, and sign the version shown there.",
    )
    .into()
}

fn check(input: &SignEnvelope) -> Result<()> {
    let mut errors = FieldErrors::default();
    let name = input.typed_name.trim();
    if name.chars().filter(|c| c.is_alphabetic()).count() < 2 {
        errors.add("typed_name", "Type your full legal name.");
    } else if name.chars().count() > 200 || name.chars().any(char::is_control) {
        errors.add("typed_name", "The name is at most 200 characters, on one line.");
    }
    let title = input.title.trim();
    if title.is_empty() {
        errors.add("title", "Type your title or role, for example Office Manager.");
    } else if title.chars().count() > 200 || title.chars().any(char::is_control) {
        errors.add("title", "The title is at most 200 characters, on one line.");
    }
    if !input.consent {
        errors.add("consent", "Tick the box to agree to sign electronically.");
    } else if input.consent_version != CONSENT.version {
        errors.add("consent", "The words of the consent have changed. Read them again and tick the box.");
    }
    errors.check()
}

async fn write(work: &mut Work, who: &Signatory, view: &EnvelopeView, signer: &SignerView, input: &SignEnvelope) -> Result<()> {
    let now = work.now();
    let id: SignatureId = work.id();
    signature::ActiveModel {
        id: Set(id),
        tenant_id: Set(view.tenant),
        envelope_id: Set(view.id),
        signer_id: Set(signer.id),
        account_id: Set(who.caller.account),
        typed_name: Set(input.typed_name.trim().to_owned()),
        title: Set(input.title.trim().to_owned()),
        consent_version: Set(CONSENT.version.to_owned()),
        consent_sha256: Set(CONSENT.sha256()),
        document_sha256: Set(view.sha256.clone()),
        version: Set(view.version),
        reading: Set(serde_json::to_string(&signer.reading)?),
        method: Set(who.caller.method.clone()),
        ip: Set(work.actor().ip.clone().unwrap_or_default()),
        user_agent: Set(work.actor().user_agent.clone()),
        signed_at: Set(now),
    }
    .insert(work.write())
    .await?;
    signer::Entity::update_many()
        .col_expr(signer::Column::Status, Expr::value(SignerStatus::Signed.word()))
        .col_expr(signer::Column::SignedAt, Expr::value(now.0))
        .filter(signer::Column::Id.eq(signer.id))
        .exec(work.write())
        .await?;
    let detail = [
        ("signature", json!(id)),
        ("typed_name", json!(input.typed_name.trim())),
        ("title", json!(input.title.trim())),
        ("document_sha256", json!(view.sha256)),
        ("consent_version", json!(CONSENT.version)),
        ("consent_sha256", json!(CONSENT.sha256())),
        ("method", json!(who.caller.method)),
    ];
    let head = attest(work, view, "signed", Some(signer.id), &detail).await?;
    let line = audit::Line::new("envelope.signed", format!("envelope:{}", view.id))
        .tenant(view.tenant)
        .with("source", view.source.clone())
        .with("signer", signer.id.to_string())
        .with("sha256", view.sha256.clone())
        .with("evidence", head);
    audit::record(work, line).await
}

/// The last has signed: the envelope is complete, and the PDF is made right after the commit, by the job at the latest.
async fn complete(work: &mut Work, view: &EnvelopeView) -> Result<()> {
    envelope::Entity::update_many()
        .col_expr(envelope::Column::Status, Expr::value(EnvelopeStatus::Completed.word()))
        .col_expr(envelope::Column::CompletedAt, Expr::value(work.now().0))
        .filter(envelope::Column::Id.eq(view.id))
        .exec(work.write())
        .await?;
    let head = attest(work, view, "completed", None, &[("signatures", json!(view.signed()))]).await?;
    let all = view.signers.iter().filter(|signer| signer.counts()).map(|signer| signer.contact).collect();
    let signers = names(work, all, view).await?;
    work.tell(&EnvelopeCompleted { about: About::of(view), signers })?;
    work.enqueue(&SealEnvelope { tenant: view.tenant, envelope: view.id }).await?;
    let line = audit::Line::new("envelope.completed", format!("envelope:{}", view.id)).tenant(view.tenant).with("evidence", head);
    audit::record(work, line).await
}
