//! Keeps how far the signer has read. The same report again, or an older one, changes nothing.

use entity::signing::{EnvelopeStatus, SignerStatus, signer};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

use super::{attest::attest, send::names};
use crate::{
    audit,
    platform::{Error, Refusal, Result, Work},
    signing::{
        Signatory,
        envelope::SignerView,
        events::{About, EnvelopeViewed},
        queries,
        reading::Reading,
        sealed_text, text,
    },
};

/// The first report says that the document was opened. Answers the signer as the server knows them now.
pub async fn record_reading(work: &mut Work, who: &Signatory, document_sha256: &str, reported: &Reading) -> Result<SignerView> {
    let view = queries::locked(work.read(), who.view.id).await?;
    let signer = view.signer(who.contact).cloned().ok_or(Error::NotFound)?;
    if document_sha256 != view.sha256 {
        return Err(Refusal::new("document_changed", "This is not the text you were sent last.", "Open the document again.").into());
    }
    work.counts_as_audited("reading has its own chain of evidence; opening is recorded below");
    if view.status != EnvelopeStatus::Sent || !signer.is_asked() {
        return Ok(signer);
    }
    let row = queries::row_of(work.read(), view.id).await?.ok_or(Error::NotFound)?;
    let platform = std::sync::Arc::clone(work.platform());
    let parts = text::parts(&sealed_text::open(&platform, work.read(), &row).await?).len();
    let sum = signer.reading.with(reported, parts);
    if sum == signer.reading && signer.started_at.is_some() {
        return Ok(signer);
    }
    let now = work.now();
    let started = signer.started_at.unwrap_or(now);
    let reached = signer.reached_end_at.or_else(|| sum.at_end().then_some(now));
    signer::Entity::update_many()
        .col_expr(signer::Column::Status, Expr::value(SignerStatus::Reading.word()))
        .col_expr(signer::Column::Furthest, Expr::value(sum.furthest))
        .col_expr(signer::Column::Parts, Expr::value(serde_json::to_string(&sum.parts)?))
        .col_expr(signer::Column::StartedAt, Expr::value(started.0))
        .col_expr(signer::Column::ReachedEndAt, Expr::value(reached.map(|at| at.0)))
        .filter(signer::Column::Id.eq(signer.id))
        .exec(work.write())
        .await?;
    if signer.started_at.is_none() {
        let head = attest(work, &view, "viewed", Some(signer.id), &[("sha256", json!(view.sha256))]).await?;
        let name = names(work, vec![who.contact], &view).await?.into_iter().next().ok_or(Error::NotFound)?;
        work.tell(&EnvelopeViewed { about: About::of(&view), signer: name })?;
        let line = audit::Line::new("envelope.viewed", format!("envelope:{}", view.id)).tenant(view.tenant).with("evidence", head);
        audit::record(work, line).await?;
    }
    for percent in sum.milestones(&signer.reading) {
        attest(work, &view, "progress", Some(signer.id), &[("percent", json!(percent)), ("seconds", json!(sum.seconds()))]).await?;
    }
    Ok(SignerView { status: SignerStatus::Reading, reading: sum, started_at: Some(started), reached_end_at: reached, ..signer })
}
