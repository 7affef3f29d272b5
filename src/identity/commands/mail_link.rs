//! A link by mail instead of a password, for clients and members: the same answer whoever asks, once, for 15 minutes.

use std::sync::Arc;

use entity::{
    Moment, Reach,
    identity::{AccountKind, AccountStatus, LinkPurpose},
    ids::SessionId,
};
use serde::{Deserialize, Serialize};

use super::{
    accept_invite::dead_link,
    enter::{Entered, enter},
    make_link::{made_since, make_link, use_link},
    sign_in::line,
};
use crate::{
    audit,
    identity::{LinkState, email, letters, queries, realm_tenant},
    platform::{Actor, Job, Outcome, Platform, Result, secret, web::FrameLook},
};

pub const SIGN_IN_LIFE: i64 = 15 * Moment::MINUTE;
/// So many links go to one person within [`SIGN_IN_LIFE`]; what is asked for beyond them is not sent.
pub const SIGN_IN_LINKS: u64 = 3;
const REACH: Reach = Reach::Everything("a link by mail: nobody is signed in");

/// Looks the account up and mails the link. The request only wrote this down, alike for every e-mail there is or is not.
#[derive(Clone, Serialize, Deserialize)]
pub struct SendSignInLink {
    realm: String,
    email: String,
    next: String,
    look: FrameLook,
}

/// Asks for a link; `next` is where it leads.
pub async fn ask_sign_in_link(
    platform: &Arc<Platform>,
    actor: Actor,
    realm: &str,
    email: &str,
    next: &str,
    look: &FrameLook,
) -> Result<()> {
    let mut work = platform.work(actor, REACH).await?;
    let (realm, email) = (realm.to_owned(), email::normalise(email));
    audit::record(&mut work, audit::Line::new("link.asked", "account:unknown").tenant(realm_tenant(&realm))).await?;
    work.enqueue(&SendSignInLink { realm, email, next: next.to_owned(), look: look.clone() }).await?;
    work.commit().await
}

impl Job for SendSignInLink {
    const KIND: &'static str = "send_sign_in_link";

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        let mut work = platform.work(Actor::program("job send_sign_in_link"), REACH).await?;
        let account = queries::account_by_email(work.read(), &self.realm, &self.email).await?;
        let may = |kind: AccountKind| matches!(kind, AccountKind::Client | AccountKind::Member);
        let Some(account) = account.filter(|account| account.status == AccountStatus::Active && may(account.kind)) else {
            return Ok(Outcome::Done);
        };
        let since = work.now().plus(-SIGN_IN_LIFE);
        if made_since(work.read(), account.id, LinkPurpose::SignIn, since).await? >= SIGN_IN_LINKS {
            return Ok(Outcome::Done);
        }
        let token = make_link(&mut work, account.id, LinkPurpose::SignIn, SIGN_IN_LIFE, "").await?;
        let next = match self.next.as_str() {
            "" => String::new(),
            path => format!("?next={}", url::form_urlencoded::byte_serialize(path.as_bytes()).collect::<String>()),
        };
        let link = platform.config.link_at(self.look.host.as_deref(), &format!("/portal/link/{token}{next}"));
        audit::record(&mut work, line("link.sent", Some(&account), &account.realm)).await?;
        letters::sign_in_link(&mut work, &account, &self.look, &link).await?;
        work.commit().await?;
        Ok(Outcome::Done)
    }
}

/// The button behind the link.
pub async fn enter_by_link(
    platform: &Arc<Platform>,
    actor: Actor,
    token: &str,
    before: Option<SessionId>,
    device: Option<&str>,
) -> Result<Entered> {
    let mut work = platform.work(actor, REACH).await?;
    let now = work.now();
    let account = match queries::link_state(work.read(), token, LinkPurpose::SignIn, now).await? {
        LinkState::Alive { account, .. } if account.status == AccountStatus::Active => account,
        _ => return Err(dead_link()),
    };
    if !use_link(&mut work, &secret::token_hash(token)).await? {
        return Err(dead_link());
    }
    let entered = enter(&mut work, account, "link", before, device).await?;
    work.commit().await?;
    Ok(entered)
}
