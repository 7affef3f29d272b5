//! A lost device. One person records how identity was verified; a second one confirms; the owner is told each time, and
//! sets up a new factor by a mailed link and the password that still stands.

use entity::{
    Moment,
    identity::{AccountStatus, LinkPurpose, account, mfa_reset, recovery_code},
    ids::{AccountId, MfaResetId},
    wall::Unwalled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};

use super::{end_session::end_sessions_of, make_link::make_link, passkeys::forget_passkeys, sign_in::line};
use crate::{
    audit,
    identity::{FIRM, letters, queries},
    platform::{Error, Refusal, Result, Work},
};

const SETUP_LIFE: i64 = Moment::DAY;
/// A reset nobody confirms is no reset.
pub const WAITS: i64 = 3 * Moment::DAY;

/// Starts it, in the name of the work's actor.
pub async fn start_factor_reset(work: &mut Work, email: &str, verified: &str) -> Result<MfaResetId> {
    let verified = verified.trim();
    if verified.chars().count() < 10 || verified.chars().count() > 1_000 {
        return Err(Error::invalid(
            "verified",
            "Say how you verified who this is, e.g. \"video call, passport seen\" (10 characters or more).",
        ));
    }
    let email = crate::identity::email::normalise(email);
    let account = queries::account_by_email(work.read(), FIRM, &email)
        .await?
        .filter(|account| account.status == AccountStatus::Active)
        .ok_or_else(|| Error::invalid("email", "No active account with a second factor has this e-mail address."))?;
    if work.actor().account == Some(account.id) {
        return Err(Error::forbidden("Nobody resets their own second factor; another operator has to."));
    }
    let open = queries::open_factor_resets(work.read(), work.now()).await?;
    if open.iter().any(|reset| reset.account_id == account.id) {
        return Err(Refusal::new(
            "reset_waiting",
            "A reset for this person waits for its confirmation already.",
            "Confirm or cancel that one.",
        )
        .into());
    }
    let id: MfaResetId = work.id();
    mfa_reset::ActiveModel {
        id: Set(id),
        account_id: Set(account.id),
        started_by: Set(work.actor().account),
        started_by_name: Set(work.actor().name.clone()),
        verified: Set(verified.to_owned()),
        created_at: Set(work.now()),
        confirmed_at: Set(None),
        confirmed_by: Set(None),
        cancelled_at: Set(None),
    }
    .insert(work.write())
    .await?;
    audit::record(work, line("factor_reset.started", Some(&account), FIRM).with("verified", verified)).await?;
    letters::factor_reset_started(work, &account).await?;
    Ok(id)
}

/// The second person's yes: the old factor and its recovery codes are dead, all sessions end, the mail goes out.
/// Tenancy proves that this person may; here only that it is neither who started it nor whose it is.
pub async fn confirm_factor_reset(work: &mut Work, id: MfaResetId) -> Result<()> {
    let (reset, account) = waiting(work, id).await?;
    let me = work.actor().account;
    if me.is_none() || me == reset.started_by || me == Some(account.id) {
        return Err(Error::forbidden("A second person has to confirm: not the one who started it, and not the person it is for."));
    }
    let now = work.now();
    mfa_reset::ActiveModel { id: Set(id), confirmed_at: Set(Some(now)), confirmed_by: Set(me), ..Default::default() }
        .update(work.write())
        .await?;
    account::ActiveModel { id: Set(account.id), totp_secret: Set(None), ..Default::default() }.update(work.write()).await?;
    recovery_code::Entity::delete_many().filter(recovery_code::Column::AccountId.eq(account.id)).exec(work.write()).await?;
    // What was lost may have held passkeys too.
    forget_passkeys(work, account.id).await?;
    let ended = end_sessions_of(work, account.id, None).await?;
    let token = make_link(work, account.id, LinkPurpose::Setup, SETUP_LIFE, &reset.started_by_name).await?;
    let link = work.platform().config.link(&format!("/setup/{token}"));
    audit::record(work, line("factor_reset.confirmed", Some(&account), FIRM).with("sessions_ended", ended)).await?;
    letters::factor_reset_confirmed(work, &account, &link).await
}

/// It was a mistake, or not them.
pub async fn cancel_factor_reset(work: &mut Work, id: MfaResetId) -> Result<()> {
    let (_, account) = waiting(work, id).await?;
    let now = work.now();
    mfa_reset::ActiveModel { id: Set(id), cancelled_at: Set(Some(now)), ..Default::default() }.update(work.write()).await?;
    audit::record(work, line("factor_reset.cancelled", Some(&account), FIRM)).await
}

async fn waiting(work: &Work, id: MfaResetId) -> Result<(mfa_reset::Model, account::Model)> {
    let reset = mfa_reset::Entity::rows().filter(mfa_reset::Column::Id.eq(id)).one(work.read()).await?.ok_or(Error::NotFound)?;
    let over = work.now().since(reset.created_at) > WAITS;
    if over || reset.confirmed_at.is_some() || reset.cancelled_at.is_some() {
        return Err(Refusal::new(
            "reset_over",
            "This reset does not wait for anybody any more.",
            "Start a new one if it is still needed.",
        )
        .into());
    }
    let account = queries::account(work.read(), reset.account_id).await?.ok_or(Error::NotFound)?;
    Ok((reset, account))
}

/// Whose reset this is.
pub async fn reset_account(work: &Work, id: MfaResetId) -> Result<AccountId> {
    Ok(waiting(work, id).await?.1.id)
}
