//! The attorney approves what is in review; the MSP may now send it to the client.

use entity::policies::policy;
use sea_orm::Set;

use super::step::{line, save, take};
use crate::{
    audit,
    platform::{Result, Work},
    policies::{
        access::{Approve, May},
        events::PolicyApproved,
        policy::Verb,
        queries,
    },
};

pub async fn approve(work: &mut Work, who: &May<Approve>) -> Result<()> {
    let (row, next) = take(work, &who.reader, Verb::Approve).await?;
    let mut change: policy::ActiveModel = row.into();
    change.status = Set(next);
    change.approved_at = Set(Some(work.now()));
    change.approved_by_name = Set(Some(who.reader.caller.name.clone()));
    let row = save(work, change).await?;
    audit::record(work, line("policy.approved", &row)).await?;
    let about = queries::about(work.read(), &row).await?;
    work.tell(&PolicyApproved { about })
}
