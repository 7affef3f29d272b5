//! An attorney becomes responsible for an open matter, and takes part in it from then on.

use super::{participation, step};
use crate::{
    matters::{Claimant, events, matter::Step},
    platform::{Result, Work},
};

pub async fn claim(work: &mut Work, claimant: &Claimant) -> Result<()> {
    let row = claimant.now(work).await?;
    step::take(work, &row, Step::Claim).await?;
    participation::enter(work, &row, &participation::oneself(&claimant.view.caller, &row)).await?;
    step::say(work, &row, "matter.claimed", &format!("{} claimed the matter", claimant.view.caller.name)).await?;
    let about = step::about(work, &row).await?;
    work.tell(&events::MatterClaimed { about })
}
