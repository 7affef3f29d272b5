//! `published`, `superseded` → `archived`: inactive, kept for the record, out of the score.

use entity::policies::policy;
use sea_orm::Set;

use super::step::{line, save, take};
use crate::{
    audit,
    platform::{Result, Work},
    policies::{
        access::{Archive, May},
        policy::Verb,
    },
};

pub async fn archive(work: &mut Work, who: &May<Archive>) -> Result<()> {
    let (row, next) = take(work, &who.reader, Verb::Archive).await?;
    let ended = row.ended_at.or(Some(work.now()));
    let mut change: policy::ActiveModel = row.into();
    change.status = Set(next);
    change.ended_at = Set(ended);
    let row = save(work, change).await?;
    audit::record(work, line("policy.archived", &row)).await
}
