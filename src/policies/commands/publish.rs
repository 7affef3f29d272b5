//! The end of the way: published for good, and whatever it replaces is superseded in the same moment.

use entity::{
    policies::{Acknowledgement, PolicyStatus, policy},
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter, Set};

use super::step::{line, save};
use crate::{
    audit,
    platform::{Result, Work},
    policies::{events::PolicyPublished, jobs::LayOutNotice, queries},
};

/// Called once the rule has said yes: by final approval, or by itself where the template makes it automatic.
pub async fn publish(work: &mut Work, row: policy::Model) -> Result<()> {
    let now = work.now();
    if let Some(old) = row.supersedes_id {
        let found = policy::Entity::within(work.read().reach()).filter(policy::Column::Id.eq(old)).one(work.read()).await?;
        if let Some(old) = found.filter(|old| old.status == PolicyStatus::Published) {
            let mut change: policy::ActiveModel = old.into();
            change.status = Set(PolicyStatus::Superseded);
            change.ended_at = Set(Some(now));
            let old = save(work, change).await?;
            audit::record(work, line("policy.superseded", &old).with("by", row.id.to_string())).await?;
        }
    }
    let mut change: policy::ActiveModel = row.into();
    change.status = Set(PolicyStatus::Published);
    change.published_at = Set(Some(now));
    let row = save(work, change).await?;
    audit::record(work, line("policy.published", &row)).await?;
    if row.acknowledgement == Acknowledgement::Informational {
        work.enqueue(&LayOutNotice { tenant: row.tenant_id, policy: row.id, published: true }).await?;
    }
    let about = queries::about(work.read(), &row).await?;
    work.tell(&PolicyPublished { about })
}
