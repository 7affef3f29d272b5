//! The one writer: takes whatever people wait to have written, across conversations, into one transaction; acknowledges after
//! the commit and passes it on. While the disk works, the next batch gathers: the busier, the larger the batch.

use std::sync::{Arc, Weak, atomic::Ordering};

use entity::{
    Reach,
    ids::{AccountId, ConversationId, TenantId},
};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::{
    commands::{
        append::{Appended, HAPPENED},
        write_batch::write_batch,
    },
    content::Attached,
    feed::{Feed, close},
    hub::Hub,
    queries,
    wire::{self, Happening, Nack},
};
use crate::{
    identity,
    platform::{Error, Platform, Result, bus},
};

/// Acts taken into one transaction.
const BATCH: usize = 256;

/// Acts that may wait; whoever comes then waits to be let in.
const WAITING: usize = 4_096;

/// The bus topic that says a person's bell has something new.
const NOTIFIED: &str = "notification";

/// What somebody wants written.
#[derive(Clone, Debug)]
pub enum Act {
    Send { client_id: Uuid, body: String, files: Vec<Attached>, reply_to: Option<i64> },
    Edit { client_id: Uuid, seq: i64, body: String },
    Delete { client_id: Uuid, seq: i64 },
    Read { seq: i64 },
}

impl Act {
    pub fn client_id(&self) -> Option<Uuid> {
        match self {
            Self::Send { client_id, .. } | Self::Edit { client_id, .. } | Self::Delete { client_id, .. } => Some(*client_id),
            Self::Read { .. } => None,
        }
    }
}

/// An act with its author, and where the answer goes.
pub struct Waiting {
    pub conversation: ConversationId,
    pub account: AccountId,
    pub name: String,
    /// The author is an attorney, whose time counts.
    pub attorney: bool,
    /// What the author can reach at all.
    pub tenants: Vec<TenantId>,
    pub request_id: Option<String>,
    pub act: Act,
    pub reply: Reply,
}

pub enum Reply {
    Feed(Arc<Feed>),
    Once(oneshot::Sender<Result<Done, Nack>>),
}

/// It is on disk under this number; `repeated` where it was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    pub seq: i64,
    pub repeated: bool,
}

/// The hub of this installation, its writer running.
pub fn hub(platform: &Arc<Platform>) -> Arc<Hub> {
    let hub: Arc<Hub> = platform.shared();
    if !hub.started.swap(true, Ordering::SeqCst) {
        let (sender, receiver) = mpsc::channel(WAITING);
        *hub.writer.lock() = Some(sender);
        let (platform, hub) = (Arc::downgrade(platform), Arc::downgrade(&hub));
        // A thread of its own: sealing and rendering do not hold up a page, and a worker that ends does not end it.
        let engine = std::thread::Builder::new().name("messages".to_owned()).spawn(move || engine(platform, hub, receiver));
        if let Err(error) = engine {
            tracing::error!(%error, "no thread for messages");
        }
    }
    hub
}

/// Hands an act to the writer.
pub async fn submit(hub: &Hub, waiting: Waiting) {
    let sender = hub.writer.lock().clone();
    let rejected = match sender {
        Some(sender) => match sender.send(waiting).await {
            Ok(()) => return,
            Err(error) => error.0,
        },
        None => waiting,
    };
    answer(&rejected.conversation, rejected.act.client_id(), rejected.reply, Err(unavailable()));
}

fn unavailable() -> Nack {
    Nack::new("storage_unavailable", "It could not be written to disk and was not sent. It is tried again.")
}

fn engine(platform: Weak<Platform>, hub: Weak<Hub>, receiver: mpsc::Receiver<Waiting>) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "no runtime for messages");
            return;
        }
    };
    runtime.block_on(async move {
        let (publisher, committed) = mpsc::unbounded_channel();
        tokio::spawn(listen(platform.clone(), hub.clone()));
        tokio::spawn(bus::follow(platform.clone()));
        tokio::spawn(keep(platform.clone(), hub.clone()));
        tokio::spawn(say_goodbye(hub.clone()));
        tokio::spawn(pass_on(platform.clone(), hub, committed));
        write(platform, receiver, publisher).await;
    });
}

/// Batch after batch, until the platform is gone.
async fn write(platform: Weak<Platform>, mut receiver: mpsc::Receiver<Waiting>, publisher: mpsc::UnboundedSender<Vec<Appended>>) {
    while let Some(first) = receiver.recv().await {
        let mut batch = vec![first];
        while batch.len() < BATCH {
            match receiver.try_recv() {
                Ok(next) => batch.push(next),
                Err(_) => break,
            }
        }
        let Some(platform) = platform.upgrade() else { return };
        write_one(&platform, batch, &publisher).await;
    }
}

async fn write_one(platform: &Arc<Platform>, batch: Vec<Waiting>, publisher: &mpsc::UnboundedSender<Vec<Appended>>) {
    match write_batch(platform, &batch).await {
        Ok((results, appended)) => {
            for (waiting, result) in batch.into_iter().zip(results) {
                if let Some(request_id) = &waiting.request_id
                    && result.is_ok()
                {
                    // The event is the audit line.
                    platform.tripwire.audited(request_id);
                }
                answer(&waiting.conversation, waiting.act.client_id(), waiting.reply, result);
            }
            let _ = publisher.send(appended);
        }
        Err(Error::Refused(refusal)) if refusal.code == "storage_unavailable" => {
            for waiting in batch {
                answer(&waiting.conversation, waiting.act.client_id(), waiting.reply, Err(unavailable()));
            }
        }
        Err(error) if batch.len() > 1 => {
            // One of them cannot be written (a key that is disabled): it must not hold up the others.
            tracing::warn!(%error, "a batch of messages is written one by one");
            for waiting in batch {
                Box::pin(write_one(platform, vec![waiting], publisher)).await;
            }
        }
        Err(error) => {
            tracing::error!(%error, "a message could not be written");
            let nack = match &error {
                Error::Refused(refusal) => Nack::new(refusal.code, refusal.sentence.to_string()),
                _ => Nack::new("internal", error.detail()),
            };
            for waiting in batch {
                answer(&waiting.conversation, waiting.act.client_id(), waiting.reply, Err(nack.clone()));
            }
        }
    }
}

