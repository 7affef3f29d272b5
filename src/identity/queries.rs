//! Reading accounts, sessions, links and locks.

use std::collections::HashMap;

use entity::{
    Moment, Reach,
    identity::{
        AccountKind, AccountStatus, LinkPurpose, SessionStage, SsoFace, account, arrival, kept_form, link, mfa_reset,
        recovery_code, session,
    },
    ids::{AccountId, KeptFormId, SessionId},
    wall::Unwalled,
};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    commands::{count_attempt, reset_factor},
    kept::{KeptForm, PURPOSE},
};
use crate::platform::{Platform, Result, Tx, secret};

/// A live session and whose it is.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub session: session::Model,
    pub account: account::Model,
}

/// Milliseconds of inactivity after which a session is over.
pub fn idle_limit(kind: AccountKind) -> i64 {
    match kind {
        AccountKind::Operator | AccountKind::Staff | AccountKind::Attorney => 8 * Moment::HOUR,
        AccountKind::Client => 24 * Moment::HOUR,
        AccountKind::Member => 30 * Moment::DAY,
    }
}

/// Milliseconds after which a session is over, however busy.
pub fn absolute_limit(kind: AccountKind) -> i64 {
    match kind {
        AccountKind::Operator | AccountKind::Staff | AccountKind::Attorney => 7 * Moment::DAY,
        AccountKind::Client => 30 * Moment::DAY,
        AccountKind::Member => 180 * Moment::DAY,
    }
}

/// The session is live at this moment, by the clock alone.
fn is_live(session: &session::Model, kind: AccountKind, now: Moment) -> bool {
    let idle = match session.stage {
        SessionStage::Password => 10 * Moment::MINUTE,
        SessionStage::Setup => Moment::HOUR,
        SessionStage::Full => idle_limit(kind),
    };
    session.ended_at.is_none() && now.since(session.last_seen_at) <= idle && now.since(session.created_at) <= absolute_limit(kind)
}

/// The live session of this cookie token, at whatever stage; none where it has ended, idled out or the account is not active
/// (or, for a set-up, not invited).
pub async fn signed_in(platform: &Platform, tx: &Tx, token: &str) -> Result<Option<SignedIn>> {
    let found = session::Entity::rows()
        .join(
            JoinType::InnerJoin,
            session::Entity::belongs_to(account::Entity).from(session::Column::AccountId).to(account::Column::Id).into(),
        )
        .select_also(account::Entity)
        .filter(session::Column::TokenHash.eq(platform.session_key.hash(token)))
        .filter(session::Column::EndedAt.is_null())
        .one(tx)
        .await?;
    let Some((session, Some(account))) = found else { return Ok(None) };
    let admitted = match account.status {
        AccountStatus::Active => true,
        AccountStatus::Invited => session.stage == SessionStage::Setup,
        AccountStatus::Deactivated => false,
    };
    Ok((admitted && is_live(&session, account.kind, platform.clock.now())).then_some(SignedIn { session, account }))
}

/// The account whose session this token once was, whatever became of it.
pub async fn dead_session_of(platform: &Platform, tx: &Tx, token: &str) -> Result<Option<account::Model>> {
    let row = session::Entity::rows().filter(session::Column::TokenHash.eq(platform.session_key.hash(token))).one(tx).await?;
    match row {
        Some(session) => account(tx, session.account_id).await,
        None => Ok(None),
    }
}

