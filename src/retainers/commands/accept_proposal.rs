//! Logs what was proposed, with the time and the words the attorney put in.

use entity::{
    ids::TimeEntryId,
    retainers::{ProposalStatus, proposal},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::log_hours::{LogHours, log_hours, no_retainer};
use crate::{
    platform::{Error, Refusal, Result, Work},
    retainers::{HoursLogger, access::ProposalOwner, meter, queries},
};

/// `seen` is how many pieces stood on the page it was accepted from.
pub async fn accept_proposal(
    work: &mut Work,
    owner: &ProposalOwner,
    minutes: i64,
    description: &str,
    seen: i32,
) -> Result<TimeEntryId> {
    let row = owner.now(work).await?;
    take(work, &row, ProposalStatus::Open, ProposalStatus::Accepted).await?;
    if row.pieces != seen {
        return Err(Error::invalid("time", "More came to it since you opened the page. Look at the time again."));
    }
    let retainer = queries::charged_to(work.read(), row.tenant_id, owner.caller.account).await?.ok_or_else(no_retainer)?;
    let logger = HoursLogger::of_timer(std::sync::Arc::clone(&owner.caller), row.tenant_id)?;
    let input = LogHours {
        retainer: retainer.id,
        matter: row.matter_id,
        worked_on: meter::day(&row.worked_on).unwrap_or_else(|| row.created_at.date()),
        minutes,
        description: description.to_owned(),
    };
    let entry = log_hours(work, &logger, input).await?;
    proposal::Entity::update_many()
        .col_expr(proposal::Column::EntryId, Expr::value(entry.0))
        .filter(proposal::Column::Id.eq(row.id))
        .exec(work.write())
        .await?;
    Ok(entry)
}

/// Moves it on; of two who try at once, one is refused.
pub async fn take(work: &mut Work, row: &proposal::Model, from: ProposalStatus, to: ProposalStatus) -> Result<()> {
    let now = work.now().0;
    let moved = proposal::Entity::update_many()
        .col_expr(proposal::Column::Status, Expr::value(to.word()))
        .col_expr(proposal::Column::UpdatedAt, Expr::value(now))
        .filter(proposal::Column::Id.eq(row.id))
        .filter(proposal::Column::Status.eq(from))
        .exec(work.write())
        .await?;
    if moved.rows_affected == 1 {
        return Ok(());
    }
    Err(Refusal::new(
        "proposal_decided",
        "This proposal was logged or dismissed before.",
        "Look at your proposals again; a logged one is corrected in the hours log.",
    )
    .into())
}
