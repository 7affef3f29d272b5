//! Sends a text to its signers.

use entity::{
    Moment,
    ids::{CompanyId, ContactId, EnvelopeId, SignerId, TenantId},
    signing::{EnvelopeStatus, SignerStatus, envelope, signer},
};
use sea_orm::{ActiveModelTrait, Set};
use serde_json::json;

use super::attest::attest;
use crate::{
    audit,
    platform::{Error, FieldErrors, Refusal, Result, Work, secret},
    signing::{
        envelope::{EnvelopeView, NewEnvelope},
        events::{About, EnvelopeSent, SignerName},
        jobs::RemindSigners,
        queries, sealed_text, text,
    },
    tenancy,
};

/// Cleans, hashes and seals the text, asks the signers, and plans the reminders. The caller has judged that it may be sent.
pub async fn send(work: &mut Work, input: NewEnvelope) -> Result<EnvelopeId> {
    let text = text::clean(&input.text_html);
    check(&input, &text)?;
    let before = queries::envelope_of(work.read(), &input.source).await?;
    if before.is_some_and(|view| view.version == input.version && view.status == EnvelopeStatus::Sent) {
        return Err(Refusal::new(
            "already_sent",
            "This version already waits for signatures.",
            "Withdraw the request first, or remind the signers.",
        )
        .into());
    }
    let id: EnvelopeId = work.id();
    let now = work.now();
    let (key_id, sealed) = sealed_text::close(work, input.tenant, id, &text).await?;
    envelope::ActiveModel {
        id: Set(id),
        tenant_id: Set(input.tenant),
        company_id: Set(input.company),
        title: Set(input.title.trim().to_owned()),
        issuer: Set(input.issuer),
        source: Set(input.source),
        version: Set(input.version),
        status: Set(EnvelopeStatus::Sent),
        text: Set(sealed),
        key_id: Set(key_id),
        sha256: Set(secret::sha256_hex(text.as_bytes())),
        sequential: Set(input.sequential),
        scroll_to_end: Set(input.scroll_to_end),
        deadline: Set(input.deadline),
        reminder_days: Set(input.reminders_days.filter(|days| *days > 0)),
        sent_at: Set(now),
        completed_at: Set(None),
        ended_at: Set(None),
        end_reason: Set(None),
        sealed_document: Set(None),
    }
    .insert(work.write())
    .await?;
    for (position, contact) in (1..).zip(&input.signers) {
        add_signer(work, (input.tenant, input.company, id), *contact, position).await?;
    }
    let view = queries::locked(work.read(), id).await?;
    let emails: Vec<&str> = view.signers.iter().map(|signer| signer.email.as_str()).collect();
    let detail = [("sha256", json!(view.sha256)), ("version", json!(view.version)), ("signers", json!(emails))];
    let head = attest(work, &view, "sent", None, &detail).await?;
    ask_whose_turn_it_is(work, &view).await?;
    if let Some(at) = RemindSigners::first(now, input.reminders_days, input.deadline) {
        work.enqueue_at(&RemindSigners { tenant: view.tenant, envelope: id, round: 1 }, at).await?;
    }
    let line = audit::Line::new("envelope.sent", format!("envelope:{id}"))
        .tenant(view.tenant)
        .with("source", view.source.clone())
        .with("sha256", view.sha256.clone())
        .with("signers", view.signers.len())
        .with("evidence", head);
    audit::record(work, line).await?;
    Ok(id)
}

fn check(input: &NewEnvelope, text: &str) -> Result<()> {
    let mut errors = FieldErrors::default();
    if input.title.trim().is_empty() {
        errors.add("title", "Give the document a title.");
    }
    if text::is_blank(text) {
        errors.add("text", "The document has no text.");
    }
    if input.signers.is_empty() {
        errors.add("signers", "Choose at least one person to sign.");
    }
    let mut known = input.signers.clone();
    known.sort_unstable();
    known.dedup();
    if known.len() != input.signers.len() {
        errors.add("signers", "Each person is asked once.");
    }
    errors.check()
}

/// A new place among the signers, with the contact's name and e-mail as they are now.
pub(super) async fn add_signer(
    work: &mut Work,
    (tenant, company, envelope): (TenantId, CompanyId, EnvelopeId),
    contact: ContactId,
    position: i32,
) -> Result<SignerId> {
    let contact = tenancy::contact_in(work.read(), contact)
        .await?
        .filter(|contact| contact.tenant_id == tenant && contact.company_id == company)
        .ok_or_else(|| Error::invalid("signers", "A signer is a contact of this client."))?;
    let id: SignerId = work.id();
    signer::ActiveModel {
        id: Set(id),
        tenant_id: Set(tenant),
        envelope_id: Set(envelope),
        contact_id: Set(contact.id),
        name: Set(contact.name),
        email: Set(contact.email),
        position: Set(position),
        status: Set(SignerStatus::Waiting),
        furthest: Set(0),
        parts: Set("{}".to_owned()),
        started_at: Set(None),
        reached_end_at: Set(None),
        signed_at: Set(None),
        declined_at: Set(None),
        decline_reason: Set(None),
        reminded_at: Set(None),
        created_at: Set(work.now()),
    }
    .insert(work.write())
    .await?;
    Ok(id)
}

/// Tells those who can sign now: all, or the next in order.
pub(super) async fn ask_whose_turn_it_is(work: &mut Work, view: &EnvelopeView) -> Result<()> {
    let signers = names(work, view.turn().into_iter().map(|signer| signer.contact).collect(), view).await?;
    if signers.is_empty() { Ok(()) } else { work.tell(&EnvelopeSent { about: About::of(view), signers }) }
}

/// The signers among these contacts, with the accounts they have by now.
pub(super) async fn names(work: &Work, contacts: Vec<ContactId>, view: &EnvelopeView) -> Result<Vec<SignerName>> {
    let mut names = Vec::with_capacity(contacts.len());
    for contact in contacts {
        if let Some(signer) = view.signer(contact) {
            let account = tenancy::contact_in(work.read(), contact).await?.and_then(|contact| contact.account_id);
            names.push(SignerName::new(signer, account));
        }
    }
    Ok(names)
}

/// The moment by which a deadline's own reminder goes out: a day before.
pub(in crate::signing) fn day_before(deadline: Moment) -> Moment {
    deadline.plus(-Moment::DAY)
}
