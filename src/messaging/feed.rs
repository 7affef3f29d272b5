//! What waits to be written to one connection: a queue bounded in bytes. Whoever reads too slowly loses the queue, not the events.

use std::collections::VecDeque;

use bytestring::ByteString;
use entity::ids::{AccountId, ConversationId, SessionId};
use parking_lot::Mutex;
use tokio::sync::Notify;

/// Bytes that may wait for one connection.
pub const QUEUE_LIMIT: usize = 256 * 1024;

/// Why a connection is closed.
pub mod close {
    pub const SESSION_ENDED: u16 = 4401;
    pub const NOT_A_PARTICIPANT: u16 = 4403;
    pub const HEARTBEAT_MISSED: u16 = 4408;
    pub const RESTARTING: u16 = 1012;
    pub const TOO_MANY: u16 = 1008;
    pub const TOO_BIG: u16 = 1009;
    pub const NOT_UTF8: u16 = 1007;
    pub const PROTOCOL: u16 = 1002;
}

/// One frame, and of which conversation and event it is (none: an answer to this connection alone).
#[derive(Clone, Debug)]
pub struct Out {
    pub of: Option<(ConversationId, i64)>,
    pub text: ByteString,
}

#[derive(Default)]
struct Queue {
    frames: VecDeque<Out>,
    bytes: usize,
    closed: Option<u16>,
}

pub struct Feed {
    pub id: u64,
    pub account: AccountId,
    pub session: SessionId,
    pub name: String,
    queue: Mutex<Queue>,
    wake: Notify,
}

impl Feed {
    pub fn new(id: u64, account: AccountId, session: SessionId, name: String) -> Self {
        Self { id, account, session, name, queue: Mutex::default(), wake: Notify::new() }
    }

    /// False where it does not fit: the caller drops what waits and tells the client to come again.
    #[must_use]
    pub fn push(&self, out: Out) -> bool {
        let mut queue = self.queue.lock();
        if queue.closed.is_some() {
            return true;
        }
        if queue.bytes + out.text.len() > QUEUE_LIMIT {
            return false;
        }
        queue.bytes += out.text.len();
        queue.frames.push_back(out);
        drop(queue);
        self.wake.notify_one();
        true
    }

    /// An answer to this connection alone; there are never many, because nothing is read from a connection that does not read.
    pub fn answer(&self, text: impl Into<ByteString>) {
        let mut queue = self.queue.lock();
        if queue.closed.is_none() {
            let text = text.into();
            queue.bytes += text.len();
            queue.frames.push_back(Out { of: None, text });
            drop(queue);
            self.wake.notify_one();
        }
    }

    /// Drops the events that wait; answers stay.
    pub fn drop_events(&self) {
        let mut queue = self.queue.lock();
        queue.frames.retain(|out| out.of.is_none());
        queue.bytes = queue.frames.iter().map(|out| out.text.len()).sum();
    }

    /// Nothing that waits goes out any more but this close code.
    pub fn close(&self, code: u16) {
        let mut queue = self.queue.lock();
        queue.frames.clear();
        queue.bytes = 0;
        queue.closed.get_or_insert(code);
        drop(queue);
        self.wake.notify_one();
    }

    pub fn closed(&self) -> Option<u16> {
        self.queue.lock().closed
    }

    /// What waits, at most so many frames.
    pub fn take(&self, frames: usize) -> Vec<Out> {
        let mut queue = self.queue.lock();
        let count = queue.frames.len().min(frames);
        let taken: Vec<Out> = queue.frames.drain(..count).collect();
        queue.bytes -= taken.iter().map(|out| out.text.len()).sum::<usize>();
        if queue.frames.is_empty() && queue.frames.capacity() > 64 {
            queue.frames.shrink_to(16);
        }
        taken
    }

    /// So much waits that nothing more should be asked of us.
    pub fn is_busy(&self) -> bool {
        self.queue.lock().bytes > QUEUE_LIMIT / 2
    }

    /// Until something waits or the feed is closed.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }
}
