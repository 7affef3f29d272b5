//! The stage: people of the cast act in their own name, one after the other, while the clock goes on.

use std::{collections::HashMap, sync::Arc};

use bytes::Bytes;
use entity::{
    Moment, Reach,
    identity::SessionStage,
    ids::{AccountId, CompanyId, DocumentId, TenantId},
};
use time::{Date, Duration};
use time_tz::OffsetDateTimeExt;

use crate::{
    app::cast::Cast,
    audit, identity,
    platform::{Actor, Error, Jobs, Platform, Result, Work},
    tenancy::{self, Caller},
    vault::{self, Audience, Category, NewDocument},
};

pub struct Stage<'a> {
    pub platform: &'a Arc<Platform>,
    pub cast: &'a Cast,
    callers: HashMap<&'static str, Arc<Caller>>,
    runs_jobs: bool,
}

impl<'a> Stage<'a> {
    /// Everybody of the firm's side and the clients, as the session middleware would know them.
    pub async fn open(platform: &'a Arc<Platform>, cast: &'a Cast, runs_jobs: bool) -> Result<Self> {
        let mut work = platform.work(Actor::program("command demo"), Reach::Everything("the stage has several tenants")).await?;
        let mut callers = HashMap::new();
        for person in cast.people.iter().filter(|person| person.tenant.is_some()) {
            let method = if person.portal { "password" } else { "password+totp" };
            let open = identity::OpenSession { account: person.account, stage: SessionStage::Full, method };
            let (session, token) = identity::open_session(&mut work, open).await?;
            let signed_in = identity::signed_in(platform, work.read(), &token).await?.ok_or(Error::NotFound)?;
            let caller = tenancy::caller_of(work.read(), &signed_in.account, &signed_in.session).await?.ok_or(Error::NotFound)?;
            identity::end_session(&mut work, session).await?;
            callers.insert(person.key, Arc::new(caller));
        }
        audit::record(&mut work, audit::Line::new("demo.begun", "installation")).await?;
        work.commit().await?;
        Ok(Self { platform, cast, callers, runs_jobs })
    }

    /// This person, signed in.
    pub fn caller(&self, key: &str) -> Arc<Caller> {
        Arc::clone(self.callers.get(key).expect("the cast is fixed; see cast.rs"))
    }

    pub fn account(&self, key: &str) -> AccountId {
        self.cast.person(key).account
    }

    pub fn actor(&self, key: &str) -> Actor {
        let caller = self.caller(key);
        Actor {
            account: Some(caller.account),
            name: caller.name.clone(),
            method: caller.method.clone(),
            ip: Some("127.0.0.1".to_owned()),
            user_agent: "One Legal demo".to_owned(),
            request_id: None,
        }
    }

    /// A unit of work in this person's name, inside their reach.
    pub async fn work(&self, key: &str) -> Result<Work> {
        self.platform.work(self.actor(key), self.caller(key).reach()).await
    }

    /// Time goes on; mails go out, seals are made, reminders fall due.
    pub async fn later(&self, milliseconds: i64) -> Result<()> {
        self.platform.clock.advance(milliseconds);
        if self.runs_jobs {
            Jobs::run_due(self.platform).await?;
        }
        Ok(())
    }

    pub async fn days(&self, days: i64) -> Result<()> {
        self.later(days * Moment::DAY).await
    }

    pub async fn minutes(&self, minutes: i64) -> Result<()> {
        self.later(minutes * Moment::MINUTE).await
    }

    /// Today where Harbor IT sits.
    pub fn today(&self) -> Date {
        let now = self.platform.clock.now().datetime();
        time_tz::timezones::get_by_name(crate::app::cast::ZONE).map_or_else(|| now.date(), |zone| now.to_timezone(zone).date())
    }

    /// The day so many days from today, as a form takes it.
    pub fn day(&self, from_today: i64) -> String {
        let day = self.today() + Duration::days(from_today);
        format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
    }

    /// A file that this person puts into the vault.
    pub async fn file(&self, key: &str, paper: Paper<'_>) -> Result<DocumentId> {
        let new = NewDocument {
            tenant: paper.tenant,
            company: paper.company,
            category: paper.category,
            title: paper.title.to_owned(),
            file_name: paper.file_name.to_owned(),
            media_type: String::new(),
            owner: paper.owner,
            audience: paper.audience,
        };
        let content = futures_util::stream::iter([Ok(Bytes::from(paper.bytes))]);
        vault::receive(self.platform, self.actor(key), self.caller(key).reach(), new, content).await
    }
}

/// A file and where it belongs.
pub struct Paper<'a> {
    pub tenant: TenantId,
    pub company: Option<CompanyId>,
    pub category: Category,
    pub title: &'a str,
    pub file_name: &'a str,
    pub owner: String,
    pub audience: Vec<Audience>,
    pub bytes: Vec<u8>,
}
