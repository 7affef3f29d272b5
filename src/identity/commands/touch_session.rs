//! A session in use stays alive.

use std::sync::Arc;

use entity::{Reach, identity::session, ids::SessionId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::platform::{Actor, Platform, Result};

/// Notes that the session was used now; a unit of work of its own.
pub async fn touch_session(platform: &Arc<Platform>, id: SessionId) -> Result<()> {
    let mut work = platform.work(Actor::program("session clock"), Reach::Everything("sessions belong to no tenant")).await?;
    let now = work.now();
    session::Entity::update_many()
        .col_expr(session::Column::LastSeenAt, Expr::value(now.0))
        .filter(session::Column::Id.eq(id))
        .exec(work.write())
        .await?;
    work.counts_as_audited("the idle clock of a session");
    work.commit().await
}
