//! Stops a retainer for a while: no new hours, no billing.

use super::step;
use crate::{
    platform::{Result, Work},
    retainers::{RetainerParty, events, terms::Step},
};

pub async fn pause(work: &mut Work, who: &RetainerParty) -> Result<()> {
    let row = who.now(work).await?;
    step::take(work, &row, Step::Pause).await?;
    step::write_down(work, &row, "retainer.paused", "").await?;
    work.tell(&events::RetainerPaused { about: step::about(&row) })
}
