//! Jobs: a row written in the command's transaction, done after the commit, also after a crash.
//!
//! A runner takes a job by a lease; if it dies, the lease runs out and another takes it. So every job is idempotent.

use std::{collections::HashMap, future::Future, pin::Pin, sync::Arc, time::Duration};

use entity::{
    Moment, Reach, Unwalled,
    platform::job::{self, JobStatus},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::Notify;

use super::{Actor, Platform, Result};

/// What came of one attempt.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Retry {
        at: Moment,
        reason: String,
    },
    /// No more attempts: why, and whose turn it is.
    GiveUp {
        reason: String,
    },
}

/// Something to be done after a commit: a small shell around a command.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    const KIND: &'static str;
    /// `attempt` is 1 the first time. An `Err` is retried later, up to ten times.
    fn run(self, platform: &Arc<Platform>, attempt: i32) -> impl Future<Output = Result<Outcome>> + Send;
}

type Runner = Box<dyn Fn(Arc<Platform>, Vec<u8>, i32) -> Pin<Box<dyn Future<Output = Result<Outcome>> + Send>> + Send + Sync>;

/// The table of job kinds; `app` fills it.
#[derive(Default)]
pub struct Jobs {
    runners: HashMap<&'static str, Runner>,
    nudge: Arc<Notify>,
}

const LEASE: i64 = 2 * Moment::MINUTE;
const ATTEMPTS: i32 = 10;
const AT_ONCE: u64 = 16;

impl Jobs {
    pub fn with<J: Job>(mut self) -> Self {
        let run: Runner = Box::new(|platform, payload, attempt| {
            Box::pin(async move {
                let job: J = serde_json::from_slice(&payload)?;
                job.run(&platform, attempt).await
            })
        });
        self.runners.insert(J::KIND, run);
        self
    }

    /// There may be something to do.
    pub fn nudge(&self) {
        self.nudge.notify_one();
    }

    /// Runs what is due until nothing is; answers how many ran. Tests step with it.
    pub async fn run_due(platform: &Arc<Platform>) -> Result<usize> {
        let mut ran = 0;
        loop {
            let due = Self::due(platform).await?;
            if due.is_empty() {
                return Ok(ran);
            }
            for job in due {
                if Self::claim(platform, &job).await? {
                    Self::run_one(platform, job).await?;
                    ran += 1;
                }
            }
        }
    }

    /// Runs until the end of the process.
    pub async fn run_forever(platform: Arc<Platform>) {
        let nudge = Arc::clone(&platform.jobs.nudge);
        loop {
            if let Err(error) = Self::run_due(&platform).await {
                tracing::error!(%error, "jobs cannot be read");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            let _ = tokio::time::timeout(Duration::from_secs(1), nudge.notified()).await;
        }
    }

    async fn due(platform: &Platform) -> Result<Vec<job::Model>> {
        let now = platform.clock.now();
        let tx = platform.read(Reach::Everything("jobs belong to no tenant")).await?;
        Ok(job::Entity::rows()
            .filter(
                Condition::any()
                    .add(Condition::all().add(job::Column::Status.eq(JobStatus::Queued)).add(job::Column::RunAt.lte(now)))
                    .add(Condition::all().add(job::Column::Status.eq(JobStatus::Running)).add(job::Column::LeasedUntil.lt(now))),
            )
            .order_by_asc(job::Column::RunAt)
            .order_by_asc(job::Column::CreatedAt)
            .order_by_asc(job::Column::Id)
            .limit(AT_ONCE)
            .all(&tx)
            .await?)
    }

    /// True for exactly one runner.
    async fn claim(platform: &Arc<Platform>, job: &job::Model) -> Result<bool> {
        let now = platform.clock.now();
        let mut work = platform.work(Actor::program("jobs"), Reach::Everything("jobs belong to no tenant")).await?;
        let taken = job::Entity::update_many()
            .col_expr(job::Column::Status, Expr::value(JobStatus::Running.word()))
            .col_expr(job::Column::LeasedUntil, Expr::value(now.plus(LEASE).0))
            .col_expr(job::Column::Attempts, Expr::value(job.attempts + 1))
            .filter(job::Column::Id.eq(job.id))
            .filter(job::Column::Attempts.eq(job.attempts))
            .exec(work.write())
            .await?
            .rows_affected;
        work.counts_as_audited("a job's lease is a clock");
        work.commit().await?;
        Ok(taken == 1)
    }

    async fn run_one(platform: &Arc<Platform>, job: job::Model) -> Result<()> {
        let attempt = job.attempts + 1;
        let outcome = match platform.jobs.runners.get(job.kind.as_str()) {
            None => Ok(Outcome::GiveUp { reason: format!("no runner for jobs of kind {}", job.kind) }),
            Some(run) => match platform.keyring.open_sealed("job", job.id.0.as_bytes(), &job.payload) {
                Ok(payload) => run(Arc::clone(platform), payload.to_vec(), attempt).await,
                Err(error) => Ok(Outcome::GiveUp { reason: error.to_string() }),
            },
        };
        let now = platform.clock.now();
        let (status, run_at, error) = match outcome {
            Ok(Outcome::Done) => (JobStatus::Done, job.run_at, None),
            Ok(Outcome::Retry { at, reason }) => (JobStatus::Queued, at, Some(reason)),
            Ok(Outcome::GiveUp { reason }) => (JobStatus::GaveUp, job.run_at, Some(reason)),
            Err(error) if attempt < ATTEMPTS => {
                let wait = Moment::SECOND << attempt.min(12);
                (JobStatus::Queued, now.plus(wait), Some(error.to_string()))
            }
            Err(error) => (JobStatus::GaveUp, job.run_at, Some(error.to_string())),
        };
        if let Some(error) = &error {
            tracing::warn!(job = %job.id, kind = job.kind, attempt, status = status.word(), error, "job did not finish");
        }
        let mut work = platform.work(Actor::program("jobs"), Reach::Everything("jobs belong to no tenant")).await?;
        let mut update = job::Entity::update_many()
            .col_expr(job::Column::Status, Expr::value(status.word()))
            .col_expr(job::Column::RunAt, Expr::value(run_at.0))
            .col_expr(job::Column::LeasedUntil, Expr::value(Option::<i64>::None))
            .col_expr(job::Column::LastError, Expr::value(error))
            .filter(job::Column::Id.eq(job.id))
            .filter(job::Column::Attempts.eq(attempt));
        if matches!(status, JobStatus::Done | JobStatus::GaveUp) {
            update = update.col_expr(job::Column::FinishedAt, Expr::value(now.0));
        }
        if status == JobStatus::Done {
            // What was in it (a link, a mail) has served.
            update = update.col_expr(job::Column::Payload, Expr::value(Vec::<u8>::new()));
        }
        update.exec(work.write()).await?;
        work.counts_as_audited("a job's outcome is its own log");
        work.commit().await
    }
}