fn answer(conversation: &ConversationId, client_id: Option<Uuid>, reply: Reply, result: Result<Done, Nack>) {
    match reply {
        Reply::Once(sender) => {
            let _ = sender.send(result);
        }
        Reply::Feed(feed) => match (result, client_id) {
            (Ok(done), Some(client_id)) => feed.answer(wire::ack(client_id, *conversation, done.seq)),
            (Ok(_), None) => {}
            (Err(nack), client_id) => feed.answer(nack.frame(&serde_json::json!(client_id), Some(&conversation.to_string()))),
        },
    }
}

/// Passes on what was committed, in the order of the commits.
async fn pass_on(platform: Weak<Platform>, hub: Weak<Hub>, mut committed: mpsc::UnboundedReceiver<Vec<Appended>>) {
    while let Some(appended) = committed.recv().await {
        let (Some(platform), Some(hub)) = (platform.upgrade(), hub.upgrade()) else { return };
        let mut by_room: std::collections::BTreeMap<ConversationId, Vec<(Happening, bytestring::ByteString)>> = Default::default();
        for new in appended {
            if hub.has_room(new.row.conversation_id) {
                let happening = queries::happening(new.row, new.content);
                let text = happening.frame().into();
                by_room.entry(happening.conversation).or_default().push((happening, text));
            }
        }
        for (conversation, events) in by_room {
            if !hub.publish(conversation, &events) {
                catch_up(&platform, &hub, conversation).await;
            }
        }
    }
}

/// Reads what was not passed on yet from the database, and passes it on.
async fn catch_up(platform: &Arc<Platform>, hub: &Hub, conversation: ConversationId) {
    let read = async {
        loop {
            let tx = platform.read(Reach::Everything("the hub passes on what was committed")).await?;
            let Some(row) = queries::conversation(&tx, conversation).await? else { return Ok(()) };
            hub.known(conversation, row.head);
            let Some(delivered) = hub.delivered(conversation) else { return Ok(()) };
            if delivered >= row.head {
                return Ok(());
            }
            let events = queries::events_after(platform, &tx, &row, delivered, 200).await?;
            drop(tx);
            let events: Vec<_> = events
                .into_iter()
                .map(|event| {
                    let text = event.frame().into();
                    (event, text)
                })
                .collect();
            if events.is_empty() {
                return Ok(());
            }
            hub.publish(conversation, &events);
        }
    };
    let result: Result<()> = read.await;
    if let Err(error) = result {
        tracing::error!(%error, %conversation, "events wait to be passed on");
    }
}

/// Hears the bus: events other slices wrote, sessions that ended, bells that ring.
async fn listen(platform: Weak<Platform>, hub: Weak<Hub>) {
    let Some(mut notes) = platform.upgrade().map(|platform| platform.bus.listen()) else { return };
    loop {
        let note = notes.recv().await;
        let (Some(platform), Some(hub)) = (platform.upgrade(), hub.upgrade()) else { return };
        match note {
            Ok(note) if note.topic == HAPPENED => {
                let conversation = ConversationId(note.id);
                if hub.has_room(conversation) {
                    catch_up(&platform, &hub, conversation).await;
                }
            }
            Ok(note) if note.topic == identity::SESSION_ENDED => hub.end_session(note.id.into()),
            Ok(note) if note.topic == NOTIFIED => hub.tell(note.id.into(), &wire::notification()),
            Ok(note) if note.topic == bus::LOOK_AGAIN => {
                look_again(&platform, &hub).await;
                hub.tell_all(&wire::notification());
            }
            Ok(_) => {}
            Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => look_again(&platform, &hub).await,
            Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
        }
    }
}

/// Once a second the database is asked what another node may have done: sessions ended, events written.
async fn keep(platform: Weak<Platform>, hub: Weak<Hub>) {
    loop {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        let (Some(platform), Some(hub)) = (platform.upgrade(), hub.upgrade()) else { return };
        if hub.feeds() > 0 {
            look_again(&platform, &hub).await;
        }
    }
}

async fn look_again(platform: &Arc<Platform>, hub: &Hub) {
    let look = async {
        let tx = platform.read(Reach::Everything("the hub looks for what other nodes did")).await?;
        let ended = identity::ended_among(&tx, &hub.sessions()).await?;
        let rooms = hub.rooms();
        let heads = queries::heads(&tx, &rooms.iter().map(|(id, _)| *id).collect::<Vec<_>>()).await?;
        drop(tx);
        for session in ended {
            hub.end_session(session);
        }
        for (conversation, delivered) in rooms {
            if let (Some(head), Some(delivered)) = (heads.get(&conversation), delivered)
                && *head > delivered
            {
                catch_up(platform, hub, conversation).await;
            }
        }
        Ok(())
    };
    let result: Result<()> = look.await;
    if let Err(error) = result {
        tracing::warn!(%error, "the hub cannot see what other nodes did");
    }
}

/// When the server is told to stop, every connection is told to come again.
async fn say_goodbye(hub: Weak<Hub>) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else { return };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    if let Some(hub) = hub.upgrade() {
        hub.close_all(close::RESTARTING);
    }
}
