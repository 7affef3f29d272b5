//! Puts the terms before the MSP.

use super::step;
use crate::{
    platform::{Result, Work},
    retainers::{Terms, access::Offerer, events, terms::Step},
};

pub async fn offer(work: &mut Work, who: &Offerer) -> Result<()> {
    let row = who.now(work).await?;
    step::take(work, &row, Step::Offer).await?;
    step::write_down(work, &row, "retainer.offered", &Terms::of(&row).words()).await?;
    work.tell(&events::RetainerOffered { about: step::about(&row) })
}
