//! E-mail and password: the first stage of the firm's sign-in, the whole of a client's.
//!
//! Unknown, known, invited, deactivated and locked accounts go through the same steps: one try taken, one hash evaluated (none
//! while locked), one audit line.

use std::sync::Arc;

use entity::{
    Moment, Reach,
    identity::{AccountKind, AccountStatus, SessionStage, account},
    ids::SessionId,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};

use super::{
    count_attempt::{self, Try},
    open_session::{OpenSession, open_session},
};
use crate::{
    audit,
    identity::{FIRM, devices, email, hash_password, letters, needs_rehash, queries, realm_tenant, verify_password},
    platform::{Actor, Platform, Result, Work},
};

pub struct SignIn {
    pub realm: String,
    pub email: String,
    pub password: String,
    /// The device cookie's token.
    pub device: Option<String>,
    /// A session this browser still has: it ends, whatever comes.
    pub before: Option<SessionId>,
}

/// What the person is told.
pub enum SignInAnswer {
    /// E-mail or password are wrong, or the account is not active: the same words for all.
    Wrong,
    Locked(Moment),
    /// The password was right; the token is of a session that opens the code page alone.
    CodeAwaited {
        token: String,
    },
    SignedIn(Opened),
}

/// A full session's cookie tokens.
pub struct Opened {
    pub account: account::Model,
    pub session: SessionId,
    pub token: String,
    pub device: String,
}

const REACH: Reach = Reach::Everything("signing in: nobody is known yet");

/// How many sign-ins go on at one time. A rush stands in line here, not before the one writer of the database, where a
/// conversation would wait behind it.
struct Turnstile(tokio::sync::Semaphore);

impl Default for Turnstile {
    fn default() -> Self {
        Self(tokio::sync::Semaphore::new(2 * std::thread::available_parallelism().map_or(2, usize::from)))
    }
}

pub async fn sign_in(platform: &Arc<Platform>, actor: Actor, input: SignIn) -> Result<SignInAnswer> {
    let turnstile = platform.shared::<Turnstile>();
    let _through = turnstile.0.acquire().await.map_err(|e| anyhow::anyhow!(e))?;
    let email = email::normalise(&input.email);
    let mut work = platform.work_in_line(actor.clone(), REACH).await?;
    let account = queries::account_by_email(work.read(), &input.realm, &email).await?;
    let device = devices::known(work.read(), account.as_ref().map(|a| a.id), input.device.as_deref()).await?;
    let key = count_attempt::key(platform, &input.realm, &email, device);
    let nth = match count_attempt::take(&mut work, &key).await? {
        Try::Taken(nth) => nth,
        Try::Locked(until) => {
            audit::record(&mut work, line("login.failed", account.as_ref(), &input.realm).denied().with("reason", "locked"))
                .await?;
            work.commit().await?;
            return Ok(SignInAnswer::Locked(until));
        }
    };
    work.counts_as_audited("the count itself; what comes of the try is recorded below");
    work.commit().await?;
    let may = account.clone().filter(may_sign_in);
    let right = verify_password(platform, &input.password, may.as_ref().and_then(|a| a.password_hash.clone())).await?;
    if let Some(may) = may.filter(|_| right)
        && let Some(answer) = welcome(platform, &actor, &key, may, &input).await?
    {
        return Ok(answer);
    }
    refuse(platform, &actor, &key, nth, account, &input.realm, device.is_some()).await
}

/// Active, and the firm's people with a second factor.
fn may_sign_in(account: &account::Model) -> bool {
    account.status == AccountStatus::Active
        && (account.totp_secret.is_some() || matches!(account.kind, AccountKind::Client | AccountKind::Member))
}

/// None where what was verified does not stand any more.
async fn welcome(
    platform: &Arc<Platform>,
    actor: &Actor,
    key: &str,
    account: account::Model,
    input: &SignIn,
) -> Result<Option<SignInAnswer>> {
    let fresh = match &account.password_hash {
        Some(hash) if needs_rehash(hash) => Some(hash_password(platform, &input.password).await?),
        _ => None,
    };
    let mut work = platform.work_in_line(named(actor, &account), REACH).await?;
    if !still_stands(&mut work, &account, fresh).await? {
        return Ok(None);
    }
    if let Some(before) = input.before {
        super::end_session::end_session(&mut work, before).await?;
    }
    if account.realm == FIRM || account.totp_secret.is_some() {
        count_attempt::give_back(&mut work, key).await?;
        let open = OpenSession { account: account.id, stage: SessionStage::Password, method: "password" };
        let (_, token) = open_session(&mut work, open).await?;
        audit::record(&mut work, line("password.accepted", Some(&account), &account.realm)).await?;
        work.commit().await?;
        return Ok(Some(SignInAnswer::CodeAwaited { token }));
    }
    let opened = open_fully(&mut work, key, account, "password", input.device.as_deref()).await?;
    work.commit().await?;
    Ok(Some(SignInAnswer::SignedIn(opened)))
}

