//! Ends a retainer; its history and hours stay.

use super::step;
use crate::{
    platform::{Result, Work},
    retainers::{RetainerParty, events, terms::Step},
};

pub async fn cancel(work: &mut Work, who: &RetainerParty) -> Result<()> {
    let row = who.now(work).await?;
    step::take(work, &row, Step::Cancel).await?;
    step::write_down(work, &row, "retainer.cancelled", "").await?;
    work.tell(&events::RetainerCancelled { about: step::about(&row) })
}
