//! One unit of work: a transaction in somebody's name, with clock, ids, jobs and notes that go out after the commit.
//!
//! A command makes its rule, its rows and its audit line in the same `Work`; the handler commits.
//! [`Work::commit`] refuses rows without an audit line.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use entity::{
    Moment,
    ids::{AccountId, JobId, TenantId},
    platform::job,
};
use sea_orm::{ActiveModelTrait, Set};
use serde::Serialize;

use super::{Bus, Clock, Job, Note, Platform, Result, Tx, random};

/// In whose name something happens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// None for jobs, commands of the command line, and people not yet known.
    pub account: Option<AccountId>,
    /// The person's name, `job seal_envelope`, `command operator create`, or `a stranger`.
    pub name: String,
    /// How the person was authenticated, e.g. `password+totp`.
    pub method: String,
    pub ip: Option<String>,
    pub user_agent: String,
    pub request_id: Option<String>,
}

impl Actor {
    /// The program itself: `job seal_envelope`, `command audit verify`.
    pub fn program(name: impl Into<String>) -> Self {
        Self { name: name.into(), method: "program".to_owned(), ..Self::default() }
    }
}

/// What a slice tells the others, by the outbox. Events only tell, they never do the slice's own work.
/// They carry ids and names for the words of a notification, never a body or a secret.
pub trait Event: Serialize + Send + Sync {
    /// `envelope.signed`
    const NAME: &'static str;
    /// None where it belongs to no tenant.
    fn tenant(&self) -> Option<TenantId>;
}

/// Events of one slice about the same thing: each has a word, its `About` (with `tenant`) and what it tells beside.
macro_rules! events {
    ($($(#[$meta:meta])* $name:ident = $word:literal $({ $($(#[$of_field:meta])* $field:ident: $type:ty),+ $(,)? })?),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Serialize)]
        pub struct $name {
            #[serde(flatten)]
            pub about: About,
            $($($(#[$of_field])* pub $field: $type,)+)?
        }

        impl $crate::platform::Event for $name {
            const NAME: &'static str = $word;

            fn tenant(&self) -> Option<entity::ids::TenantId> {
                Some(self.about.tenant)
            }
        }
    )+};
}
pub(crate) use events;

/// An event as its listeners read it.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Told {
    /// The same for every listener and every reading of this event.
    pub id: uuid::Uuid,
    pub name: String,
    pub tenant: Option<TenantId>,
    pub at: Moment,
    pub actor: Option<AccountId>,
    pub actor_name: String,
    pub data: serde_json::Value,
}

/// Listens to every event, inside the transaction that told it: what it writes (a notification, a mail job) stands or falls
/// with the command. It only writes its own slice's rows.
pub type Listener = for<'a> fn(&'a mut Work, &'a Told) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

pub struct Work {
    platform: Arc<Platform>,
    tx: Tx,
    actor: Actor,
    wrote: AtomicBool,
    audited: bool,
    enqueued: bool,
    told: Vec<Told>,
    notes: Vec<Note>,
    /// For the other nodes alone: here it is known already.
    elsewhere: Vec<Note>,
}

impl Work {
    pub(super) fn of(platform: &Arc<Platform>, tx: Tx, actor: Actor) -> Self {
        Self {
            platform: Arc::clone(platform),
            tx,
            actor,
            wrote: AtomicBool::new(false),
            audited: false,
            enqueued: false,
            told: Vec::new(),
            notes: Vec::new(),
            elsewhere: Vec::new(),
        }
    }

    pub fn platform(&self) -> &Arc<Platform> {
        &self.platform
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// A stranger has shown in this work who they are: what follows is recorded in their name.
    pub fn becomes(&mut self, account: AccountId, name: &str) {
        (self.actor.account, self.actor.name) = (Some(account), name.to_owned());
    }

    pub fn clock(&self) -> &Clock {
        &self.platform.clock
    }

    pub fn now(&self) -> Moment {
        self.platform.clock.now()
    }

    /// A new id of the type asked for: `let id: PolicyId = work.id();`
    pub fn id<I: From<uuid::Uuid>>(&self) -> I {
        I::from(random::id(self.now()))
    }

    /// For reading inside the transaction.
    pub fn read(&self) -> &Tx {
        &self.tx
    }

    /// For writing; from now on the work owes an audit line.
    pub fn write(&self) -> &Tx {
        self.wrote.store(true, Ordering::Relaxed);
        &self.tx
    }

    /// Called by `audit::record` alone.
    pub(crate) fn note_audited(&mut self) {
        self.audited = true;
    }

    /// The rows of this work need no audit line; says why (they are a log themselves, or a clock).
    pub fn counts_as_audited(&mut self, _why: &'static str) {
        self.audited = true;
    }

    /// Tells the other slices; they listen at the commit, in the same transaction.
    pub fn tell<E: Event>(&mut self, event: &E) -> Result<()> {
        let (account, name) = (self.actor.account, self.actor.name.clone());
        self.tell_of(account, &name, event)
    }

    /// The same in another's name: one work may hold the acts of several people.
    pub fn tell_of<E: Event>(&mut self, actor: Option<AccountId>, name: &str, event: &E) -> Result<()> {
        self.told.push(Told {
            id: random::id(self.now()),
            name: E::NAME.to_owned(),
            tenant: event.tenant(),
            at: self.now(),
            actor,
            actor_name: name.to_owned(),
            data: serde_json::to_value(event)?,
        });
        Ok(())
    }

    /// Something to be done after the commit, also after a crash.
    pub async fn enqueue<J: Job>(&mut self, job: &J) -> Result<()> {
        self.enqueue_at(job, self.now()).await
    }

    pub async fn enqueue_at<J: Job>(&mut self, job: &J, at: Moment) -> Result<()> {
        let id: JobId = self.id();
        let sealed = self.platform.keyring.seal("job", id.0.as_bytes(), &serde_json::to_vec(job)?);
        job::ActiveModel {
            id: Set(id),
            kind: Set(J::KIND.to_owned()),
            queue: Set(job.queue()),
            payload: Set(sealed),
            status: Set(job::JobStatus::Queued),
            run_at: Set(at),
            leased_until: Set(None),
            attempts: Set(0),
            last_error: Set(None),
            created_at: Set(self.now()),
            finished_at: Set(None),
        }
        .insert(&self.tx)
        .await?;
        self.enqueued = true;
        Ok(())
    }

    /// Says "look again" to whoever listens on this topic, after the commit.
    pub fn note(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// The same for the other nodes alone, where this one passes it on by itself.
    pub fn note_elsewhere(&mut self, note: Note) {
        self.elsewhere.push(note);
    }

    /// Makes it so. Refuses rows without an audit line: that is a defect of the command.
    pub async fn commit(mut self) -> Result<()> {
        for told in std::mem::take(&mut self.told) {
            for listener in self.platform.listeners {
                listener(&mut self, &told).await?;
            }
        }
        if self.wrote.load(Ordering::Relaxed) && !self.audited {
            return Err(super::Error::Internal(anyhow::anyhow!("rows were written without an audit line")));
        }
        let Self { platform, tx, actor, audited, enqueued, notes, elsewhere, .. } = self;
        platform.bus.tell_others(&tx, &notes.iter().chain(&elsewhere).collect::<Vec<_>>()).await?;
        tx.commit().await?;
        if audited && let Some(request_id) = &actor.request_id {
            platform.tripwire.audited(request_id);
        }
        for note in notes {
            Bus::publish(&platform.bus, note);
        }
        if enqueued {
            platform.jobs.nudge();
        }
        Ok(())
    }
}
