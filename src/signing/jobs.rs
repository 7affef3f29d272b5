//! Sealing after the last signature, also after a crash; reminders by schedule.

use std::sync::Arc;

use entity::{
    Moment, Reach,
    ids::{EnvelopeId, TenantId},
    signing::EnvelopeStatus,
};

use super::{commands, queries};
use crate::platform::{Actor, Error, Job, Lane, Outcome, Platform, Result};

/// Makes the signed PDF and puts it into the vault, unless it is there.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct SealEnvelope {
    pub tenant: TenantId,
    pub envelope: EnvelopeId,
}

impl Job for SealEnvelope {
    const KIND: &'static str = "seal_envelope";
    const LANE: Lane = Lane { name: "sealing", places: 1 };

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        commands::seal::seal(platform, self.tenant, self.envelope).await?;
        Ok(Outcome::Done)
    }
}

/// Reminds those awaited, and plans the next round.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct RemindSigners {
    pub tenant: TenantId,
    pub envelope: EnvelopeId,
    pub round: u32,
}

/// After so many reminders the machine leaves it to people.
const ROUNDS: u32 = 12;

impl RemindSigners {
    /// The first reminder: after the days given, or the day before the deadline where that is sooner.
    pub(super) fn first(now: Moment, days: Option<i32>, deadline: Option<Moment>) -> Option<Moment> {
        let by_days = days.filter(|days| *days > 0).map(|days| now.plus(i64::from(days) * Moment::DAY));
        let by_deadline = deadline.map(commands::send::day_before).filter(|at| *at > now);
        by_days.into_iter().chain(by_deadline).min()
    }
}

impl Job for RemindSigners {
    const KIND: &'static str = "remind_signers";

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        let mut work = platform.work(Actor::program("job remind_signers"), Reach::Tenants(vec![self.tenant])).await?;
        let Some(row) = queries::row_of(work.read(), self.envelope).await? else {
            return Ok(Outcome::GiveUp { reason: "the envelope is gone".to_owned() });
        };
        if row.status != EnvelopeStatus::Sent {
            return Ok(Outcome::Done);
        }
        match commands::remind::remind(&mut work, self.envelope).await {
            Ok(()) => {}
            // Somebody pressed the button within the hour: the next round comes all the same.
            Err(Error::Refused(refusal)) if refusal.code == "reminded_just_now" => {
                work.counts_as_audited("nobody was reminded");
            }
            Err(error) => return Err(error),
        }
        let next = Self::first(work.now(), row.reminder_days, row.deadline);
        if let Some(at) = next.filter(|_| self.round < ROUNDS) {
            work.enqueue_at(&Self { round: self.round + 1, ..self }, at).await?;
        }
        work.commit().await?;
        Ok(Outcome::Done)
    }
}
