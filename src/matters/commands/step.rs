//! What every step of a matter does: the status, a line in the conversation, one in the audit log, and the news.

use entity::{
    ids::MatterId,
    matters::{MatterStatus, matter},
    wall::Walled,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    audit,
    matters::{events::About, matter::Step, queries},
    messaging,
    platform::{Error, Result, Work},
};

/// Moves the status; of two who try at once, one is refused as if they had come later.
pub async fn take(work: &mut Work, row: &matter::Model, step: Step) -> Result<MatterStatus> {
    let next = step.from(row.status)?;
    let mut update = matter::Entity::update_many()
        .col_expr(matter::Column::Status, Expr::value(next.word()))
        .col_expr(matter::Column::UpdatedAt, Expr::value(work.now().0))
        .filter(matter::Column::Id.eq(row.id))
        .filter(matter::Column::Status.eq(row.status));
    let now = work.now().0;
    update = match step {
        Step::Claim => {
            let actor = work.actor();
            update
                .col_expr(matter::Column::ClaimedBy, Expr::value(actor.account.map(|account| account.0)))
                .col_expr(matter::Column::ClaimedByName, Expr::value(actor.name.clone()))
                .col_expr(matter::Column::ClaimedAt, Expr::value(now))
        }
        Step::Resolve => update.col_expr(matter::Column::ResolvedAt, Expr::value(now)),
        Step::Close => update.col_expr(matter::Column::ClosedAt, Expr::value(now)),
        Step::Reopen => update
            .col_expr(matter::Column::ResolvedAt, Expr::value(Option::<i64>::None))
            .col_expr(matter::Column::ClosedAt, Expr::value(Option::<i64>::None)),
    };
    if update.exec(work.write()).await?.rows_affected != 1 {
        let row = one(work, row.id).await?;
        return Err(step.from(row.status).err().map_or(Error::NotFound, Error::Refused));
    }
    Ok(next)
}

/// Says it in the conversation and writes it down.
pub async fn say(work: &mut Work, row: &matter::Model, action: &'static str, words: &str) -> Result<()> {
    messaging::post_status(work, row.conversation_id, words).await?;
    audit::record(work, audit::Line::new(action, format!("matter:{}", row.id)).tenant(row.tenant_id)).await
}

/// The matter moved: it comes to the top of lists.
pub async fn touch(work: &mut Work, id: MatterId) -> Result<()> {
    let now = work.now().0;
    matter::Entity::update_many()
        .col_expr(matter::Column::UpdatedAt, Expr::value(now))
        .filter(matter::Column::Id.eq(id))
        .exec(work.write())
        .await?;
    Ok(())
}

pub async fn one(work: &Work, id: MatterId) -> Result<matter::Model> {
    matter::Entity::within(work.read().reach()).filter(matter::Column::Id.eq(id)).one(work.read()).await?.ok_or(Error::NotFound)
}

/// What an event says of the matter now.
pub async fn about(work: &Work, row: &matter::Model) -> Result<About> {
    let people = queries::participants(work.read(), row.id).await?;
    Ok(About {
        tenant: row.tenant_id,
        matter: row.id,
        conversation: row.conversation_id,
        title: row.title.clone(),
        company_id: row.company_id,
        urgency: row.urgency.word(),
        participants: people.into_iter().map(|person| person.account_id).collect(),
    })
}
