//! Shells around commands: a settlement goes on at its moment, a stored webhook is worked off.

use std::sync::Arc;

use entity::{
    Moment, Reach,
    ids::{SettlementId, TenantId},
    payments::settlement,
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::commands::{
    advance::{Left, advance},
    mail_statements::mail_statements,
    reconcile::reconcile,
    work_webhooks::work_webhooks,
};
use crate::platform::{Actor, Job, Lane, Outcome, Platform, Result};

/// A settlement goes on.
#[derive(Debug, Serialize, Deserialize)]
pub struct Advance {
    pub settlement: SettlementId,
    /// For which of its moments; none where something was told of it. Another moment may have taken its place.
    pub due: Option<Moment>,
}

impl Job for Advance {
    const KIND: &'static str = "advance_settlement";
    const LANE: Lane = Lane { name: "stripe", places: 1 };

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        if let Some(due) = self.due {
            let tx = platform.read(Reach::Everything("a settlement goes on by its schedule")).await?;
            let row = settlement::Entity::within(tx.reach()).filter(settlement::Column::Id.eq(self.settlement)).one(&tx).await?;
            // A later moment has its own job. One without a moment may be a step that a dead process left in the middle.
            if row.is_none_or(|row| row.next_at.is_some_and(|at| at > due)) {
                return Ok(Outcome::Done);
            }
        }
        Ok(match advance(platform, self.settlement).await? {
            Left::Resting => Outcome::Done,
            Left::LookAgain(at) => Outcome::Retry { at, reason: "Stripe did not answer clearly".to_owned() },
        })
    }
}

/// What these webhooks point at is looked at.
#[derive(Debug, Serialize, Deserialize)]
pub struct WorkWebhooks {
    pub events: Vec<String>,
}

impl Job for WorkWebhooks {
    const KIND: &'static str = "work_webhooks";
    const LANE: Lane = Lane { name: "stripe", places: 1 };

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        work_webhooks(platform, &self.events).await?;
        Ok(Outcome::Done)
    }
}

/// The books are compared with Stripe's because somebody asked.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReconcileNow {
    pub by: String,
}

impl Job for ReconcileNow {
    const KIND: &'static str = "reconcile_now";
    const LANE: Lane = Lane { name: "stripe", places: 1 };

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        reconcile(platform, Actor::program("reconciliation"), &self.by).await?;
        Ok(Outcome::Done)
    }
}

/// A month of a tenant has ended: both sides are told its sums, and the next month waits.
#[derive(Debug, Serialize, Deserialize)]
pub struct MailStatements {
    pub tenant: TenantId,
    /// `2026-03`
    pub month: String,
}

impl MailStatements {
    /// So long after a month's end; nobody wants it at midnight.
    pub const AFTER: i64 = 7 * Moment::HOUR;
}

impl Job for MailStatements {
    const KIND: &'static str = "mail_statements";

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        mail_statements(platform, &self).await?;
        Ok(Outcome::Done)
    }
}
