//! Takes an offer back, to change it or to let it be.

use super::step;
use crate::{
    platform::{Result, Work},
    retainers::{access::Offerer, events, terms::Step},
};

pub async fn withdraw(work: &mut Work, who: &Offerer) -> Result<()> {
    let row = who.now(work).await?;
    step::take(work, &row, Step::Withdraw).await?;
    step::write_down(work, &row, "retainer.withdrawn", "").await?;
    work.tell(&events::RetainerWithdrawn { about: step::about(&row) })
}
