//! Any status before `published` → `cancelled`, with a reason; whoever was asked to sign no longer can.

use entity::policies::{PolicyStatus, policy};
use sea_orm::Set;

use super::step::{line, save, take};
use crate::{
    audit,
    platform::{Error, Result, Work},
    policies::{
        access::{Cancel, May},
        crypt,
        draft::clean,
        events::PolicyCancelled,
        policy::Verb,
        queries,
    },
    signing,
};

pub async fn cancel(work: &mut Work, who: &May<Cancel>, reason: &str) -> Result<()> {
    let (row, next) = take(work, &who.reader, Verb::Cancel).await?;
    let reason = clean(reason);
    if reason.is_empty() || reason.chars().count() > 1_000 {
        return Err(Error::invalid("reason", "Say why, in at most 1,000 characters."));
    }
    let key = crypt::key_of(work.platform(), work.read(), &row).await?;
    if let Some(envelope) = row.envelope_id.filter(|_| row.status == PolicyStatus::ClientReview) {
        // The reason is the firm's own: the signers read only that it was withdrawn.
        signing::void(work, envelope, "The policy was cancelled.").await?;
    }
    let mut change: policy::ActiveModel = row.into();
    change.status = Set(next);
    change.ended_at = Set(Some(work.now()));
    change.reason = Set(Some(key.seal("reason", &reason)?));
    let row = save(work, change).await?;
    audit::record(work, line("policy.cancelled", &row)).await?;
    let about = queries::about(work.read(), &row).await?;
    work.tell(&PolicyCancelled { about })
}
