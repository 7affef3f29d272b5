//! Declines to sign, with a reason the sender reads.

use entity::signing::{EnvelopeStatus, SignerStatus, envelope, signer};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

use super::{attest::attest, send::names};
use crate::{
    audit,
    platform::{Error, Refusal, Result, Work},
    signing::{
        Signatory,
        events::{About, EnvelopeDeclined},
        queries,
    },
};

/// One who declines ends the envelope; the sender can put another person in their place. Declining twice changes nothing.
pub async fn decline(work: &mut Work, who: &Signatory, reason: &str) -> Result<()> {
    let view = queries::locked(work.read(), who.view.id).await?;
    let signer = view.signer(who.contact).cloned().ok_or(Error::NotFound)?;
    if signer.status == SignerStatus::Declined {
        work.counts_as_audited("it is declined already");
        return Ok(());
    }
    if !signer.is_asked() || view.status != EnvelopeStatus::Sent {
        let sentence = format!("This document can no longer be declined: {}.", view.status.label().to_lowercase());
        return Err(
            Refusal::new("wrong_status", sentence, format!("Write to {} if something is wrong with it.", view.issuer)).into()
        );
    }
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "Say in a sentence why you decline; the sender reads it."));
    }
    if reason.chars().count() > 2_000 {
        return Err(Error::invalid("reason", "The reason is at most 2,000 characters."));
    }
    let now = work.now();
    signer::Entity::update_many()
        .col_expr(signer::Column::Status, Expr::value(SignerStatus::Declined.word()))
        .col_expr(signer::Column::DeclinedAt, Expr::value(now.0))
        .col_expr(signer::Column::DeclineReason, Expr::value(reason))
        .filter(signer::Column::Id.eq(signer.id))
        .exec(work.write())
        .await?;
    envelope::Entity::update_many()
        .col_expr(envelope::Column::Status, Expr::value(EnvelopeStatus::Declined.word()))
        .col_expr(envelope::Column::EndedAt, Expr::value(now.0))
        .col_expr(envelope::Column::EndReason, Expr::value(reason))
        .filter(envelope::Column::Id.eq(view.id))
        .exec(work.write())
        .await?;
    let head = attest(work, &view, "declined", Some(signer.id), &[("reason", json!(reason))]).await?;
    let name = names(work, vec![who.contact], &view).await?.into_iter().next().ok_or(Error::NotFound)?;
    let others = view.signers.iter().filter(|other| other.counts() && other.contact != who.contact);
    let others = names(work, others.map(|other| other.contact).collect(), &view).await?;
    work.tell(&EnvelopeDeclined { about: About::of(&view), signer: name, others })?;
    let line = audit::Line::new("envelope.declined", format!("envelope:{}", view.id)).tenant(view.tenant).with("evidence", head);
    audit::record(work, line).await
}
