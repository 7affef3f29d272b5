//! Another e-mail address: asked for with a fresh proof, confirmed by a link mailed there, told to both addresses.
//!
//! An address somebody else has is answered like any other: the same words, rows and mails but one, and that one goes to whom
//! the address belongs.

use std::sync::Arc;

use entity::{
    Moment, Reach,
    identity::{AccountStatus, LinkPurpose, account},
};
use sea_orm::{ActiveModelTrait, Set};

use super::{
    accept_invite::dead_link,
    change_password::proof_missing,
    end_session::end_sessions_of,
    make_link::{make_email_link, revoke_links, use_link},
    open_session::go_on,
    prove_again::is_proved,
    sign_in::line,
};
use crate::{
    audit,
    identity::{FIRM, LinkState, SignedIn, email, letters, queries},
    platform::{Actor, Error, Platform, Refusal, Result, Work, secret, web::FrameLook},
};

const LINK_LIFE: i64 = Moment::HOUR;
const REACH: Reach = Reach::Everything("a person's own account");

/// Mails the link to the new address, and word of it to the old one. Nothing changes until it is confirmed.
pub async fn ask_email_change(
    platform: &Arc<Platform>,
    actor: Actor,
    me: &SignedIn,
    typed: &str,
    look: &FrameLook,
) -> Result<String> {
    if !is_proved(me, platform.clock.now()) {
        return Err(proof_missing());
    }
    let Some(new) = email::parse(typed) else {
        return Err(Error::invalid("email", "That is no e-mail address; it looks like name@company.com."));
    };
    if new == me.account.email {
        return Err(Error::invalid("email", "That is the address you have now."));
    }
    let mut work = platform.work(actor, REACH).await?;
    let owner = queries::account_by_email(work.read(), &me.account.realm, &new).await?;
    // Where the address is taken the link is made too, and its token goes nowhere.
    let token = make_email_link(&mut work, me.account.id, LINK_LIFE, &new).await?;
    audit::record(&mut work, line("email.change_asked", Some(&me.account), &me.account.realm).with("to", new.as_str())).await?;
    match owner {
        Some(owner) => letters::email_wanted(&mut work, &owner).await?,
        None => {
            let path = if me.account.realm == FIRM { "/email" } else { "/portal/email" };
            let link = platform.config.link_at(look.host.as_deref(), &format!("{path}/{token}"));
            letters::confirm_email(&mut work, &me.account, &new, look, &link).await?;
        }
    }
    letters::email_change_asked(&mut work, &me.account, &new).await?;
    work.commit().await?;
    Ok(new)
}

/// The link that was mailed works no more.
pub async fn withdraw_email_change(work: &mut Work, me: &SignedIn) -> Result<()> {
    revoke_links(work, me.account.id, Some(LinkPurpose::Email)).await?;
    audit::record(work, line("email.change_withdrawn", Some(&me.account), &me.account.realm)).await
}

pub struct EmailChanged {
    pub account: account::Model,
    pub old: String,
    /// The token under which the session that confirmed it goes on, where it was the person's own.
    pub token: Option<String>,
}

/// The button behind the link. Every session ends; the one in this browser goes on under a new id. The caller's transaction,
/// so that whoever keeps the address too follows in it.
pub async fn confirm_email_change(work: &mut Work, token: &str, here: Option<&SignedIn>) -> Result<EmailChanged> {
    let now = work.now();
    let before = match queries::link_state(work.read(), token, LinkPurpose::Email, now).await? {
        LinkState::Alive { account, .. } if account.status == AccountStatus::Active => account,
        _ => return Err(dead_link()),
    };
    let new = queries::new_email(work.read(), token).await?.ok_or_else(dead_link)?;
    if queries::account_by_email(work.read(), &before.realm, &new).await?.is_some() {
        return Err(Refusal::new(
            "email_taken",
            "This address signs in here for another account by now.",
            "Use another address, or ask your administrator.",
        )
        .into());
    }
    if !use_link(work, &secret::token_hash(token)).await? {
        return Err(dead_link());
    }
    let account = account::ActiveModel { id: Set(before.id), email: Set(new), ..Default::default() }.update(work.write()).await?;
    // A reset link that lies in the old mailbox opens nothing any more.
    revoke_links(work, account.id, None).await?;
    let ended = end_sessions_of(work, account.id, None).await?;
    let token = match here {
        Some(me) if me.account.id == account.id => Some(go_on(work, me).await?),
        _ => None,
    };
    let line = line("email.changed", Some(&account), &account.realm).with("from", before.email.as_str());
    audit::record(work, line.with("to", account.email.as_str()).with("sessions_ended", ended)).await?;
    letters::email_changed(work, &before, &account).await?;
    Ok(EmailChanged { account, old: before.email, token })
}
