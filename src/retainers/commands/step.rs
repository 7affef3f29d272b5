//! What every step of a retainer does: the status, a line of its history, one in the audit log.

use entity::{
    retainers::{RetainerStatus, event, retainer},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};

use crate::{
    audit,
    platform::{Error, Result, Work},
    retainers::{events::About, terms::Step},
};

/// Moves the status; of two who try at once, one is refused as if they had come later.
pub async fn take(work: &mut Work, row: &retainer::Model, step: Step) -> Result<RetainerStatus> {
    let next = step.from(row.status)?;
    let now = work.now().0;
    let mut update = retainer::Entity::update_many()
        .col_expr(retainer::Column::Status, Expr::value(next.word()))
        .col_expr(retainer::Column::UpdatedAt, Expr::value(now))
        .filter(retainer::Column::Id.eq(row.id))
        .filter(retainer::Column::Status.eq(row.status))
        .filter(retainer::Column::TermsVersion.eq(row.terms_version));
    if step == Step::Accept {
        let actor = work.actor();
        update = update
            .col_expr(retainer::Column::AcceptedBy, Expr::value(actor.account.map(|account| account.0)))
            .col_expr(retainer::Column::AcceptedByName, Expr::value(actor.name.clone()))
            .col_expr(retainer::Column::AcceptedAt, Expr::value(now));
    }
    if update.exec(work.write()).await?.rows_affected != 1 {
        let row = retainer::Entity::within(work.read().reach())
            .filter(retainer::Column::Id.eq(row.id))
            .one(work.read())
            .await?
            .ok_or(Error::NotFound)?;
        return Err(step.from(row.status).err().map_or(Error::NotFound, Error::Refused));
    }
    Ok(next)
}

/// A line of the history and one of the audit log: `verb` is `offered`, `accepted` …; `detail` the terms it was about.
pub async fn write_down(work: &mut Work, row: &retainer::Model, action: &'static str, detail: &str) -> Result<()> {
    let verb = action.split_once('.').map_or(action, |(_, verb)| verb);
    event::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(row.tenant_id),
        retainer_id: Set(row.id),
        at: Set(work.now()),
        actor_id: Set(work.actor().account),
        actor_name: Set(work.actor().name.clone()),
        what: Set(verb.to_owned()),
        detail: Set(detail.to_owned()),
    }
    .insert(work.write())
    .await?;
    let line =
        audit::Line::new(action, format!("retainer:{}", row.id)).tenant(row.tenant_id).with("terms_version", row.terms_version);
    audit::record(work, line).await
}

pub fn about(row: &retainer::Model) -> About {
    About { tenant: row.tenant_id, retainer: row.id, attorney: row.attorney_id, attorney_name: row.attorney_name.clone() }
}
