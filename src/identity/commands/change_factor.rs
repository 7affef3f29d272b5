//! Another authenticator app while the old one still works: begun with a fresh proof, holding from the new app's first code.
//!
//! Until then nothing is stored: the fresh secret travels sealed in the form, bound to this session and for ten minutes.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::{Moment, Reach, identity::account};
use sea_orm::{ActiveModelTrait, Set};
use zeroize::Zeroizing;

use super::{
    change_password::proof_missing, end_session::end_sessions_of, open_session::go_on, prove_again::is_proved, sign_in::line,
};
use crate::{
    audit,
    identity::{SignedIn, letters, totp},
    platform::{Actor, Error, Platform, Refusal, Result, random},
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

/// The new app holds from its first code on, which is dead afterwards; other sessions end. The token of the one that goes on.
pub async fn confirm_factor_change(
    platform: &Arc<Platform>,
    actor: Actor,
    me: &SignedIn,
    sealed: &str,
    code: &str,
) -> Result<String> {
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
    let ended = end_sessions_of(&mut work, account.id, None).await?;
    let token = go_on(&mut work, me).await?;
    let line = line("totp.changed", Some(&account), &account.realm).with("sessions_ended", ended.saturating_sub(1));
    audit::record(&mut work, line).await?;
    letters::factor_set_up(&mut work, &account).await?;
    work.commit().await?;
    Ok(token)
}
