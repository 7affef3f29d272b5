//! Withdraws a request for signatures.

use entity::{
    ids::EnvelopeId,
    signing::{EnvelopeStatus, envelope},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

use super::{attest::attest, send::names};
use crate::{
    audit,
    platform::{Refusal, Result, Work},
    signing::{
        events::{About, EnvelopeVoided},
        queries,
    },
};

/// Nobody can sign it any more; signatures given stay on record. Voiding twice changes nothing.
pub async fn void(work: &mut Work, id: EnvelopeId, reason: &str) -> Result<()> {
    let view = queries::locked(work.read(), id).await?;
    match view.status {
        EnvelopeStatus::Voided => {
            work.counts_as_audited("it is withdrawn already");
            return Ok(());
        }
        EnvelopeStatus::Completed => {
            return Err(Refusal::new(
                "wrong_status",
                "Everybody has signed this document; it cannot be withdrawn.",
                "Publish a new version that supersedes it.",
            )
            .into());
        }
        EnvelopeStatus::Sent | EnvelopeStatus::Declined => {}
    }
    let asked = view.signers.iter().filter(|signer| signer.counts()).map(|signer| signer.contact).collect();
    let signers = names(work, asked, &view).await?;
    envelope::Entity::update_many()
        .col_expr(envelope::Column::Status, Expr::value(EnvelopeStatus::Voided.word()))
        .col_expr(envelope::Column::EndedAt, Expr::value(work.now().0))
        .col_expr(envelope::Column::EndReason, Expr::value(reason))
        .filter(envelope::Column::Id.eq(id))
        .exec(work.write())
        .await?;
    let head = attest(work, &view, "voided", None, &[("reason", json!(reason))]).await?;
    work.tell(&EnvelopeVoided { about: About::of(&view), signers })?;
    let line = audit::Line::new("envelope.voided", format!("envelope:{id}")).tenant(view.tenant).with("evidence", head);
    audit::record(work, line).await
}
