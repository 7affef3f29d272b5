//! The billing day, in the tenant's zone; and the nightly look after everything that money waits for.

use std::sync::Arc;

use entity::{
    Moment, Reach,
    ids::{RetainerId, TenantId},
    retainers::retainer,
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::{Mandate, commands::bill_months::bill_months};
use crate::{
    payments,
    platform::{Actor, Error, Job, Outcome, Platform, Result},
};

/// Bills what has ended, and comes again on the next billing day.
#[derive(Debug, Serialize, Deserialize)]
pub struct BillRetainer {
    pub tenant: TenantId,
    pub retainer: RetainerId,
}

impl Job for BillRetainer {
    const KIND: &'static str = "bill_retainer";

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        bill(platform, &self, true).await?;
        Ok(Outcome::Done)
    }
}

async fn bill(platform: &Arc<Platform>, which: &BillRetainer, again: bool) -> Result<()> {
    let mut work = platform.work(Actor::program("billing day"), Reach::Tenants(vec![which.tenant])).await?;
    let mandate = match Mandate::of(work.read(), which.retainer).await {
        Ok(mandate) => mandate,
        Err(Error::NotFound) => return Ok(()),
        Err(other) => return Err(other),
    };
    let next = bill_months(&mut work, &mandate).await?;
    if let Some(at) = next.filter(|_| again) {
        work.enqueue_at(which, at).await?;
    }
    work.commit().await
}

/// Every accepted retainer, whether its job came or not; then the books against Stripe.
pub async fn nightly(platform: &Arc<Platform>) -> Result<()> {
    let tx = platform.read(Reach::Everything("every retainer is looked at once a night")).await?;
    let rows = retainer::Entity::within(tx.reach()).filter(retainer::Column::AcceptedAt.is_not_null()).all(&tx).await?;
    drop(tx);
    for row in rows {
        if let Err(error) = bill(platform, &BillRetainer { tenant: row.tenant_id, retainer: row.id }, false).await {
            tracing::error!(%error, retainer = %row.id, "a retainer could not be billed");
        }
    }
    if let Some(seen) = payments::reconcile(platform, Actor::program("nightly reconciliation"), "nightly").await?
        && !seen.differences.is_empty()
    {
        tracing::error!(differences = seen.differences.len(), "our books and Stripe differ: see /operator/payouts");
    }
    Ok(())
}

/// At 03:00 UTC, until the end of the process.
pub async fn every_night(platform: Arc<Platform>) {
    loop {
        let now = platform.clock.now();
        let at = now.0.div_euclid(Moment::DAY) * Moment::DAY + 3 * Moment::HOUR;
        let next = if at > now.0 { at } else { at + Moment::DAY };
        // In steps, so that a machine that slept does not sleep on.
        while platform.clock.now().0 < next {
            tokio::time::sleep(std::time::Duration::from_secs(60)).await;
        }
        if let Err(error) = nightly(&platform).await {
            tracing::error!(%error, "the nightly look at payments failed; tomorrow again, or `one-legal reconcile` now");
        }
    }
}
