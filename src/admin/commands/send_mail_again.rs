//! Has the mails sent now that could not be sent to an MSP's clients: those that wait for their next try, and those given up.

use entity::{
    platform::job::{self, JobStatus},
    wall::Unwalled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, Set};

use crate::{
    audit,
    identity::portal_realm,
    platform::{Result, Work, mail},
    tenancy::caller::TenantAdmin,
};

/// Answers how many.
pub async fn send_mail_again(work: &mut Work, admin: &TenantAdmin) -> Result<usize> {
    let platform = work.platform().clone();
    let unsent = mail::unsent(&platform, work.read(), &portal_realm(admin.tenant)).await?;
    let mut again = 0;
    for id in unsent {
        let row = job::Entity::rows().filter(job::Column::Id.eq(id)).one(work.read()).await?;
        // A runner took it in the meantime.
        let Some(row) = row.filter(|row| matches!(row.status, JobStatus::Queued | JobStatus::GaveUp)) else { continue };
        let mut change: job::ActiveModel = row.into();
        change.status = Set(JobStatus::Queued);
        change.run_at = Set(work.now());
        change.attempts = Set(0);
        change.finished_at = Set(None);
        change.update(work.write()).await?;
        again += 1;
    }
    audit::record(work, audit::Line::new("mail.sent_again", "mail").tenant(admin.tenant).with("mails", again)).await?;
    platform.jobs.nudge();
    Ok(again)
}
