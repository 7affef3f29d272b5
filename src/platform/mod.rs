//! Machines and web kit; knows no legal word.
//!
//! Owns: the unit of work, errors, clock, settings, keyring, jobs, mail, blobs, the bus and the web kit.
//! Everything that is read from outside (time, randomness, environment, network) enters here.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::Arc,
};

use parking_lot::Mutex;

pub mod blobs;
pub mod bus;
pub mod clock;
pub mod config;
pub mod counts;
pub mod db;
pub mod delivery;
pub mod dns;
pub mod error;
pub mod jobs;
pub mod keyring;
pub mod leaf;
pub mod llm;
pub mod mail;
pub mod markdown;
pub mod money;
pub mod outside;
pub mod pace;
pub mod random;
pub mod remote;
pub mod secret;
pub mod sync;
pub mod text;
pub mod tripwire;
pub mod typeset;
pub mod web;
pub mod work;

pub use blobs::Blobs;
pub use bus::{Bus, Note};
pub use clock::Clock;
pub use config::Config;
pub use counts::Count;
pub use db::{Db, Tx};
pub use dns::Dns;
pub use error::{Error, FieldErrors, Refusal, Result};
pub use jobs::{Job, Jobs, Lane, Outcome};
pub use keyring::Keyring;
pub use leaf::Leaf;
pub use mail::{Mail, Mailer};
pub use tripwire::Tripwire;
pub(crate) use work::events;
pub use work::{Actor, Event, Listener, Told, Work};

/// The machines of one running installation. One per process; tests make as many as they like.
pub struct Platform {
    pub config: Config,
    pub db: Db,
    pub clock: Clock,
    pub keyring: Keyring,
    pub session_key: secret::SessionKey,
    pub blobs: Blobs,
    pub bus: Bus,
    pub mailer: Mailer,
    pub dns: Dns,
    pub jobs: Jobs,
    pub tripwire: Tripwire,
    listeners: &'static [work::Listener],
    shared: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Platform {
    /// Opens database, keyring, blobs and mail as the settings say. Does not migrate and starts nothing.
    pub async fn open(config: Config, clock: Clock, jobs: Jobs, listeners: &'static [work::Listener]) -> Result<Arc<Self>> {
        let keyring = Keyring::open(&config)?;
        let session_key = secret::SessionKey::of(&config, &keyring);
        let db = Db::open(&config).await?;
        let blobs = Blobs::open(&config)?;
        let mailer = Mailer::open(&config)?;
        let dns = Dns::open(config.dns_resolver);
        Ok(Arc::new(Self {
            config,
            db,
            clock,
            keyring,
            session_key,
            blobs,
            bus: Bus::default(),
            mailer,
            dns,
            jobs,
            tripwire: Tripwire::default(),
            listeners,
            shared: Mutex::default(),
        }))
    }

    /// A slice's own state in memory (a hub of feeds, a cache of keys), made on first use; lost at exit by design.
    pub fn shared<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut shared = self.shared.lock();
        let entry = shared.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default()) as Arc<dyn Any + Send + Sync>);
        Arc::clone(entry).downcast::<T>().expect("the map is keyed by the type itself")
    }

    /// A transaction that changes things, in the actor's name.
    pub async fn work(self: &Arc<Self>, actor: Actor, reach: entity::Reach) -> Result<Work> {
        Ok(Work::of(self, self.db.write(reach).await?, actor))
    }

    /// The same for one of a crowd, which stands in line ([`Db::write_in_line`]).
    pub async fn work_in_line(self: &Arc<Self>, actor: Actor, reach: entity::Reach) -> Result<Work> {
        Ok(Work::of(self, self.db.write_in_line(reach).await?, actor))
    }

    /// A consistent view that changes nothing.
    pub async fn read(&self, reach: entity::Reach) -> Result<Tx> {
        self.db.read(reach).await
    }

    /// The same for one of a crowd, which stands in line ([`Db::read_in_line`]).
    pub async fn read_in_line(&self, reach: entity::Reach) -> Result<Tx> {
        self.db.read_in_line(reach).await
    }
}
