//! Puts another person in a signer's place; the others keep what they have signed.

use entity::{
    ids::{ContactId, EnvelopeId},
    signing::{EnvelopeStatus, SignerStatus, envelope, signer},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

use super::{
    attest::attest,
    send::{add_signer, names},
};
use crate::{
    audit,
    platform::{Error, Refusal, Result, Work},
    signing::{
        events::{About, EnvelopeSent},
        queries,
    },
};

/// The new person takes the place and the position of the old one, reads from the start, and is told. One who declined can be
/// replaced too; the envelope then waits again.
pub async fn replace_signer(work: &mut Work, id: EnvelopeId, from: ContactId, to: ContactId) -> Result<()> {
    let view = queries::locked(work.read(), id).await?;
    if !matches!(view.status, EnvelopeStatus::Sent | EnvelopeStatus::Declined) {
        let sentence = format!("The signers cannot be changed any more: {}.", view.status.label().to_lowercase());
        return Err(Refusal::new("wrong_status", sentence, "Send a new version to other people.").into());
    }
    let old = view.signer(from).ok_or(Error::NotFound)?;
    if old.status == SignerStatus::Signed {
        let sentence = format!("{} has already signed.", old.name);
        return Err(Refusal::new("already_signed", sentence, "A given signature stays; send a new version to other people.").into());
    }
    if view.signer(to).is_some() {
        return Err(Error::invalid("to", "This person is already asked to sign."));
    }
    signer::Entity::update_many()
        .col_expr(signer::Column::Status, Expr::value(SignerStatus::Replaced.word()))
        .filter(signer::Column::Id.eq(old.id))
        .exec(work.write())
        .await?;
    let fresh = add_signer(work, (view.tenant, view.company, id), to, old.position).await?;
    let others_declined = view.signers.iter().any(|other| other.id != old.id && other.status == SignerStatus::Declined);
    if view.status == EnvelopeStatus::Declined && !others_declined {
        envelope::Entity::update_many()
            .col_expr(envelope::Column::Status, Expr::value(EnvelopeStatus::Sent.word()))
            .col_expr(envelope::Column::EndedAt, Expr::value(Option::<i64>::None))
            .col_expr(envelope::Column::EndReason, Expr::value(Option::<String>::None))
            .filter(envelope::Column::Id.eq(id))
            .exec(work.write())
            .await?;
    }
    let now = queries::locked(work.read(), id).await?;
    let detail = [("from", json!(old.email)), ("to", json!(now.signer(to).map(|signer| signer.email.clone())))];
    let head = attest(work, &now, "replaced", Some(fresh), &detail).await?;
    if now.status == EnvelopeStatus::Sent && now.is_turn_of(fresh) {
        let signers = names(work, vec![to], &now).await?;
        work.tell(&EnvelopeSent { about: About::of(&now), signers })?;
    }
    let line = audit::Line::new("envelope.signer_replaced", format!("envelope:{id}"))
        .tenant(view.tenant)
        .with("from", from.to_string())
        .with("to", to.to_string())
        .with("evidence", head);
    audit::record(work, line).await
}