/// A form kept for this account in the browser of this token, and until when.
pub async fn kept_form(platform: &Platform, me: AccountId, token: &str, id: KeptFormId) -> Result<Option<(KeptForm, Moment)>> {
    let tx = platform.read(Reach::Everything("what a person typed, kept for that person")).await?;
    let row = kept_form::Entity::rows()
        .filter(kept_form::Column::Id.eq(id))
        .filter(kept_form::Column::AccountId.eq(me))
        .filter(kept_form::Column::BrowserHash.eq(secret::token_hash(token)))
        .filter(kept_form::Column::ExpiresAt.gt(platform.clock.now()))
        .one(&tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let plain = platform.keyring.open_sealed(PURPOSE, id.0.as_bytes(), &row.sealed)?;
    Ok(Some((serde_json::from_slice(&plain)?, row.expires_at)))
}

/// The newest of them, to remind the person of.
pub async fn newest_kept_form(tx: &Tx, me: AccountId, token: &str, now: Moment) -> Result<Option<KeptFormId>> {
    let row = kept_form::Entity::rows()
        .filter(kept_form::Column::AccountId.eq(me))
        .filter(kept_form::Column::BrowserHash.eq(secret::token_hash(token)))
        .filter(kept_form::Column::ExpiresAt.gt(now))
        .order_by_desc(kept_form::Column::CreatedAt)
        .limit(1)
        .one(tx)
        .await?;
    Ok(row.map(|row| row.id))
}

pub async fn account(tx: &Tx, id: AccountId) -> Result<Option<account::Model>> {
    Ok(account::Entity::rows().filter(account::Column::Id.eq(id)).one(tx).await?)
}

/// Which of these sessions have ended.
pub async fn ended_among(tx: &Tx, sessions: &[SessionId]) -> Result<Vec<SessionId>> {
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    Ok(session::Entity::rows()
        .filter(session::Column::Id.is_in(sessions.iter().map(|id| id.0)))
        .filter(session::Column::EndedAt.is_not_null())
        .select_only()
        .column(session::Column::Id)
        .into_tuple()
        .all(tx)
        .await?)
}

/// `email` in its one spelling.
pub async fn account_by_email(tx: &Tx, realm: &str, email: &str) -> Result<Option<account::Model>> {
    Ok(account::Entity::rows().filter(account::Column::Realm.eq(realm)).filter(account::Column::Email.eq(email)).one(tx).await?)
}

/// These accounts by id; the asker's slice has checked that it may know them.
pub async fn accounts(tx: &Tx, ids: impl IntoIterator<Item = AccountId>) -> Result<HashMap<AccountId, account::Model>> {
    let ids: Vec<AccountId> = ids.into_iter().collect();
    let rows = account::Entity::rows().filter(account::Column::Id.is_in(ids)).all(tx).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// All accounts of a kind, by name: for the operator.
pub async fn accounts_of_kind(tx: &Tx, kind: AccountKind) -> Result<Vec<account::Model>> {
    Ok(account::Entity::rows()
        .filter(account::Column::Kind.eq(kind))
        .order_by_asc(account::Column::Name)
        .limit(500)
        .all(tx)
        .await?)
}

/// The person's live sessions, newest first.
pub async fn sessions_of(tx: &Tx, account: &account::Model, now: Moment) -> Result<Vec<session::Model>> {
    let rows = session::Entity::rows()
        .filter(session::Column::AccountId.eq(account.id))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::Stage.eq(SessionStage::Full))
        .order_by_desc(session::Column::LastSeenAt)
        .limit(200)
        .all(tx)
        .await?;
    Ok(rows.into_iter().filter(|session| is_live(session, account.kind, now)).collect())
}

pub async fn recovery_codes_left(tx: &Tx, account: AccountId) -> Result<u64> {
    Ok(recovery_code::Entity::rows()
        .filter(recovery_code::Column::AccountId.eq(account))
        .filter(recovery_code::Column::UsedAt.is_null())
        .count(tx)
        .await?)
}

/// What a mailed link is worth now.
#[derive(Clone, Debug)]
pub enum LinkState {
    Alive {
        account: account::Model,
        asked_by: String,
    },
    Used,
    Expired {
        asked_by: String,
    },
    /// A newer one was sent.
    Replaced {
        asked_by: String,
    },
    /// Taken back, with no newer one in its place.
    Withdrawn {
        asked_by: String,
    },
    Unknown,
}

pub async fn link_state(tx: &Tx, token: &str, purpose: LinkPurpose, now: Moment) -> Result<LinkState> {
    let row = link::Entity::rows()
        .filter(link::Column::TokenHash.eq(secret::token_hash(token)))
        .filter(link::Column::Purpose.eq(purpose))
        .one(tx)
        .await?;
    let Some(row) = row else { return Ok(LinkState::Unknown) };
    if row.used_at.is_some() {
        return Ok(LinkState::Used);
    }
    if row.revoked_at.is_some() {
        let newer = link::Entity::rows()
            .filter(link::Column::AccountId.eq(row.account_id))
            .filter(link::Column::Purpose.eq(purpose))
            .filter(link::Column::Id.ne(row.id))
            .filter(link::Column::CreatedAt.gte(row.created_at))
            .count(tx)
            .await?;
        let is_shut = account(tx, row.account_id).await?.is_none_or(|account| account.status == AccountStatus::Deactivated);
        return Ok(if newer == 0 || is_shut {
            LinkState::Withdrawn { asked_by: row.asked_by }
        } else {
            LinkState::Replaced { asked_by: row.asked_by }
        });
    }
    if row.expires_at <= now {
        return Ok(LinkState::Expired { asked_by: row.asked_by });
    }
    Ok(match account(tx, row.account_id).await? {
        Some(account) if account.status != AccountStatus::Deactivated => LinkState::Alive { account, asked_by: row.asked_by },
        _ => LinkState::Unknown,
    })
}

/// Whose link this is, whatever became of it.
pub async fn link_account(tx: &Tx, token: &str, purpose: LinkPurpose) -> Result<Option<account::Model>> {
    let row = link::Entity::rows()
        .filter(link::Column::TokenHash.eq(secret::token_hash(token)))
        .filter(link::Column::Purpose.eq(purpose))
        .one(tx)
        .await?;
    match row {
        Some(row) => account(tx, row.account_id).await,
        None => Ok(None),
    }
}

/// The address that this link is to confirm.
pub async fn new_email(tx: &Tx, token: &str) -> Result<Option<String>> {
    let row = link::Entity::rows().filter(link::Column::TokenHash.eq(secret::token_hash(token))).one(tx).await?;
    Ok(row.and_then(|row| row.new_email))
}

/// The address this person has asked for and not confirmed yet, and until when its link works.
pub async fn pending_email(tx: &Tx, account: AccountId, now: Moment) -> Result<Option<(String, Moment)>> {
    let row = link::Entity::rows()
        .filter(link::Column::AccountId.eq(account))
        .filter(link::Column::Purpose.eq(LinkPurpose::Email))
        .filter(link::Column::UsedAt.is_null())
        .filter(link::Column::RevokedAt.is_null())
        .filter(link::Column::ExpiresAt.gt(now))
        .one(tx)
        .await?;
    Ok(row.and_then(|row| Some((row.new_email?, row.expires_at))))
}

/// The person took an invitation, or never needed one.
pub async fn has_accepted(tx: &Tx, account: AccountId) -> Result<bool> {
    let invites = link::Entity::rows()
        .filter(link::Column::AccountId.eq(account))
        .filter(link::Column::Purpose.eq(LinkPurpose::Invite))
        .all(tx)
        .await?;
    Ok(invites.is_empty() || invites.iter().any(|invite| invite.used_at.is_some()))
}

/// What an administrator sees of a person: the true reason why somebody cannot sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// `active`, `invited`, `expired`, `locked`, `deactivated`
    pub word: &'static str,
    /// A sentence; where a moment matters, up to that moment (`part/standing.html` shows both).
    pub reason: &'static str,
    pub at: Option<Moment>,
}

