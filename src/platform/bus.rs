//! The bus says "look again"; the database is the truth. A listener that falls behind is told so and reads the database.
//!
//! On PostgreSQL the notes of one node reach the others by NOTIFY, in the very transaction they tell of: what was rolled back was
//! never said, what was committed cannot go unsaid. While the listening connection is away, notes are lost; when it is back, every
//! listener is told to look again.

use std::{borrow::Cow, sync::Weak, time::Duration};

use sea_orm::{ConnectionTrait, DbBackend, Statement, sqlx::postgres::PgListener};
use tokio::sync::broadcast;
use uuid::Uuid;

use super::{Platform, Result, Tx, random};

/// Something about this topic and thing is new. It is a hint and may be lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub topic: Cow<'static, str>,
    pub id: Uuid,
}

impl Note {
    pub fn new(topic: &'static str, id: Uuid) -> Self {
        Self { topic: Cow::Borrowed(topic), id }
    }
}

/// The topic that says: notes may have been lost, look at everything.
pub const LOOK_AGAIN: &str = "look_again";

/// PostgreSQL's channel of notes.
const CHANNEL: &str = "one_legal";

/// A payload of NOTIFY has at most 8,000 bytes.
const NOTES_AT_ONCE: usize = 100;

/// Until the listening connection is tried again.
const AGAIN: Duration = Duration::from_millis(250);

pub struct Bus {
    sender: broadcast::Sender<Note>,
    /// This process among the nodes: its own notes come back to it and are dropped.
    node: String,
}

impl Default for Bus {
    fn default() -> Self {
        Self { sender: broadcast::channel(4_096).0, node: hex::encode(random::bytes::<8>()) }
    }
}

impl Bus {
    pub fn publish(&self, note: Note) {
        // No listener is fine: whoever comes later reads the database.
        let _ = self.sender.send(note);
    }

    pub fn listen(&self) -> broadcast::Receiver<Note> {
        self.sender.subscribe()
    }

    /// Says the notes to the other nodes when this transaction commits; SQLite has one node alone.
    pub(super) async fn tell_others(&self, tx: &Tx, notes: &[&Note]) -> Result<()> {
        if tx.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        for some in notes.chunks(NOTES_AT_ONCE) {
            let words: Vec<String> = some.iter().map(|note| format!("{}={}", note.topic, note.id.simple())).collect();
            let payload = format!("{} {}", self.node, words.join(" "));
            let values = [CHANNEL.into(), payload.into()];
            tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_notify($1, $2)", values)).await?;
        }
        Ok(())
    }

    /// What another node said.
    fn hear(&self, payload: &str) {
        let mut words = payload.split(' ');
        if words.next() == Some(self.node.as_str()) {
            return;
        }
        for word in words {
            if let Some((topic, id)) = word.split_once('=')
                && let Ok(id) = id.parse()
            {
                self.publish(Note { topic: Cow::Owned(topic.to_owned()), id });
            }
        }
    }
}

/// Hears the other nodes until the platform is gone. A connection that breaks is made anew.
pub async fn follow(platform: Weak<Platform>) {
    loop {
        let Some(here) = platform.upgrade() else { return };
        if here.db.backend() != DbBackend::Postgres {
            return;
        }
        let url = here.config.database_url.clone();
        drop(here);
        if let Err(error) = hear_until_it_breaks(&platform, url.expose()).await {
            tracing::warn!(%error, "other nodes are not heard; trying again");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn hear_until_it_breaks(platform: &Weak<Platform>, url: &str) -> std::result::Result<(), sea_orm::sqlx::Error> {
    let mut listener = PgListener::connect(url).await?;
    // Where it breaks we are told at once, and make a new one ourselves.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    // From here on nothing is missed; what was said before is looked up.
    if let Some(platform) = platform.upgrade() {
        platform.bus.publish(Note::new(LOOK_AGAIN, Uuid::nil()));
    }
    while let Some(heard) = listener.try_recv().await? {
        let Some(platform) = platform.upgrade() else { return Ok(()) };
        platform.bus.hear(heard.payload());
    }
    Ok(())
}
