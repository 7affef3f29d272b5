//! Before password, e-mail, second factor or recovery codes change: password and code once more, not older than five minutes.
//! Wrong tries count to the same lock as the sign-in; the live session goes on.

use std::sync::Arc;

use entity::{Moment, Reach, identity::session};
use sea_orm::{ActiveModelTrait, Set};

use super::{
    confirm_code::accept,
    count_attempt::{self, Try},
    sign_in::{line, locked_now},
};
use crate::{
    audit,
    identity::{FIRM, SignedIn, devices, verify_password},
    platform::{Actor, Error, Platform, Result},
};

/// How long a proof holds.
pub const PROOF_LIFE: i64 = 5 * Moment::MINUTE;

pub enum Proof {
    Given,
    Wrong { field: &'static str, why: String },
    Locked(Moment),
}

/// Whether password and code were given within the last five minutes.
pub fn is_proved(signed_in: &SignedIn, now: Moment) -> bool {
    now.since(signed_in.session.proved_at) <= PROOF_LIFE
}

/// The same, and for whoever has no password here: came in within that time, by the Hub or by a link in their mail. Nobody can
/// give a password they do not have.
pub fn is_fresh(signed_in: &SignedIn, now: Moment) -> bool {
    is_proved(signed_in, now)
        || (signed_in.account.password_hash.is_none() && now.since(signed_in.session.created_at) <= PROOF_LIFE)
}

pub async fn prove_again(
    platform: &Arc<Platform>,
    actor: Actor,
    me: &SignedIn,
    password: &str,
    code: &str,
    device: Option<&str>,
) -> Result<Proof> {
    let reach = Reach::Everything("proving again who this is");
    let account = &me.account;
    let known = {
        let tx = platform.read(reach.clone()).await?;
        devices::known(&tx, Some(account.id), device).await?
    };
    let key = count_attempt::key(platform, &account.realm, &account.email, known);
    let mut work = platform.work(actor.clone(), reach.clone()).await?;
    let taken = count_attempt::take(&mut work, &key).await?;
    work.counts_as_audited("the count itself; what came of the try is recorded below");
    work.commit().await?;
    let nth = match taken {
        Try::Taken(nth) => nth,
        Try::Locked(until) => return Ok(Proof::Locked(until)),
    };
    let right = verify_password(platform, password, account.password_hash.clone()).await?;
    let mut work = platform.work(actor, reach).await?;
    let current = crate::identity::queries::account(work.read(), account.id).await?.ok_or(Error::SignedOut)?;
    let wrong = if !right {
        Some(("current_password", "That is not your current password.".to_owned()))
    } else if current.realm == FIRM || current.totp_secret.is_some() {
        accept(&mut work, &current, code).await?.map(|why| ("code", why))
    } else {
        None
    };
    if let Some((field, why)) = wrong {
        audit::record(&mut work, line("proof.failed", Some(account), &account.realm).denied().with("reason", field)).await?;
        let locked = locked_now(&mut work, &key, nth, Some(account), &account.realm, known.is_some()).await?;
        work.commit().await?;
        return Ok(locked.map_or(Proof::Wrong { field, why }, Proof::Locked));
    }
    count_attempt::give_back(&mut work, &key).await?;
    let now = work.now();
    session::ActiveModel { id: Set(me.session.id), proved_at: Set(now), ..Default::default() }.update(work.write()).await?;
    audit::record(&mut work, line("proof.given", Some(account), &account.realm)).await?;
    work.commit().await?;
    Ok(Proof::Given)
}
