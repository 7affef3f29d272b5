//! An attorney who sees every matter by office comes into one: said in the conversation, so that everybody there knows.

use super::{participation, step};
use crate::{
    audit,
    matters::Joiner,
    platform::{Result, Work},
};

pub async fn join(work: &mut Work, joiner: &Joiner) -> Result<()> {
    let row = joiner.now(work).await?;
    if !participation::enter(work, &row, &participation::oneself(&joiner.view.caller, &row)).await? {
        work.counts_as_audited("takes part already");
        return Ok(());
    }
    step::touch(work, row.id).await?;
    audit::record(work, audit::Line::new("matter.joined", format!("matter:{}", row.id)).tenant(row.tenant_id)).await
}
