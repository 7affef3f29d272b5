//! More is needed: the matter goes on with the attorney who had it.

use super::step;
use crate::{
    matters::{Steersman, events, matter::Step},
    platform::{Result, Work},
};

pub async fn reopen(work: &mut Work, who: &Steersman) -> Result<()> {
    let row = who.now(work).await?;
    step::take(work, &row, Step::Reopen).await?;
    step::say(work, &row, "matter.reopened", &format!("{} re-opened the matter", who.view.caller.name)).await?;
    let about = step::about(work, &row).await?;
    work.tell(&events::MatterReopened { about })
}
