//! Ends sessions at once, on every socket too.

use entity::{
    identity::session,
    ids::{AccountId, SessionId},
    wall::Unwalled,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::platform::{Note, Result, Work};

/// The bus topic that tells open sockets to look at their session again.
pub const SESSION_ENDED: &str = "session.ended";

/// Marks the session ended. The caller records why.
pub async fn end_session(work: &mut Work, id: SessionId) -> Result<()> {
    let now = work.now();
    session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(now.0))
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::EndedAt.is_null())
        .exec(work.write())
        .await?;
    work.note(Note::new(SESSION_ENDED, id.0));
    Ok(())
}

/// Ends all sessions of the account but this one; answers how many. The caller records why.
pub async fn end_sessions_of(work: &mut Work, account: AccountId, but: Option<SessionId>) -> Result<u64> {
    let live = session::Entity::rows()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::EndedAt.is_null())
        .all(work.read())
        .await?;
    let mut ended = 0;
    for session in live.into_iter().filter(|session| Some(session.id) != but) {
        end_session(work, session.id).await?;
        ended += 1;
    }
    Ok(ended)
}
