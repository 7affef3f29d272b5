//! Somebody signed: when all have, the policy goes on to final approval, in the same transaction as the last signature.

use entity::{
    ids::PolicyId,
    policies::{PolicyStatus, policy},
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, Set};

use super::{
    publish::publish,
    step::{line, save},
};
use crate::{
    audit,
    platform::{Error, Result, Work},
    policies::{events::PolicyFullySigned, queries},
    signing,
};

/// `client_review → final_approval` once every signer has signed, and on to `published` where the template makes that
/// automatic; anything else is left as it is.
pub async fn after_signature(work: &mut Work, id: PolicyId) -> Result<()> {
    let found =
        policy::Entity::within(work.read().reach()).filter(policy::Column::Id.eq(id)).lock_exclusive().one(work.read()).await?;
    let row = found.ok_or(Error::NotFound)?;
    let Some(envelope) = row.envelope_id else { return Ok(()) };
    if row.status != PolicyStatus::ClientReview || !signing::all_signed(work.read(), envelope).await? {
        return Ok(());
    }
    let now = work.now();
    let mut change: policy::ActiveModel = row.into();
    change.status = Set(PolicyStatus::FinalApproval);
    change.signed_at = Set(Some(now));
    let row = save(work, change).await?;
    audit::record(work, line("policy.fully_signed", &row)).await?;
    if row.automatic {
        return publish(work, row).await;
    }
    let about = queries::about(work.read(), &row).await?;
    work.tell(&PolicyFullySigned { about })
}