/// The account is open, and its password is the one that was verified: both may have changed while the hash was made, and a reset
/// has ended all sessions. Holds the row until the commit; `fresh` takes the hash's place.
pub(super) async fn still_stands(work: &mut Work, account: &account::Model, fresh: Option<String>) -> Result<bool> {
    let hash = fresh.or_else(|| account.password_hash.clone());
    let held = account::Entity::update_many()
        .col_expr(account::Column::PasswordHash, Expr::value(hash))
        .filter(account::Column::Id.eq(account.id))
        .filter(account::Column::Status.eq(AccountStatus::Active))
        .filter(account::Column::PasswordHash.eq(account.password_hash.clone()))
        .exec(work.write())
        .await?;
    Ok(held.rows_affected == 1)
}

/// The end of every way in: the count starts anew, the device is known, the session is full.
pub(super) async fn open_fully(
    work: &mut Work,
    key: &str,
    account: account::Model,
    method: &'static str,
    device: Option<&str>,
) -> Result<Opened> {
    count_attempt::clear(work, key).await?;
    open_known(work, account, method, device).await
}

/// The same without a count of tries: nothing was guessed.
pub(super) async fn open_known(
    work: &mut Work,
    account: account::Model,
    method: &'static str,
    device: Option<&str>,
) -> Result<Opened> {
    let now = work.now();
    let here = account::ActiveModel { last_login_at: Set(Some(now)), ..Default::default() };
    account::Entity::update_many().set(here).filter(account::Column::Id.eq(account.id)).exec(work.write()).await?;
    let device = devices::remember(work, account.id, device).await?;
    let (session, token) = open_session(work, OpenSession { account: account.id, stage: SessionStage::Full, method }).await?;
    audit::record(work, line("session.opened", Some(&account), &account.realm).with("method", method)).await?;
    Ok(Opened { account, session, token, device })
}

async fn refuse(
    platform: &Arc<Platform>,
    actor: &Actor,
    key: &str,
    nth: i32,
    account: Option<account::Model>,
    realm: &str,
    own_device: bool,
) -> Result<SignInAnswer> {
    let mut work = platform.work_in_line(actor.clone(), REACH).await?;
    audit::record(&mut work, line("login.failed", account.as_ref(), realm).denied().with("reason", "password")).await?;
    let locked = locked_now(&mut work, key, nth, account.as_ref(), realm, own_device).await?;
    work.commit().await?;
    Ok(locked.map_or(SignInAnswer::Wrong, SignInAnswer::Locked))
}

/// After a wrong try: until when the way in is locked now. The try that locked it tells the owner and the audit log.
pub(super) async fn locked_now(
    work: &mut Work,
    key: &str,
    nth: i32,
    account: Option<&account::Model>,
    realm: &str,
    own_device: bool,
) -> Result<Option<Moment>> {
    let locked = count_attempt::locked_until(work.read(), key, work.now()).await?;
    if let Some(until) = locked
        && nth >= count_attempt::TRIES
    {
        audit::record(work, line("account.locked", account, realm).denied().with("until", until.rfc3339())).await?;
        if let Some(account) = account.filter(|account| account.status == AccountStatus::Active) {
            letters::locked(work, account, until, own_device).await?;
        }
    }
    Ok(locked)
}

/// The actor as the person who gave the right password.
pub(super) fn named(actor: &Actor, account: &account::Model) -> Actor {
    Actor { account: Some(account.id), name: account.name.clone(), ..actor.clone() }
}

pub(super) fn line(action: &'static str, account: Option<&account::Model>, realm: &str) -> audit::Line {
    let object = account.map_or_else(|| "account:unknown".to_owned(), |account| format!("account:{}", account.id));
    let tenant = account.and_then(|account| account.tenant_id).or_else(|| realm_tenant(realm));
    audit::Line::new(action, object).tenant(tenant)
}
