//! The attorney has answered; the MSP confirms by closing.

use super::step;
use crate::{
    matters::{Resolver, events, matter::Step},
    platform::{Result, Work},
};

pub async fn resolve(work: &mut Work, who: &Resolver) -> Result<()> {
    let row = who.now(work).await?;
    step::take(work, &row, Step::Resolve).await?;
    step::say(work, &row, "matter.resolved", &format!("{} resolved the matter", who.view.caller.name)).await?;
    let about = step::about(work, &row).await?;
    work.tell(&events::MatterResolved { about })
}
