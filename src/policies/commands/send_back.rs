//! `internal_review → draft`: the attorney asks for changes, in a note or in comments beside the text.

use entity::policies::policy;
use sea_orm::Set;

use super::{
    comment::write_note,
    step::{line, save, take},
};
use crate::{
    audit,
    platform::{Error, Result, Work},
    policies::{
        access::{May, SendBack},
        crypt,
        events::PolicySentBack,
        policy::Verb,
        queries,
    },
};

pub async fn send_back(work: &mut Work, who: &May<SendBack>, note: &str) -> Result<()> {
    let (row, next) = take(work, &who.reader, Verb::SendBack).await?;
    if note.trim().is_empty() && !queries::attorney_commented(work.read(), &row).await? {
        return Err(Error::invalid("note", "Say what should change, here or beside a paragraph."));
    }
    let key = crypt::key_of(work.platform(), work.read(), &row).await?;
    write_note(work, &who.reader, &key, note).await?;
    let mut change: policy::ActiveModel = row.into();
    change.status = Set(next);
    change.sent_back_at = Set(Some(work.now()));
    change.approved_at = Set(None);
    change.approved_by_name = Set(None);
    let row = save(work, change).await?;
    audit::record(work, line("policy.sent_back", &row)).await?;
    let about = queries::about(work.read(), &row).await?;
    work.tell(&PolicySentBack { about })
}
