//! Whoever has not signed yet is told again.

use super::step::{line, take};
use crate::{
    audit,
    platform::{Error, Result, Work},
    policies::{
        access::{May, Remind},
        policy::Verb,
    },
    signing,
};

pub async fn remind(work: &mut Work, who: &May<Remind>) -> Result<()> {
    let (row, _) = take(work, &who.reader, Verb::Remind).await?;
    signing::remind(work, row.envelope_id.ok_or(Error::NotFound)?).await?;
    audit::record(work, line("policy.reminded", &row)).await
}
