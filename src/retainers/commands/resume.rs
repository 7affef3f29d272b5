//! Goes on where a pause stopped.

use super::step;
use crate::{
    platform::{Result, Work},
    retainers::{RetainerParty, events, terms::Step},
};

pub async fn resume(work: &mut Work, who: &RetainerParty) -> Result<()> {
    let row = who.now(work).await?;
    step::take(work, &row, Step::Resume).await?;
    step::write_down(work, &row, "retainer.resumed", "").await?;
    work.tell(&events::RetainerResumed { about: step::about(&row) })
}
