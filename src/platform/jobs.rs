//! Jobs: a row written in the command's transaction, done after the commit, also after a crash.
//!
//! A runner takes a job by a lease; if it dies, the lease runs out and another takes it. So every job is idempotent.

use std::{
    collections::HashMap,
    future::Future,
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use entity::{
    Moment, Reach, Unwalled,
    platform::job::{self, JobStatus},
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    sync::watch,
    task::{self, JoinSet},
};

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

/// Jobs of one lane share its places, and wait for nobody else: a mail server that hangs holds up mails alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lane {
    pub name: &'static str,
    /// So many of its jobs run at once in this process.
    pub places: usize,
}

impl Lane {
    /// The product's own work, which asks nobody outside.
    pub const DESK: Self = Self { name: "desk", places: 1 };

    /// Calls to this other program.
    pub const fn program(name: &'static str) -> Self {
        Self { name, places: 2 }
    }
}

/// Something to be done after a commit: a small shell around a command.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    const KIND: &'static str;
    const LANE: Lane = Lane::DESK;
    /// Jobs with the same word here are done one at a time, whoever is first due; those with none as their lane has places.
    fn queue(&self) -> Option<String> {
        None
    }
    /// `attempt` is 1 the first time. An `Err` is retried later, up to ten times; so is a panic.
    fn run(self, platform: &Arc<Platform>, attempt: i32) -> impl Future<Output = Result<Outcome>> + Send;
}

type Run = Box<dyn Fn(Arc<Platform>, Vec<u8>, i32) -> Pin<Box<dyn Future<Output = Result<Outcome>> + Send>> + Send + Sync>;

struct Runner {
    lane: Lane,
    run: Run,
}

/// The table of job kinds; `app` fills it.
pub struct Jobs {
    runners: HashMap<&'static str, Runner>,
    nudge: watch::Sender<()>,
}

impl Default for Jobs {
    fn default() -> Self {
        Self { runners: HashMap::new(), nudge: watch::Sender::new(()) }
    }
}

/// A job that runs longer keeps its lease; one whose process died is taken by another after so long.
const LEASE: i64 = 2 * Moment::MINUTE;
const RENEWED_EVERY: Duration = Duration::from_secs(40);
const ATTEMPTS: i32 = 10;
const AT_ONCE: u64 = 16;

/// What runs in this process, and so what must not be begun.
#[derive(Default)]
struct Underway {
    tasks: JoinSet<()>,
    of: HashMap<task::Id, (Lane, Option<String>)>,
}

impl Underway {
    fn has_place(&self, lane: Lane) -> bool {
        self.of.values().filter(|(taken, _)| *taken == lane).count() < lane.places
    }

    fn is_next(&self, queue: &Option<String>) -> bool {
        queue.is_none() || self.of.values().all(|(_, other)| other != queue)
    }

    fn begin(&mut self, lane: Lane, queue: Option<String>, task: impl Future<Output = ()> + Send + 'static) {
        let id = self.tasks.spawn(task).id();
        self.of.insert(id, (lane, queue));
    }

    /// Waits until one has ended, however it did; for ever where none runs.
    async fn ended(&mut self) {
        match self.tasks.join_next_with_id().await {
            Some(Ok((id, ()))) => _ = self.of.remove(&id),
            Some(Err(error)) => {
                tracing::error!(%error, "a job was broken off");
                self.of.remove(&error.id());
            }
            None => std::future::pending().await,
        }
    }
}

impl Jobs {
    pub fn with<J: Job>(mut self) -> Self {
        let run: Run = Box::new(|platform, payload, attempt| {
            Box::pin(async move {
                let job: J = serde_json::from_slice(&payload)?;
                job.run(&platform, attempt).await
            })
        });
        self.runners.insert(J::KIND, Runner { lane: J::LANE, run });
        self
    }

    /// There may be something to do.
    pub fn nudge(&self) {
        self.nudge.send_replace(());
    }

    fn lane(&self, kind: &str) -> Lane {
        self.runners.get(kind).map_or(Lane::DESK, |runner| runner.lane)
    }

