//! The second factor: shown once, confirmed by a code, with recovery codes for the day the phone is lost.

use std::sync::Arc;

use entity::{
    Reach,
    identity::{AccountStatus, LinkPurpose, SessionStage, account, recovery_code},
    ids::AccountId,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};

use super::{
    confirm_code::accept,
    count_attempt::{self, Try},
    end_session::end_sessions_of,
    make_link::revoke_links,
    open_session::{OpenSession, open_session},
    sign_in::{Opened, SignInAnswer, line, locked_now, named, open_fully, still_stands},
};
use crate::{
    audit,
    identity::{LinkState, SignedIn, letters, queries, recovery, verify_password},
    platform::{Actor, Error, Platform, Result, Work, random},
};

pub enum SetUp {
    Wrong(String),
    /// Signed in; the codes are seen here once.
    Done {
        opened: Opened,
        codes: Vec<String>,
    },
}

const REACH: Reach = Reach::Everything("setting up a second factor: not signed in yet");

/// What the app is to scan: the secret of the account whose set-up session this is.
pub fn pending_secret(platform: &Platform, account: &account::Model) -> Result<zeroize::Zeroizing<Vec<u8>>> {
    let sealed = account.totp_secret.as_ref().ok_or(Error::SignedOut)?;
    platform.keyring.open_sealed("totp", account.id.0.as_bytes(), sealed)
}

/// Confirms the new factor by its first code (dead afterwards, as every code), and signs in.
pub async fn confirm_set_up(
    platform: &Arc<Platform>,
    actor: Actor,
    half: &SignedIn,
    code: &str,
    device: Option<&str>,
) -> Result<SetUp> {
    if half.session.stage != SessionStage::Setup {
        return Err(Error::SignedOut);
    }
    let mut work = platform.work(named(&actor, &half.account), REACH).await?;
    let account = queries::account(work.read(), half.account.id).await?.ok_or(Error::SignedOut)?;
    if let Some(why) = accept(&mut work, &account, code).await? {
        audit::record(&mut work, line("totp.refused", Some(&account), &account.realm).denied()).await?;
        work.commit().await?;
        return Ok(SetUp::Wrong(why));
    }
    let invited = account.status == AccountStatus::Invited;
    let opened = account::Entity::update_many()
        .col_expr(account::Column::Status, Expr::value(AccountStatus::Active.word()))
        .filter(account::Column::Id.eq(account.id))
        .filter(account::Column::Status.ne(AccountStatus::Deactivated))
        .exec(work.write())
        .await?;
    // Whoever was shut out while the code was typed stays so; a set-up that was ended elsewhere goes no further.
    if opened.rows_affected != 1 || !queries::ended_among(work.read(), &[half.session.id]).await?.is_empty() {
        return Err(Error::SignedOut);
    }
    let account = queries::account(work.read(), account.id).await?.ok_or(Error::SignedOut)?;
    let purpose = if invited { LinkPurpose::Invite } else { LinkPurpose::Setup };
    use_up(&mut work, account.id, purpose).await?;
    let codes = fresh_recovery_codes(&mut work, account.id).await?;
    end_sessions_of(&mut work, account.id, None).await?;
    if invited {
        audit::record(&mut work, line("invite.accepted", Some(&account), &account.realm)).await?;
    }
    audit::record(&mut work, line("totp.confirmed", Some(&account), &account.realm)).await?;
    letters::factor_set_up(&mut work, &account).await?;
    let key = count_attempt::key(platform, &account.realm, &account.email, None);
    let opened = open_fully(&mut work, &key, account, "password+totp", device).await?;
    work.commit().await?;
    Ok(SetUp::Done { opened, codes })
}

/// The mailed link after a confirmed reset, with the password that still stands: opens the set-up page.
pub async fn start_set_up(platform: &Arc<Platform>, actor: Actor, token: &str, password: &str) -> Result<SignInAnswer> {
    let account = {
        let tx = platform.read(REACH).await?;
        match queries::link_state(&tx, token, LinkPurpose::Setup, platform.clock.now()).await? {
            LinkState::Alive { account, .. } if account.status == AccountStatus::Active => account,
            _ => return Err(super::accept_invite::dead_link()),
        }
    };
    let key = count_attempt::key(platform, &account.realm, &account.email, None);
    let mut work = platform.work(actor.clone(), REACH).await?;
    let taken = count_attempt::take(&mut work, &key).await?;
    work.counts_as_audited("the count itself; what came of the try is recorded below");
    work.commit().await?;
    let nth = match taken {
        Try::Taken(nth) => nth,
        Try::Locked(until) => return Ok(SignInAnswer::Locked(until)),
    };
    let right = verify_password(platform, password, account.password_hash.clone()).await?;
    let mut work = platform.work(named(&actor, &account), REACH).await?;
    if !right {
        audit::record(&mut work, line("login.failed", Some(&account), &account.realm).denied().with("reason", "password")).await?;
        let locked = locked_now(&mut work, &key, nth, Some(&account), &account.realm, false).await?;
        work.commit().await?;
        return Ok(locked.map_or(SignInAnswer::Wrong, SignInAnswer::Locked));
    }
    if !still_stands(&mut work, &account, None).await? {
        return Err(super::accept_invite::dead_link());
    }
    count_attempt::give_back(&mut work, &key).await?;
    let fresh = random::bytes::<20>();
    let sealed = platform.keyring.seal("totp", account.id.0.as_bytes(), &fresh);
    account::ActiveModel { id: Set(account.id), totp_secret: Set(Some(sealed)), ..Default::default() }.update(work.write()).await?;
    end_sessions_of(&mut work, account.id, None).await?;
    let (_, token) =
        open_session(&mut work, OpenSession { account: account.id, stage: SessionStage::Setup, method: "setup" }).await?;
    audit::record(&mut work, line("password.accepted", Some(&account), &account.realm)).await?;
    work.commit().await?;
    Ok(SignInAnswer::CodeAwaited { token })
}

/// Ten new codes; the old ones are dead.
pub(super) async fn fresh_recovery_codes(work: &mut Work, account: AccountId) -> Result<Vec<String>> {
    recovery_code::Entity::delete_many().filter(recovery_code::Column::AccountId.eq(account)).exec(work.write()).await?;
    let codes: Vec<String> = (0..recovery::HOW_MANY).map(|_| recovery::fresh()).collect();
    let now = work.now();
    for code in &codes {
        let hash = recovery::hash(work.platform(), account, code);
        recovery_code::ActiveModel {
            id: Set(work.id()),
            account_id: Set(account),
            code_hash: Set(hash),
            created_at: Set(now),
            used_at: Set(None),
        }
        .insert(work.write())
        .await?;
    }
    Ok(codes)
}

/// The link that led here has served.
async fn use_up(work: &mut Work, account: AccountId, purpose: LinkPurpose) -> Result<()> {
    use entity::identity::link::{Column, Entity};
    let now = work.now();
    Entity::update_many()
        .col_expr(Column::UsedAt, sea_orm::sea_query::Expr::value(now.0))
        .filter(Column::AccountId.eq(account))
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::UsedAt.is_null())
        .filter(Column::RevokedAt.is_null())
        .exec(work.write())
        .await?;
    revoke_links(work, account, None).await
}
