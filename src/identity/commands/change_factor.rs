//! An authenticator app of one's own will: another one while the old one still works, or a client's first; begun with a fresh
//! proof, holding from the new app's first code. A client may turn it off again.
//!
//! Until then nothing is stored: the fresh secret travels sealed in the form, bound to this session and for ten minutes.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::{
    Moment, Reach,
    identity::{account, recovery_code},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use zeroize::Zeroizing;

use super::{
    change_password::proof_missing, end_session::end_sessions_of, open_session::go_on, passkeys::forget_passkeys,
    prove_again::is_proved, set_up_factor::fresh_recovery_codes, sign_in::line,
};
use crate::{
    audit,
    identity::{FIRM, SignedIn, letters, totp},
    platform::{Actor, Error, Platform, Refusal, Result, Work, random},
};

const REACH: Reach = Reach::Everything("a person's own account");
const WAITS: i64 = 10 * Moment::MINUTE;
const PURPOSE: &str = "new authenticator app";

/// What the form carries until the code comes.
fn context(me: &SignedIn) -> Vec<u8> {
    [me.account.id.0.as_bytes().as_slice(), me.session.id.0.as_bytes()].concat()
}

/// A fresh secret, sealed for the form.
pub fn begin_factor_change(platform: &Platform, me: &SignedIn) -> Result<String> {
    let now = platform.clock.now();
    if !is_proved(me, now) {
        return Err(proof_missing());
    }
    let mut plain = now.0.to_be_bytes().to_vec();
    plain.extend_from_slice(&random::bytes::<20>());
    Ok(URL_SAFE_NO_PAD.encode(platform.keyring.seal(PURPOSE, &context(me), &plain)))
}

/// The secret in the form, if it is of this session and not too old.
pub fn factor_in_change(platform: &Platform, me: &SignedIn, sealed: &str) -> Result<Zeroizing<Vec<u8>>> {
    let over = || {
        Error::from(Refusal::new(
            "setup_over",
            "Too much time has passed since this code was shown.",
            "Begin again in your profile; your old app still works.",
        ))
    };
    let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| over())?;
    let plain = platform.keyring.open_sealed(PURPOSE, &context(me), &bytes).map_err(|_| over())?;
    let (at, secret) = plain.split_first_chunk::<8>().ok_or_else(over)?;
    if platform.clock.now().since(Moment(i64::from_be_bytes(*at))) > WAITS {
        return Err(over());
    }
    Ok(Zeroizing::new(secret.to_vec()))
}

pub struct NewFactor {
    /// The token of the session that goes on.
    pub token: String,
    /// For a first app: seen here once.
    pub codes: Option<Vec<String>>,
}

/// The new app holds from its first code on, which is dead afterwards; other sessions end.
pub async fn confirm_factor_change(
    platform: &Arc<Platform>,
    actor: Actor,
    me: &SignedIn,
    sealed: &str,
    code: &str,
) -> Result<NewFactor> {
    let secret = factor_in_change(platform, me, sealed)?;
    let step = match totp::judge(&secret, code, platform.clock.now())? {
        totp::Judged::Right(step) => step,
        totp::Judged::Drifted(steps) => return Err(Error::invalid("code", totp::drift_words(steps))),
        totp::Judged::Wrong => {
            return Err(Error::invalid("code", "That code is not right. Type the six digits your new app shows now."));
        }
    };
    let kept = platform.keyring.seal("totp", me.account.id.0.as_bytes(), &secret);
    let mut work = platform.work(actor, REACH).await?;
    let account =
        account::ActiveModel { id: Set(me.account.id), totp_secret: Set(Some(kept)), totp_step: Set(step), ..Default::default() }
            .update(work.write())
            .await?;
    let codes = match me.account.totp_secret {
        None => Some(fresh_recovery_codes(&mut work, account.id).await?),
        Some(_) => None,
    };
    let ended = end_sessions_of(&mut work, account.id, None).await?;
    let token = go_on(&mut work, me).await?;
    let action = if codes.is_some() { "totp.confirmed" } else { "totp.changed" };
    let line = line(action, Some(&account), &account.realm).with("sessions_ended", ended.saturating_sub(1));
    audit::record(&mut work, line).await?;
    letters::factor_set_up(&mut work, &account).await?;
    work.commit().await?;
    Ok(NewFactor { token, codes })
}

/// A client signs in without an app again. The firm's people cannot do without. The token of the session that goes on.
pub async fn turn_factor_off(platform: &Arc<Platform>, actor: Actor, me: &SignedIn) -> Result<String> {
    if me.account.realm == FIRM || me.account.totp_secret.is_none() {
        return Err(Error::NotFound);
    }
    if !is_proved(me, platform.clock.now()) {
        return Err(proof_missing());
    }
    let mut work = platform.work(actor, REACH).await?;
    let account = take_factor(&mut work, &me.account).await?;
    let ended = end_sessions_of(&mut work, account.id, None).await?;
    let token = go_on(&mut work, me).await?;
    let line = line("totp.turned_off", Some(&account), &account.realm).with("sessions_ended", ended.saturating_sub(1));
    audit::record(&mut work, line).await?;
    letters::factor_turned_off(&mut work, &account, None).await?;
    work.commit().await?;
    Ok(token)
}

/// A client has lost the app: their MSP's admin takes it off, having verified who asks; every session ends, the person is told.
pub async fn take_lost_factor(work: &mut Work, account: &account::Model, verified: &str) -> Result<()> {
    let verified = verified.trim();
    if verified.chars().count() < 10 || verified.chars().count() > 1_000 {
        return Err(Error::invalid(
            "verified",
            "Say how you verified who this is, e.g. \"called back on the number we have\" (10 characters or more).",
        ));
    }
    if account.realm == FIRM || account.totp_secret.is_none() {
        return Err(Refusal::new("no_factor", "This person signs in without an authenticator app.", "Reload the page.").into());
    }
    let account = take_factor(work, account).await?;
    // What was lost may have held passkeys too.
    let passkeys = forget_passkeys(work, account.id).await?;
    let ended = end_sessions_of(work, account.id, None).await?;
    let line = line("totp.taken_off", Some(&account), &account.realm).with("verified", verified).with("sessions_ended", ended);
    let line = line.with("passkeys", passkeys);
    audit::record(work, line).await?;
    let by = work.actor().name.clone();
    letters::factor_turned_off(work, &account, Some(&by)).await
}

async fn take_factor(work: &mut Work, account: &account::Model) -> Result<account::Model> {
    recovery_code::Entity::delete_many().filter(recovery_code::Column::AccountId.eq(account.id)).exec(work.write()).await?;
    Ok(account::ActiveModel { id: Set(account.id), totp_secret: Set(None), ..Default::default() }.update(work.write()).await?)
}