/// The standing of each account.
pub async fn standings(platform: &Platform, tx: &Tx, accounts: &[account::Model]) -> Result<HashMap<AccountId, Standing>> {
    let now = platform.clock.now();
    let locks = count_attempt::locks_of(platform, tx, accounts, now).await?;
    let invites: HashMap<AccountId, Moment> = link::Entity::rows()
        .filter(link::Column::AccountId.is_in(accounts.iter().map(|a| a.id)))
        .filter(link::Column::Purpose.eq(LinkPurpose::Invite))
        .filter(link::Column::UsedAt.is_null())
        .filter(link::Column::RevokedAt.is_null())
        .all(tx)
        .await?
        .into_iter()
        .map(|row| (row.account_id, row.expires_at))
        .collect();
    Ok(accounts.iter().map(|a| (a.id, standing(a, locks.get(&a.id), invites.get(&a.id), now))).collect())
}

fn standing(account: &account::Model, locked: Option<&Moment>, invite: Option<&Moment>, now: Moment) -> Standing {
    let (word, reason, at) = match (account.status, locked, invite) {
        (AccountStatus::Deactivated, ..) => ("deactivated", "Deactivated: cannot sign in until reactivated.", None),
        (AccountStatus::Invited, _, Some(until)) if *until > now => {
            ("invited", "Invited, has not accepted yet. The link works until", Some(*until))
        }
        (AccountStatus::Invited, ..) => {
            ("expired", "Invited, never accepted, and the link has expired. Resend the invitation.", None)
        }
        (AccountStatus::Active, Some(until), _) => ("locked", "Locked after three wrong tries, until", Some(*until)),
        (AccountStatus::Active, None, _) => match account.last_login_at {
            Some(at) => ("active", "Last signed in", Some(at)),
            None => ("active", "Has not signed in yet.", None),
        },
    };
    Standing { word, reason, at }
}

