//! A forgotten password: the same answer for everybody, a link by mail for those who exist, a new password that skips no
//! second factor and ends all sessions.

use std::sync::Arc;

use entity::{
    Moment, Reach,
    identity::{AccountStatus, LinkPurpose, account},
};
use sea_orm::{ActiveModelTrait, Set};
use serde::{Deserialize, Serialize};

use super::{
    accept_invite::dead_link,
    end_session::end_sessions_of,
    make_link::{made_since, make_link, revoke_links, use_link},
    sign_in::{line, named},
};
use crate::{
    audit,
    identity::{FIRM, LinkState, email, hash_password, judge_password, letters, queries, realm_tenant},
    platform::{Actor, Error, Job, Outcome, Platform, Result, secret, web::FrameLook},
};

pub const RESET_LIFE: i64 = Moment::HOUR;
/// So many links go to one person within [`RESET_LIFE`]; what is asked for beyond them is not sent.
const RESET_LINKS: u64 = 3;
const REACH: Reach = Reach::Everything("a forgotten password: nobody is signed in");

/// Looks the account up and mails the link. The request only wrote this down, alike for every e-mail there is or is not.
#[derive(Clone, Serialize, Deserialize)]
pub struct SendReset {
    realm: String,
    email: String,
    look: FrameLook,
}

/// Asks for a reset link.
pub async fn ask_reset(platform: &Arc<Platform>, actor: Actor, realm: &str, email: &str, look: &FrameLook) -> Result<()> {
    let mut work = platform.work(actor, REACH).await?;
    work.enqueue(&SendReset { realm: realm.to_owned(), email: email::normalise(email), look: look.clone() }).await?;
    audit::record(&mut work, audit::Line::new("reset.asked", "account:unknown").tenant(realm_tenant(realm))).await?;
    work.commit().await
}

impl Job for SendReset {
    const KIND: &'static str = "send_reset";

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        let mut work = platform.work(Actor::program("job send_reset"), REACH).await?;
        let account = queries::account_by_email(work.read(), &self.realm, &self.email).await?;
        let Some(account) = account.filter(|account| account.status == AccountStatus::Active) else { return Ok(Outcome::Done) };
        // The newest link goes on working: whoever asks in another's name fills no mailbox, and keeps nobody out.
        let since = work.now().plus(-RESET_LIFE);
        if made_since(work.read(), account.id, LinkPurpose::Reset, since).await? >= RESET_LINKS {
            return Ok(Outcome::Done);
        }
        let token = make_link(&mut work, account.id, LinkPurpose::Reset, RESET_LIFE, "").await?;
        let path = if account.realm == FIRM { "/reset" } else { "/portal/reset" };
        let link = platform.config.link_at(self.look.host.as_deref(), &format!("{path}?token={token}"));
        audit::record(&mut work, line("reset.sent", Some(&account), &account.realm)).await?;
        letters::reset(&mut work, &account, &self.look, &link).await?;
        work.commit().await?;
        Ok(Outcome::Done)
    }
}

/// Sets the new password and answers whose it is.
pub async fn reset_password(
    platform: &Arc<Platform>,
    actor: Actor,
    token: &str,
    password: &str,
    about: Vec<String>,
) -> Result<account::Model> {
    let account = alive(platform, token).await?;
    let mut words = vec![account.name.clone(), account.email.clone()];
    words.extend(about);
    if let Some(objection) = judge_password(platform, password, words).await? {
        return Err(Error::invalid("password", objection));
    }
    let hash = hash_password(platform, password).await?;
    let mut work = platform.work(named(&actor, &account), REACH).await?;
    if !use_link(&mut work, &secret::token_hash(token)).await? {
        return Err(dead_link());
    }
    let account = account::ActiveModel { id: Set(account.id), password_hash: Set(Some(hash)), ..Default::default() }
        .update(work.write())
        .await?;
    revoke_links(&mut work, account.id, Some(LinkPurpose::Reset)).await?;
    revoke_links(&mut work, account.id, Some(LinkPurpose::Email)).await?;
    let ended = end_sessions_of(&mut work, account.id, None).await?;
    audit::record(&mut work, line("password.reset", Some(&account), &account.realm).with("sessions_ended", ended)).await?;
    letters::password_changed(&mut work, &account).await?;
    work.commit().await?;
    Ok(account)
}

async fn alive(platform: &Platform, token: &str) -> Result<account::Model> {
    let tx = platform.read(REACH).await?;
    match queries::link_state(&tx, token, LinkPurpose::Reset, platform.clock.now()).await? {
        LinkState::Alive { account, .. } if account.status == AccountStatus::Active => Ok(account),
        _ => Err(dead_link()),
    }
}
