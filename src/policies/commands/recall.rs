//! `internal_review → draft`: the MSP takes it back to change something.

use entity::policies::policy;
use sea_orm::Set;

use super::step::{line, save, take};
use crate::{
    audit,
    platform::{Result, Work},
    policies::{
        access::{May, Recall},
        policy::Verb,
    },
};

pub async fn recall(work: &mut Work, who: &May<Recall>) -> Result<()> {
    let (row, next) = take(work, &who.reader, Verb::Recall).await?;
    let mut change: policy::ActiveModel = row.into();
    change.status = Set(next);
    change.approved_at = Set(None);
    change.approved_by_name = Set(None);
    let row = save(work, change).await?;
    audit::record(work, line("policy.recalled", &row)).await
}
