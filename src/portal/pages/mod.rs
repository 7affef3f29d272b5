//! The portal's pages.

pub mod dashboard;
pub mod documents;
pub mod messages;
pub mod sign;
pub mod team;

use entity::{Moment, ids::TenantId, signing::EnvelopeStatus};

use super::access::Document;
use crate::{
    platform::{
        Result, Tx,
        web::{Answer, Ask, see_other},
    },
    signing::{EnvelopeView, ForContact, Onlooker, Standing, last_day_words},
    tenancy,
};

/// One document in a list.
pub struct Item {
    pub href: String,
    pub title: String,
    pub issuer: String,
    pub version: i32,
    /// `Issued today`, `Issued 3 days ago`
    pub age: String,
    /// `5 Dec 2026`: the last day for signing, where the MSP is.
    pub due: Option<String>,
    pub overdue: bool,
    /// The deadline is within three days.
    pub soon: bool,
    /// It is not yet this person's turn: who signs first.
    pub waits_for: Option<String>,
    pub percent: i32,
    /// When this person signed or declined it, or, looking on, when all had signed.
    pub signed: Option<Moment>,
    pub mine: bool,
    /// How many have signed, where some are still awaited.
    pub awaited: Option<String>,
    /// Who declined to sign it: `You`, or a name.
    pub declined: Option<String>,
    pub pdf: Option<String>,
}

impl Item {
    pub fn new(found: &ForContact, now: Moment, zone: &str) -> Self {
        let view = &found.view;
        let waits_for = match &found.signer {
            Some(signer) if signer.is_asked() && !found.is_turn => view.turn().first().map(|other| other.name.clone()),
            _ => None,
        };
        Self {
            href: href(view),
            title: view.title.clone(),
            issuer: view.issuer.clone(),
            version: view.version,
            age: age(view.sent_at, now),
            due: view.deadline.map(|at| last_day_words(at, zone)),
            overdue: view.is_overdue(now),
            soon: view.deadline.is_some_and(|at| at >= now && at.since(now) < 3 * Moment::DAY),
            waits_for,
            percent: found.signer.as_ref().map_or(0, |signer| signer.reading.percent()),
            signed: found.signer.as_ref().and_then(|signer| signer.signed_at.or(signer.declined_at)).or(view.completed_at),
            mine: found.signer.as_ref().is_some_and(|signer| signer.signed_at.is_some()),
            declined: declined_by(found),
            awaited: (view.status == EnvelopeStatus::Sent && !view.all_signed())
                .then(|| format!("{} of {} signed", view.signed(), view.required())),
            pdf: pdf(view),
        }
    }
}

/// Who ended it by declining, as the person who looks reads it.
fn declined_by(found: &ForContact) -> Option<String> {
    match &found.signer {
        Some(signer) if signer.declined_at.is_some() => Some("You".to_owned()),
        _ => found.view.declined_by().map(|signer| signer.name.clone()),
    }
}

/// The zone in which the MSP's days begin and end.
pub async fn zone(tx: &Tx, tenant: TenantId) -> Result<String> {
    Ok(tenancy::tenant(tx, tenant).await?.map(|tenant| tenant.zone).unwrap_or_default())
}

/// Where the document is read and signed.
pub fn href(view: &EnvelopeView) -> String {
    let id = view.source.split_once(':').map_or(view.source.as_str(), |(_, id)| id);
    format!("/portal/documents/{id}/sign")
}

/// The signed PDF in the vault, once it is there.
pub fn pdf(view: &EnvelopeView) -> Option<String> {
    view.sealed_document.map(|document| format!("/portal/files/{document}/download"))
}

fn age(sent: Moment, now: Moment) -> String {
    match now.since(sent) / Moment::DAY {
        ..=0 => "Issued today".to_owned(),
        1 => "Issued yesterday".to_owned(),
        days => format!("Issued {days} days ago"),
    }
}

/// The view of whoever looks.
pub fn view(standing: &Standing) -> &EnvelopeView {
    match standing {
        Standing::Signatory(signatory) => &signatory.view,
        Standing::Onlooker(Onlooker { view, .. }) => view,
    }
}

/// The address of a form about a document, opened by itself: to the document it stands under.
pub async fn to_document(ask: Ask<Document>) -> Answer {
    see_other(href(view(&ask.who.standing))).answer()
}
