//! `draft → internal_review`: to the attorney.

use entity::policies::policy;
use sea_orm::Set;

use super::{
    comment::write_note,
    step::{complete, line, open, save, take},
};
use crate::{
    audit,
    platform::{Result, Work},
    policies::{
        access::{May, Submit},
        events::PolicySubmitted,
        policy::Verb,
        queries,
    },
};

/// With a note for the attorney, if there is something to say.
pub async fn submit(work: &mut Work, who: &May<Submit>, note: &str) -> Result<()> {
    let (row, next) = take(work, &who.reader, Verb::Submit).await?;
    let opened = open(work, &row).await?;
    complete(work, &row, &opened).await?;
    write_note(work, &who.reader, &opened.key, note).await?;
    let mut change: policy::ActiveModel = row.into();
    change.status = Set(next);
    change.wizard_page = Set(4);
    change.submitted_at = Set(Some(work.now()));
    change.sent_back_at = Set(None);
    change.approved_at = Set(None);
    change.approved_by_name = Set(None);
    let row = save(work, change).await?;
    audit::record(work, line("policy.submitted", &row)).await?;
    let about = queries::about(work.read(), &row).await?;
    work.tell(&PolicySubmitted { about })
}
