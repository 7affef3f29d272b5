//! Gives a job that gave up another ten attempts, from now.

use entity::{
    ids::JobId,
    platform::job::{self, JobStatus},
    wall::Unwalled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, Set};

use crate::{
    audit::{self, Line},
    platform::{Error, Refusal, Result, Work},
};

/// Only what gave up: a waiting job comes by itself, and a done one has nothing left to do. Answers the kind.
pub async fn retry_job(work: &mut Work, id: JobId) -> Result<String> {
    let found = job::Entity::rows().filter(job::Column::Id.eq(id)).one(work.read()).await?;
    let job = found.ok_or(Error::NotFound)?;
    if job.status != JobStatus::GaveUp {
        return Err(Refusal::new(
            "job_not_given_up",
            "This job has not given up: it is done, or will be tried again by itself.",
            "Reload the page to see where it stands.",
        )
        .into());
    }
    let (kind, last_error) = (job.kind.clone(), job.last_error.clone().unwrap_or_default());
    let mut change: job::ActiveModel = job.into();
    change.status = Set(JobStatus::Queued);
    change.run_at = Set(work.now());
    change.attempts = Set(0);
    change.finished_at = Set(None);
    change.update(work.write()).await?;
    let line = Line::new("job.retried", format!("job:{id}")).with("kind", kind.as_str()).with("last_error", last_error);
    audit::record(work, line).await?;
    work.platform().jobs.nudge();
    Ok(kind)
}
