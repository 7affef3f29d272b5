//! Takes somebody off the matter, at once and everywhere. Who is responsible for it stays; the last one does as well.

use entity::ids::AccountId;

use super::{participation, step};
use crate::{
    audit,
    matters::{MatterView, events, queries},
    platform::{Error, Refusal, Result, Work},
};

/// Whoever steers the matter may take out others; everybody who takes part may go themselves.
pub async fn remove_participant(work: &mut Work, view: &MatterView, account: AccountId) -> Result<()> {
    let view = view.now(work).await?;
    let oneself = view.joined && account == view.caller.account;
    if !oneself && !view.may_steer() {
        return Err(Error::forbidden("Only those who take part in the matter and do more than read can change it."));
    }
    let row = &view.matter;
    if row.claimed_by == Some(account) {
        return Err(Refusal::new(
            "is_responsible",
            "The attorney responsible for the matter cannot leave it.",
            "Close the matter, or take out the others.",
        )
        .into());
    }
    if queries::participants(work.read(), row.id).await?.len() == 1 {
        return Err(Refusal::new("is_last", "Somebody has to remain on the matter.", "Add somebody else first.").into());
    }
    let Some(place) = participation::exit(work, row, account).await? else {
        return Err(Error::invalid("account", "This person is not on the matter."));
    };
    step::touch(work, row.id).await?;
    let line = audit::Line::new("matter.participant_removed", format!("matter:{}", row.id))
        .tenant(row.tenant_id)
        .with("account", account.to_string());
    audit::record(work, line).await?;
    let about = step::about(work, row).await?;
    work.tell(&events::ParticipantRemoved { about, account, name: place.name })
}