/// Resets of a second factor that wait for their second person, oldest first.
pub async fn open_factor_resets(tx: &Tx, now: Moment) -> Result<Vec<mfa_reset::Model>> {
    Ok(mfa_reset::Entity::rows()
        .filter(mfa_reset::Column::ConfirmedAt.is_null())
        .filter(mfa_reset::Column::CancelledAt.is_null())
        .filter(mfa_reset::Column::CreatedAt.gt(now.plus(-reset_factor::WAITS)))
        .order_by_asc(mfa_reset::Column::CreatedAt)
        .all(tx)
        .await?)
}

/// How the Hub's links fared for these people of a realm, by e-mail.
pub async fn arrivals(tx: &Tx, face: SsoFace, realm: &str, emails: &[&str]) -> Result<HashMap<String, arrival::Model>> {
    let rows = arrival::Entity::rows()
        .filter(arrival::Column::Face.eq(face))
        .filter(arrival::Column::Realm.eq(realm))
        .filter(arrival::Column::Email.is_in(emails.iter().copied()))
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.email.clone(), row)).collect())
}

/// How the links of a face fared on the whole.
#[derive(Clone, Debug, Default)]
pub struct Arrivals {
    pub last_ok: Option<Moment>,
    /// Code and moment of the last refusal.
    pub last_fault: Option<(String, Moment)>,
}

/// Of one realm, or of the whole installation. A link whose signature is wrong belongs to no realm.
pub async fn arrivals_at(tx: &Tx, face: SsoFace, realm: Option<&str>) -> Result<Arrivals> {
    let rows = || {
        let rows = arrival::Entity::rows().filter(arrival::Column::Face.eq(face));
        match realm {
            Some(realm) => rows.filter(arrival::Column::Realm.is_in([realm, ""])),
            None => rows,
        }
    };
    let ok = rows().filter(arrival::Column::LastOkAt.is_not_null()).order_by_desc(arrival::Column::LastOkAt).one(tx).await?;
    let fault =
        rows().filter(arrival::Column::LastFaultAt.is_not_null()).order_by_desc(arrival::Column::LastFaultAt).one(tx).await?;
    Ok(Arrivals {
        last_ok: ok.and_then(|row| row.last_ok_at),
        last_fault: fault.and_then(|row| Some((row.last_fault?, row.last_fault_at?))),
    })
}

/// The people of this realm whose last link of the Hub was refused, the latest first.
pub async fn refused_arrivals(tx: &Tx, face: SsoFace, realm: &str) -> Result<Vec<arrival::Model>> {
    Ok(arrival::Entity::rows()
        .filter(arrival::Column::Face.eq(face))
        .filter(arrival::Column::Realm.eq(realm))
        .filter(arrival::Column::LastFaultAt.is_not_null())
        .order_by_desc(arrival::Column::LastFaultAt)
        .limit(50)
        .all(tx)
        .await?)
}

/// How many people (of one realm, or of all) were invited and have no link left that works, and since when the first.
pub async fn stale_invitations(tx: &Tx, realm: Option<&str>, now: Moment) -> Result<Option<(usize, Moment)>> {
    let mut invited = account::Entity::rows().filter(account::Column::Status.eq(AccountStatus::Invited));
    if let Some(realm) = realm {
        invited = invited.filter(account::Column::Realm.eq(realm));
    }
    let invited = invited.all(tx).await?;
    let links = link::Entity::rows()
        .filter(link::Column::Purpose.eq(LinkPurpose::Invite))
        .filter(link::Column::UsedAt.is_null())
        .filter(link::Column::RevokedAt.is_null())
        .all(tx)
        .await?;
    let until: HashMap<AccountId, Moment> = links.into_iter().map(|row| (row.account_id, row.expires_at)).collect();
    let stale = invited.iter().map(|row| until.get(&row.id).copied().unwrap_or(row.created_at)).filter(|until| *until <= now);
    Ok(stale.fold(None, |found: Option<(usize, Moment)>, until| {
        Some(found.map_or((1, until), |(count, first)| (count + 1, Moment(first.0.min(until.0)))))
    }))
}