    /// Runs what is due, one after another, until nothing is; answers how many ran. Tests step with it.
    pub async fn run_due(platform: &Arc<Platform>) -> Result<usize> {
        let mut ran = 0;
        loop {
            let due = Self::due(platform, &Underway::default()).await?;
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

    /// Runs until the end of the process, each lane as it has places.
    pub async fn run_forever(platform: Arc<Platform>) {
        let mut nudged = platform.jobs.nudge.subscribe();
        let mut underway = Underway::default();
        loop {
            if let Err(error) = Self::begin(&platform, &mut underway).await {
                tracing::error!(%error, "jobs cannot be read");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            tokio::select! {
                () = underway.ended() => {}
                _ = nudged.changed() => {}
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
        }
    }

    /// Begins all that is due and has a place.
    async fn begin(platform: &Arc<Platform>, underway: &mut Underway) -> Result<()> {
        loop {
            let mut begun = false;
            for job in Self::due(platform, underway).await? {
                let (lane, queue) = (platform.jobs.lane(&job.kind), job.queue.clone());
                if !underway.has_place(lane) || !underway.is_next(&queue) || !Self::claim(platform, &job).await? {
                    continue;
                }
                begun = true;
                let platform = Arc::clone(platform);
                underway.begin(lane, queue, async move {
                    if let Err(error) = Self::run_one(&platform, job).await {
                        tracing::error!(%error, "what came of a job could not be written down; it is done again");
                    }
                });
            }
            if !begun {
                return Ok(());
            }
        }
    }

    /// The next ones that are due and have a place beside what is underway.
    async fn due(platform: &Platform, underway: &Underway) -> Result<Vec<job::Model>> {
        let now = platform.clock.now();
        let full = platform.jobs.runners.iter().filter(|(_, runner)| !underway.has_place(runner.lane)).map(|(kind, _)| *kind);
        let busy = underway.of.values().filter_map(|(_, queue)| queue.clone());
        let is_next = Condition::any().add(job::Column::Queue.is_null()).add(job::Column::Queue.is_not_in(busy));
        let tx = platform.read(Reach::Everything("jobs belong to no tenant")).await?;
        Ok(job::Entity::rows()
            .filter(
                Condition::any()
                    .add(Condition::all().add(job::Column::Status.eq(JobStatus::Queued)).add(job::Column::RunAt.lte(now)))
                    .add(Condition::all().add(job::Column::Status.eq(JobStatus::Running)).add(job::Column::LeasedUntil.lt(now))),
            )
            .filter(job::Column::Kind.is_not_in(full))
            .filter(is_next)
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

    /// What comes of it; while it runs nobody else takes it. A panic is an attempt that failed, as an error is.
    async fn leased(platform: &Arc<Platform>, job: &job::Model, run: impl Future<Output = Result<Outcome>>) -> Result<Outcome> {
        let mut run = pin!(AssertUnwindSafe(run).catch_unwind());
        loop {
            match tokio::time::timeout(RENEWED_EVERY, &mut run).await {
                Ok(Ok(outcome)) => return outcome,
                Ok(Err(_)) => return Err(anyhow::anyhow!("the job broke off in the middle; the log says where").into()),
                Err(_) => {
                    if let Err(error) = Self::renew(platform, job).await {
                        tracing::warn!(job = %job.id, %error, "the lease of a job could not be renewed");
                    }
                }
            }
        }
    }

    async fn renew(platform: &Arc<Platform>, job: &job::Model) -> Result<()> {
        let mut work = platform.work(Actor::program("jobs"), Reach::Everything("jobs belong to no tenant")).await?;
        job::Entity::update_many()
            .col_expr(job::Column::LeasedUntil, Expr::value(work.now().plus(LEASE).0))
            .filter(job::Column::Id.eq(job.id))
            .filter(job::Column::Status.eq(JobStatus::Running))
            .filter(job::Column::Attempts.eq(job.attempts + 1))
            .exec(work.write())
            .await?;
        work.counts_as_audited("a job's lease is a clock");
        work.commit().await
    }

    async fn run_one(platform: &Arc<Platform>, job: job::Model) -> Result<()> {
        let attempt = job.attempts + 1;
        let outcome = match platform.jobs.runners.get(job.kind.as_str()) {
            None => Ok(Outcome::GiveUp { reason: format!("no runner for jobs of kind {}", job.kind) }),
            Some(runner) => match platform.keyring.open_sealed("job", job.id.0.as_bytes(), &job.payload) {
                Ok(payload) => Self::leased(platform, &job, (runner.run)(Arc::clone(platform), payload.to_vec(), attempt)).await,
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
