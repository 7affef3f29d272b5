//! Opens a session with a fresh id and token. The token goes into the cookie; its hash into the database.

use entity::{
    Moment,
    identity::{SessionStage, session},
    ids::{AccountId, SessionId},
};
use sea_orm::{ActiveModelTrait, EntityTrait, Set};

use crate::{
    identity::SignedIn,
    platform::{Result, Work, random},
};

pub struct OpenSession {
    pub account: AccountId,
    pub stage: SessionStage,
    /// `password`, `password+totp`, `link`, `sso`
    pub method: &'static str,
}

/// The session's id and its token, seen here once.
pub async fn open_session(work: &mut Work, input: OpenSession) -> Result<(SessionId, String)> {
    let token = random::token();
    let id: SessionId = work.id();
    let now = work.now();
    // A way in without the password proves nothing that a change of password or e-mail could rest on.
    let proved = if input.method.starts_with("password") || input.method == "passkey" { now } else { Moment(0) };
    let opened = session::ActiveModel {
        id: Set(id),
        account_id: Set(input.account),
        token_hash: Set(work.platform().session_key.hash(&token)),
        stage: Set(input.stage),
        method: Set(input.method.to_owned()),
        created_at: Set(now),
        last_seen_at: Set(now),
        proved_at: Set(proved),
        ended_at: Set(None),
        ip: Set(work.actor().ip.clone().unwrap_or_default()),
        user_agent: Set(work.actor().user_agent.clone()),
    };
    session::Entity::insert(opened).exec_without_returning(work.write()).await?;
    Ok((id, token))
}

/// After a change of what the account rests on: this session goes on under a new id, no younger than it was and with the proof
/// it had. The caller has ended the old one.
pub async fn go_on(work: &mut Work, me: &SignedIn) -> Result<String> {
    let method = METHODS.into_iter().find(|known| *known == me.session.method).unwrap_or("link");
    let (id, token) = open_session(work, OpenSession { account: me.account.id, stage: SessionStage::Full, method }).await?;
    session::ActiveModel {
        id: Set(id),
        created_at: Set(me.session.created_at),
        proved_at: Set(me.session.proved_at),
        ..Default::default()
    }
    .update(work.write())
    .await?;
    Ok(token)
}

const METHODS: [&str; 13] = [
    "password+totp",
    "password+recovery",
    "password+passkey",
    "password",
    "passkey",
    "link",
    "link+totp",
    "link+recovery",
    "link+passkey",
    "sso",
    "sso+totp",
    "sso+recovery",
    "sso+passkey",
];
