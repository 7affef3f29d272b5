//! `final_approval → published`.

use super::{publish::publish, step::take};
use crate::{
    platform::{Result, Work},
    policies::{
        access::{ApproveFinally, May},
        policy::Verb,
    },
};

pub async fn approve_finally(work: &mut Work, who: &May<ApproveFinally>) -> Result<()> {
    let (row, _) = take(work, &who.reader, Verb::ApproveFinally).await?;
    publish(work, row).await
}
