//! The MSP confirms that the matter is done.

use super::step;
use crate::{
    matters::{Closer, events, matter::Step},
    platform::{Result, Work},
};

pub async fn close(work: &mut Work, who: &Closer) -> Result<()> {
    let row = who.now(work).await?;
    step::take(work, &row, Step::Close).await?;
    step::say(work, &row, "matter.closed", &format!("{} closed the matter", who.view.caller.name)).await?;
    let about = step::about(work, &row).await?;
    work.tell(&events::MatterClosed { about })
}
