//! How another program does: asked or left alone, and what is written down of it.

use std::{sync::Arc, time::Duration};

use entity::{Moment, Reach, Unwalled, platform::remote};
use parking_lot::Mutex;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use super::CallError;
use crate::platform::{Actor, Clock, Platform, Result, random};

/// Failures in a row after which nobody is asked any more for a while.
const PATIENCE: u32 = 5;
const REST: i64 = 30 * Moment::SECOND;
/// A success is written down again after this long.
pub(super) const FRESH: i64 = Moment::MINUTE;

#[derive(Default)]
struct Breaker {
    failures: u32,
    resting_until: Option<Moment>,
}

/// One program, whichever way it is spoken to.
pub struct Standing {
    /// As people read it: `PSA`.
    name: &'static str,
    breaker: Mutex<Breaker>,
}

impl Standing {
    pub fn of(name: &'static str) -> Self {
        Self { name, breaker: Mutex::default() }
    }

    /// It is asked next time, however often it failed.
    pub fn wake(&self) {
        self.breaker.lock().resting_until = None;
    }

    /// Whether it is asked now, or left alone.
    pub fn may_ask(&self, now: Moment) -> std::result::Result<(), CallError> {
        let mut breaker = self.breaker.lock();
        match breaker.resting_until {
            Some(until) if now < until => Err(CallError::Resting(until)),
            Some(_) => {
                // One goes ahead; the others wait for what comes of it.
                breaker.resting_until = Some(now.plus(REST));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Counts an answer, or one more failure.
    pub fn count(&self, now: Moment, answered: bool) {
        let mut breaker = self.breaker.lock();
        if answered {
            *breaker = Breaker::default();
            return;
        }
        breaker.failures += 1;
        if breaker.failures >= PATIENCE {
            breaker.resting_until = Some(now.plus(REST));
        }
    }

    /// Writes down what came of a call, for the health pages; that it cannot be is no failure of the call.
    pub async fn write_down(&self, platform: &Arc<Platform>, now: Moment, told: std::result::Result<(), &CallError>) {
        if let Err(error) = self.written(platform, now, told).await {
            tracing::warn!(%error, remote = self.name, "what came of a call cannot be written down");
        }
    }

    async fn written(&self, platform: &Arc<Platform>, now: Moment, told: std::result::Result<(), &CallError>) -> Result<()> {
        let known = seen(platform, self.name).await?;
        let failing = known.as_ref().is_some_and(|row| row.failing_since.is_some());
        let fresh = known.as_ref().and_then(|row| row.last_success_at).is_some_and(|at| now < at.plus(FRESH));
        if told.is_ok() && fresh && !failing {
            return Ok(());
        }
        let mut work = platform.work(Actor::program("remote"), Reach::Everything("other programs belong to no tenant")).await?;
        let row = remote::ActiveModel { name: Set(self.name.to_owned()), ..Default::default() };
        remote::Entity::insert(row)
            .on_conflict(OnConflict::column(remote::Column::Name).do_nothing().to_owned())
            .exec_without_returning(work.write())
            .await?;
        let update = remote::Entity::update_many().filter(remote::Column::Name.eq(self.name));
        let update = match told {
            Ok(()) => update
                .col_expr(remote::Column::LastSuccessAt, Expr::value(now.0))
                .col_expr(remote::Column::FailingSince, Expr::value(Option::<i64>::None)),
            Err(error) => {
                let since = known.and_then(|row| row.failing_since).unwrap_or(now);
                update
                    .col_expr(remote::Column::LastError, Expr::value(error.to_string()))
                    .col_expr(remote::Column::LastErrorAt, Expr::value(now.0))
                    .col_expr(remote::Column::FailingSince, Expr::value(since.0))
            }
        };
        update.exec(work.write()).await?;
        work.counts_as_audited("how another program does is no deed");
        work.commit().await
    }
}

/// What came of the last calls to a service; none where it was never called.
pub async fn seen(platform: &Platform, name: &str) -> Result<Option<remote::Model>> {
    let tx = platform.read(Reach::Everything("other programs belong to no tenant")).await?;
    Ok(remote::Entity::rows().filter(remote::Column::Name.eq(name)).one(&tx).await?)
}

/// How long a failed answer asks to be left alone; not longer than anybody would wait.
pub(in crate::platform) fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds.min(5)))
}

/// The pause before the next try: as asked for, else longer each time, and never the same for two.
pub(in crate::platform) async fn pause(clock: &Clock, tried: u32, asked: Option<Duration>) {
    let jitter = u64::from(random::bytes::<1>()[0]);
    clock.pass(asked.unwrap_or_else(|| Duration::from_millis((100 << tried) + jitter))).await;
}
