//! What Mission says for one page of a member: asked at most every five minutes, kept sealed, and shown with its age where Mission
//! cannot be asked.

use std::sync::Arc;

use entity::{Moment, mission::page, wall::Walled};
use parking_lot::Mutex;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::OnConflict};
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{
    mission::{
        MissionMember, queries,
        record::{Events, Record},
    },
    platform::{
        Actor, Error, Platform, Result,
        remote::{Call, CallError, Remote},
    },
    tenancy,
};

/// So long nobody asks again.
const FRESH: i64 = 5 * Moment::MINUTE;
/// So long nobody waits for a Mission that has just not answered.
const PAUSE: i64 = 30 * Moment::SECOND;
/// Older than that it says nothing any more.
const OLDEST: i64 = 30 * Moment::DAY;

/// What keeps a page from being new, as far as a member is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A setting is missing.
    NotConnected,
    /// It does not answer, refuses our key, or answers what cannot be read.
    Away,
    /// It knows nobody of this address.
    Unknown,
}

/// A page's data, how old it is, and what is the matter.
#[derive(Clone, Debug)]
pub struct Seen<R> {
    pub record: Option<R>,
    pub at: Option<Moment>,
    pub trouble: Option<Trouble>,
}

/// When Mission last did not answer, and why; of this process alone.
#[derive(Default)]
struct LastTrouble(Mutex<Option<(Moment, CallError)>>);

pub async fn look<R: Record>(platform: &Arc<Platform>, who: &MissionMember) -> Result<Seen<R>> {
    let now = platform.clock.now();
    let tx = platform.read(who.caller.reach()).await?;
    let row = queries::kept(&tx, who.caller.account, R::NAME).await?;
    let slug = tenancy::tenant(&tx, who.tenant).await?.ok_or(Error::NotFound)?.slug;
    drop(tx);
    let kept: Option<(R, Moment)> =
        row.filter(|row| now.since(row.taken_at) < OLDEST).and_then(|row| Some((open(platform, who, &row)?, row.taken_at)));
    if kept.as_ref().is_some_and(|(_, at)| now.since(*at) < FRESH) {
        let (record, at) = kept.unzip();
        return Ok(Seen { record, at, trouble: None });
    }
    match ask::<R>(platform, who, &slug, now).await {
        Ok(record) => {
            keep(platform, who, &record).await?;
            Ok(Seen { record: Some(record), at: Some(now), trouble: None })
        }
        Err(CallError::Missing) => {
            // Who is not known there any more sees nothing of before.
            forget(platform, who, R::NAME).await?;
            Ok(Seen { record: None, at: None, trouble: Some(Trouble::Unknown) })
        }
        Err(error) => {
            let trouble = if matches!(error, CallError::NotSet(_)) { Trouble::NotConnected } else { Trouble::Away };
            let (record, at) = kept.unzip();
            Ok(Seen { record, at, trouble: Some(trouble) })
        }
    }
}

async fn ask<R: Record>(
    platform: &Arc<Platform>,
    who: &MissionMember,
    slug: &str,
    now: Moment,
) -> std::result::Result<R, CallError> {
    let mission = Remote::of(platform, &platform.config.mission)?;
    let last = platform.shared::<LastTrouble>();
    if let Some((at, error)) = last.0.lock().as_ref()
        && now.since(*at) < PAUSE
    {
        return Err(error.clone());
    }
    let query = [("tenant", slug), ("email", who.caller.email.as_str())];
    let answer = mission.call::<Sound<R>>(platform, Call::get(&format!("v1/{}", R::NAME), &query)).await;
    // That one page cannot be read does not keep the others from being asked.
    *last.0.lock() = match &answer {
        Err(error) if error.is_passing() || *error == CallError::KeyRefused => Some((now, error.clone())),
        _ => None,
    };
    answer.map(|Sound(mut record)| {
        record.settle();
        record
    })
}

/// Whether it answers, at this moment: the events of this address are asked for, which may well be nobody's there.
pub async fn answers(platform: &Arc<Platform>, tenant: &str, email: &str) -> std::result::Result<(), CallError> {
    let mission = Remote::of(platform, &platform.config.mission)?;
    let path = format!("v1/{}", Events::NAME);
    match mission.call_now::<Sound<Events>>(platform, Call::get(&path, &[("tenant", tenant), ("email", email)])).await {
        Ok(_) | Err(CallError::Missing) => Ok(()),
        Err(error) => Err(error),
    }
}

/// A record without a problem: one that cannot be shown is no answer, and the health pages hear why.
struct Sound<R>(R);

impl<'de, R: Record> Deserialize<'de> for Sound<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let record = R::deserialize(deserializer)?;
        match record.problem() {
            Some(problem) => Err(D::Error::custom(problem)),
            None => Ok(Self(record)),
        }
    }
}

fn context(who: &MissionMember, name: &str) -> Vec<u8> {
    // Another address is another person over there.
    format!("mission:{}:{name}:{}", who.caller.account, who.caller.email).into_bytes()
}

fn open<R: Record>(platform: &Platform, who: &MissionMember, row: &page::Model) -> Option<R> {
    let plain = platform.keyring.open_sealed("mission", &context(who, R::NAME), &row.sealed).ok()?;
    serde_json::from_slice(&plain).ok()
}

/// Keeps what Mission said.
pub async fn keep<R: Record>(platform: &Arc<Platform>, who: &MissionMember, record: &R) -> Result<()> {
    let sealed = platform.keyring.seal("mission", &context(who, R::NAME), &serde_json::to_vec(record)?);
    let mut work = platform.work(Actor::program("mission"), who.caller.reach()).await?;
    let row = page::ActiveModel {
        account_id: Set(who.caller.account),
        page: Set(R::NAME.to_owned()),
        tenant_id: Set(who.tenant),
        sealed: Set(sealed),
        taken_at: Set(work.now()),
    };
    page::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([page::Column::AccountId, page::Column::Page])
                .update_columns([page::Column::Sealed, page::Column::TakenAt])
                .to_owned(),
        )
        .exec_without_returning(work.write())
        .await?;
    work.counts_as_audited("what Mission said last is a copy");
    work.commit().await
}

async fn forget(platform: &Arc<Platform>, who: &MissionMember, name: &str) -> Result<()> {
    let mut work = platform.work(Actor::program("mission"), who.caller.reach()).await?;
    let known = page::Entity::within(work.read().reach())
        .filter(page::Column::AccountId.eq(who.caller.account))
        .filter(page::Column::Page.eq(name))
        .one(work.read())
        .await?;
    if known.is_some() {
        page::Entity::delete_many()
            .filter(page::Column::AccountId.eq(who.caller.account))
            .filter(page::Column::Page.eq(name))
            .exec(work.write())
            .await?;
    }
    work.counts_as_audited("what Mission said last is a copy");
    work.commit().await
}
