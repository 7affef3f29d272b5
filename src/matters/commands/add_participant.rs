//! Puts somebody on the matter: staff or an attorney of the tenant, or a person of its client who comes to the portal.

use entity::ids::AccountId;

use super::{participation, step};
use crate::{
    audit,
    matters::{Steersman, events, queries},
    platform::{Error, Result, Work},
};

pub async fn add_participant(work: &mut Work, steersman: &Steersman, account: AccountId) -> Result<()> {
    let row = steersman.now(work).await?;
    let person = queries::candidates(work.read(), &row)
        .await?
        .into_iter()
        .find(|candidate| candidate.account == account)
        .ok_or_else(|| Error::invalid("account", "Choose somebody from the list."))?;
    if !participation::enter(work, &row, &person).await? {
        work.counts_as_audited("takes part already");
        return Ok(());
    }
    step::touch(work, row.id).await?;
    let line = audit::Line::new("matter.participant_added", format!("matter:{}", row.id))
        .tenant(row.tenant_id)
        .with("account", account.to_string());
    audit::record(work, line).await?;
    let about = step::about(work, &row).await?;
    work.tell(&events::ParticipantAdded { about, account, name: person.name })
}
