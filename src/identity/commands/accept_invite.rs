//! Accepting an invitation: a client's password is all; the firm's people go on to their second factor, and the link
//! is used up when that stands.

use std::sync::Arc;

use entity::{
    Reach,
    identity::{AccountKind, AccountStatus, SessionStage, account},
};
use sea_orm::{ActiveModelTrait, Set};

use super::{
    count_attempt,
    make_link::use_link,
    open_session::{OpenSession, open_session},
    sign_in::{Opened, line, named, open_fully},
};
use crate::{
    audit,
    identity::{FIRM, LinkState, hash_password, judge_password, queries},
    platform::{Actor, Error, FieldErrors, Platform, Refusal, Result, random, secret},
};

pub struct AcceptInvite {
    pub token: String,
    pub name: String,
    pub password: String,
    /// Words the password may not be made of, beside the person's own: firm and portal.
    pub about: Vec<String>,
    pub device: Option<String>,
}

pub enum Accepted {
    /// The token of a session that opens the set-up page alone.
    SetUpNext {
        token: String,
    },
    SignedIn(Opened),
}

const REACH: Reach = Reach::Everything("an invitation: nobody is signed in yet");

pub async fn accept_invite(platform: &Arc<Platform>, actor: Actor, input: AcceptInvite) -> Result<Accepted> {
    let account = {
        let tx = platform.read(REACH).await?;
        match queries::link_state(&tx, &input.token, entity::identity::LinkPurpose::Invite, platform.clock.now()).await? {
            LinkState::Alive { account, .. } => account,
            _ => return Err(dead_link()),
        }
    };
    let mut errors = FieldErrors::default();
    let name = input.name.trim();
    if name.is_empty() || name.chars().count() > 120 {
        errors.add("name", "Give your name as it should stand in documents.");
    }
    let mut about: Vec<String> = vec![name.to_owned(), account.name.clone(), account.email.clone()];
    about.extend(input.about);
    if let Some(objection) = judge_password(platform, &input.password, about).await? {
        errors.add("password", objection);
    }
    errors.check()?;
    let hash = hash_password(platform, &input.password).await?;
    let mut work = platform.work(named(&actor, &account), REACH).await?;
    let firm = account.realm == FIRM;
    let mut row = account::ActiveModel {
        id: Set(account.id),
        name: Set(name.to_owned()),
        password_hash: Set(Some(hash)),
        ..Default::default()
    };
    if firm {
        let fresh = random::bytes::<20>();
        row.totp_secret = Set(Some(platform.keyring.seal("totp", account.id.0.as_bytes(), &fresh)));
    } else {
        row.status = Set(AccountStatus::Active);
    }
    // The link is proved again inside the transaction: of two at once, one wins.
    let now = work.now();
    let still = queries::link_state(work.read(), &input.token, entity::identity::LinkPurpose::Invite, now).await?;
    if !matches!(still, LinkState::Alive { .. }) {
        return Err(dead_link());
    }
    let account = row.update(work.write()).await?;
    if firm {
        super::end_session::end_sessions_of(&mut work, account.id, None).await?;
        let (_, token) =
            open_session(&mut work, OpenSession { account: account.id, stage: SessionStage::Setup, method: "invite" }).await?;
        audit::record(&mut work, line("password.set", Some(&account), FIRM)).await?;
        work.commit().await?;
        return Ok(Accepted::SetUpNext { token });
    }
    if !use_link(&mut work, &secret::token_hash(&input.token)).await? {
        return Err(dead_link());
    }
    debug_assert!(matches!(account.kind, AccountKind::Client | AccountKind::Member));
    audit::record(&mut work, line("invite.accepted", Some(&account), &account.realm)).await?;
    let key = count_attempt::key(platform, &account.realm, &account.email, None);
    let opened = open_fully(&mut work, &key, account, "password", input.device.as_deref()).await?;
    work.commit().await?;
    Ok(Accepted::SignedIn(opened))
}

/// The page of the link says which it is; this is for the moment between.
pub(super) fn dead_link() -> Error {
    Refusal::new(
        "link_dead",
        "This link does not work any more.",
        "Open it again from the mail: the page says why, and whom to ask.",
    )
    .into()
}
