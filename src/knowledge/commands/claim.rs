//! Somebody of the desk comes into the conversation: the first takes it, others may join who has it.

use entity::knowledge::{HelpStatus, help};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::ask::{about, now};
use crate::{
    audit,
    knowledge::{HelpWorker, events::HelpClaimed},
    messaging,
    platform::{Error, Refusal, Result, Work},
};

/// Of two at once one takes it and the other hears who has it.
pub async fn claim(work: &mut Work, who: &HelpWorker) -> Result<()> {
    let caller = &who.desk.caller;
    let moment = work.now();
    let taken = help::Entity::update_many()
        .col_expr(help::Column::Status, Expr::value(HelpStatus::Talking.word()))
        .col_expr(help::Column::ClaimedBy, Expr::value(Some(caller.account.0)))
        .col_expr(help::Column::ClaimedByName, Expr::value(Some(caller.name.clone())))
        .col_expr(help::Column::ClaimedAt, Expr::value(Some(moment.0)))
        .col_expr(help::Column::UpdatedAt, Expr::value(moment.0))
        .filter(help::Column::Id.eq(who.row.id))
        .filter(help::Column::Status.eq(HelpStatus::Waiting))
        .exec(work.write())
        .await?
        .rows_affected
        == 1;
    let row = now(work, &who.row).await?;
    if !taken {
        return Err(Error::Refused(match &row.claimed_by_name {
            Some(name) => Refusal::new(
                "already_taken",
                format!("{name} has taken it already."),
                "Join the conversation, or leave it to them.",
            ),
            None => {
                Refusal::new("closed", "It is closed: it was not needed any more.", "Nothing is to be done; go back to the list.")
            }
        }));
    }
    messaging::join(work, row.conversation_id, caller.account, &caller.name).await?;
    audit::record(work, audit::Line::new("help.claimed", format!("help:{}", row.id)).tenant(row.tenant_id)).await?;
    work.tell(&HelpClaimed { about: about(&row) })
}

/// Takes part beside who has it.
pub async fn join(work: &mut Work, who: &HelpWorker) -> Result<()> {
    let row = now(work, &who.row).await?;
    if row.status == HelpStatus::Waiting {
        return Err(Refusal::new("not_taken", "Nobody has taken it yet.", "Take it yourself: then you take part.").into());
    }
    let caller = &who.desk.caller;
    if messaging::is_participant(work.read(), row.conversation_id, caller.account).await? {
        work.counts_as_audited("takes part already");
        return Ok(());
    }
    messaging::join(work, row.conversation_id, caller.account, &caller.name).await?;
    audit::record(work, audit::Line::new("help.joined", format!("help:{}", row.id)).tenant(row.tenant_id)).await
}
