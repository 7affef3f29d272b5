//! The second stage: a code from the app, or a recovery code. Both count to the same lock as the password.

use std::sync::Arc;

use entity::{
    Moment, Reach,
    identity::{account, recovery_code},
    ids::AccountId,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{
    count_attempt::{self, Try},
    end_session::end_session,
    sign_in::{Opened, line, locked_now, named, open_fully},
};
use crate::{
    audit,
    identity::{SignedIn, devices, letters, recovery, totp},
    platform::{Actor, Error, Platform, Result, Work},
};

/// What was typed.
pub enum Code {
    Totp(String),
    Recovery(String),
}

pub enum CodeAnswer {
    /// Why, in words for somebody who gave the right password.
    Wrong(String),
    Locked(Moment),
    SignedIn(Opened),
}

pub async fn confirm_code(
    platform: &Arc<Platform>,
    actor: Actor,
    half: &SignedIn,
    code: Code,
    device: Option<&str>,
) -> Result<CodeAnswer> {
    let account = half.account.clone();
    let reach = Reach::Everything("signing in: the second factor");
    let mut work = platform.work(named(&actor, &account), reach).await?;
    let known = devices::known(work.read(), Some(account.id), device).await?;
    let key = count_attempt::key(platform, &account.realm, &account.email, known);
    let nth = match count_attempt::take(&mut work, &key).await? {
        Try::Taken(nth) => nth,
        Try::Locked(until) => return Ok(CodeAnswer::Locked(until)),
    };
    let (wrong, method) = match &code {
        Code::Totp(code) => {
            (accept(&mut work, &account, code).await?, joined(&half.session.method, "password+totp", "sso+totp", "link+totp"))
        }
        Code::Recovery(code) => (
            redeem(&mut work, &account, code).await?,
            joined(&half.session.method, "password+recovery", "sso+recovery", "link+recovery"),
        ),
    };
    if let Some(why) = wrong {
        audit::record(&mut work, line("login.failed", Some(&account), &account.realm).denied().with("reason", "code")).await?;
        let locked = locked_now(&mut work, &key, nth, Some(&account), &account.realm, known.is_some()).await?;
        if locked.is_some() {
            end_session(&mut work, half.session.id).await?;
        }
        work.commit().await?;
        return Ok(locked.map_or(CodeAnswer::Wrong(why), CodeAnswer::Locked));
    }
    end_session(&mut work, half.session.id).await?;
    let opened = open_fully(&mut work, &key, account, method, device).await?;
    work.commit().await?;
    Ok(CodeAnswer::SignedIn(opened))
}

/// How the whole of it is called, by what came before the code.
fn joined(first: &str, password: &'static str, sso: &'static str, link: &'static str) -> &'static str {
    match first {
        "sso" => sso,
        "link" => link,
        _ => password,
    }
}

/// Accepts a code once: the step is stored by compare-and-set, it and older ones are dead afterwards. Some(why) where it is wrong.
pub(super) async fn accept(work: &mut Work, account: &account::Model, code: &str) -> Result<Option<String>> {
    let Some(sealed) = &account.totp_secret else { return Err(Error::SignedOut) };
    let secret = work.platform().keyring.open_sealed("totp", account.id.0.as_bytes(), sealed)?;
    let step = match totp::judge(&secret, code, work.now())? {
        totp::Judged::Right(step) => step,
        totp::Judged::Drifted(steps) => return Ok(Some(totp::drift_words(steps))),
        totp::Judged::Wrong => return Ok(Some("That code is not right. Type the six digits your app shows now.".to_owned())),
    };
    let taken = account::Entity::update_many()
        .col_expr(account::Column::TotpStep, Expr::value(step))
        .filter(account::Column::Id.eq(account.id))
        .filter(account::Column::TotpStep.lt(step))
        .exec(work.write())
        .await?
        .rows_affected;
    Ok((taken == 0).then(|| "That code was used before. Wait until your app shows the next one.".to_owned()))
}

/// Uses a recovery code up, and tells the owner. Some(why) where there is no such unused code.
async fn redeem(work: &mut Work, account: &account::Model, code: &str) -> Result<Option<String>> {
    let hash = recovery::hash(work.platform(), account.id, code);
    let now = work.now();
    let used = recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::value(now.0))
        .filter(recovery_code::Column::AccountId.eq(account.id))
        .filter(recovery_code::Column::CodeHash.eq(hash))
        .filter(recovery_code::Column::UsedAt.is_null())
        .exec(work.write())
        .await?
        .rows_affected;
    if used == 0 {
        return Ok(Some("That is not one of your unused recovery codes. Each works once.".to_owned()));
    }
    let left = left_of(work, account.id).await?;
    audit::record(work, line("recovery_code.used", Some(account), &account.realm).with("left", left)).await?;
    letters::recovery_code_used(work, account, left).await?;
    Ok(None)
}

async fn left_of(work: &Work, account: AccountId) -> Result<u64> {
    crate::identity::queries::recovery_codes_left(work.read(), account).await
}
