//! A new password by a signed-in person: other sessions end, this one goes on under a new id.

use std::sync::Arc;

use entity::{
    Reach,
    identity::{LinkPurpose, account},
};
use sea_orm::{ActiveModelTrait, Set};

use super::{
    end_session::end_sessions_of, make_link::revoke_links, open_session::go_on, prove_again::is_proved,
    set_up_factor::fresh_recovery_codes, sign_in::line,
};
use crate::{
    audit,
    identity::{SignedIn, hash_password, judge_password, letters},
    platform::{Actor, Error, Platform, Result},
};

const REACH: Reach = Reach::Everything("a person's own account");

pub(super) fn proof_missing() -> Error {
    Error::invalid("current_password", "Type your current password once more; it was last given more than five minutes ago.")
}

/// The token of the session that goes on.
pub async fn change_password(
    platform: &Arc<Platform>,
    actor: Actor,
    me: &SignedIn,
    password: &str,
    about: Vec<String>,
) -> Result<String> {
    if !is_proved(me, platform.clock.now()) {
        return Err(proof_missing());
    }
    let mut words = vec![me.account.name.clone(), me.account.email.clone()];
    words.extend(about);
    if let Some(objection) = judge_password(platform, password, words).await? {
        return Err(Error::invalid("password", objection));
    }
    let hash = hash_password(platform, password).await?;
    let mut work = platform.work(actor, REACH).await?;
    let account = account::ActiveModel { id: Set(me.account.id), password_hash: Set(Some(hash)), ..Default::default() }
        .update(work.write())
        .await?;
    // Also a change of the e-mail that somebody else may have begun.
    revoke_links(&mut work, account.id, Some(LinkPurpose::Reset)).await?;
    revoke_links(&mut work, account.id, Some(LinkPurpose::Email)).await?;
    let ended = end_sessions_of(&mut work, account.id, None).await?;
    let token = go_on(&mut work, me).await?;
    audit::record(
        &mut work,
        line("password.changed", Some(&account), &account.realm).with("sessions_ended", ended.saturating_sub(1)),
    )
    .await?;
    letters::password_changed(&mut work, &account).await?;
    work.commit().await?;
    Ok(token)
}

/// Ten new recovery codes, seen here once; the old ones are dead.
pub async fn new_recovery_codes(platform: &Arc<Platform>, actor: Actor, me: &SignedIn) -> Result<Vec<String>> {
    if !is_proved(me, platform.clock.now()) {
        return Err(proof_missing());
    }
    let mut work = platform.work(actor, REACH).await?;
    let codes = fresh_recovery_codes(&mut work, me.account.id).await?;
    audit::record(&mut work, line("recovery_codes.made", Some(&me.account), &me.account.realm)).await?;
    letters::recovery_codes_made(&mut work, &me.account).await?;
    work.commit().await?;
    Ok(codes)
}

/// The name as it stands in lists and letters from now on.
pub async fn rename(platform: &Arc<Platform>, actor: Actor, me: &SignedIn, name: &str) -> Result<()> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 120 || name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "Give your name, up to 120 characters."));
    }
    let mut work = platform.work(actor, REACH).await?;
    account::ActiveModel { id: Set(me.account.id), name: Set(name.to_owned()), ..Default::default() }.update(work.write()).await?;
    let line =
        line("account.renamed", Some(&me.account), &me.account.realm).with("from", me.account.name.as_str()).with("to", name);
    audit::record(&mut work, line).await?;
    work.commit().await
}
