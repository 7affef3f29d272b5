//! Asks once more those whose signature is awaited.

use entity::{
    Moment,
    ids::{EnvelopeId, SignerId},
    signing::{EnvelopeStatus, signer},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

use super::{attest::attest, send::names};
use crate::{
    audit,
    platform::{Refusal, Result, Work},
    signing::{
        events::{About, EnvelopeReminded},
        queries,
    },
};

/// Nobody is reminded more often than this.
const NOT_BEFORE: i64 = Moment::HOUR;

/// Reminds those who can sign now; bell and mail go out by the event.
pub async fn remind(work: &mut Work, id: EnvelopeId) -> Result<()> {
    let view = queries::locked(work.read(), id).await?;
    if view.status != EnvelopeStatus::Sent {
        let sentence = format!("Nobody is awaited any more: {}.", view.status.label().to_lowercase());
        return Err(Refusal::new("wrong_status", sentence, "There is nothing to remind of.").into());
    }
    let now = work.now();
    let due = |at: Option<Moment>| at.is_none_or(|at| now.since(at) >= NOT_BEFORE);
    let turn: Vec<_> = view.turn().into_iter().filter(|signer| due(signer.reminded_at)).collect();
    if turn.is_empty() {
        return Err(Refusal::new(
            "reminded_just_now",
            "Everybody awaited was reminded less than an hour ago.",
            "Wait a little; the next reminder can go out in an hour.",
        )
        .into());
    }
    let ids: Vec<SignerId> = turn.iter().map(|signer| signer.id).collect();
    let emails: Vec<&str> = turn.iter().map(|signer| signer.email.as_str()).collect();
    let signers = names(work, turn.iter().map(|signer| signer.contact).collect(), &view).await?;
    signer::Entity::update_many()
        .col_expr(signer::Column::RemindedAt, Expr::value(now.0))
        .filter(signer::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .exec(work.write())
        .await?;
    let head = attest(work, &view, "reminded", None, &[("signers", json!(emails))]).await?;
    work.tell(&EnvelopeReminded { about: About::of(&view), signers })?;
    let line = audit::Line::new("envelope.reminded", format!("envelope:{id}"))
        .tenant(view.tenant)
        .with("signers", ids.len())
        .with("evidence", head);
    audit::record(work, line).await
}
