//! Who is connected and what they hear. The database is the truth; the hub passes on what was committed, in order, once.
//!
//! A *seat* is one connection's place at one conversation. It is taken before the replay and goes live when the replay has
//! reached everything that was passed on so far; from then on it gets each following event. So there is no gap and no repeat.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use bytestring::ByteString;
use entity::{
    Moment,
    ids::{AccountId, ConversationId, SessionId},
    messaging::EventKind,
};
use parking_lot::Mutex;
use tokio::sync::mpsc;

use super::{
    feed::{Feed, Out, close},
    wire::{self, Happening, Nack, Person},
    writer::Waiting,
};

/// Connections one person may have.
pub const FEEDS_A_PERSON: usize = 20;

/// Sends are counted over this many milliseconds.
const RATE_WINDOW: i64 = 10 * Moment::SECOND;

#[derive(Default)]
pub struct Hub {
    pub(super) started: AtomicBool,
    pub(super) writer: Mutex<Option<mpsc::Sender<Waiting>>>,
    state: Mutex<State>,
    rates: Mutex<HashMap<AccountId, VecDeque<i64>>>,
    /// 0 stands for the default.
    heartbeat_ms: AtomicU64,
}

#[derive(Default)]
struct State {
    last_feed: u64,
    feeds: HashMap<u64, Arc<Feed>>,
    rooms: HashMap<ConversationId, Room>,
}

#[derive(Default)]
struct Room {
    /// Everything up to here was passed on, or is known to be in the database.
    delivered: Option<i64>,
    seats: HashMap<u64, Seat>,
}

struct Seat {
    feed: Arc<Feed>,
    /// The last event given to this seat; none while it is replaying.
    given: Option<i64>,
}

/// What came of trying to go live.
#[derive(Debug, PartialEq, Eq)]
pub enum Live {
    Yes,
    /// More was passed on meanwhile: read on.
    Behind,
    /// The seat was taken away.
    Gone,
}

impl Hub {
    /// Milliseconds between heartbeats.
    pub fn heartbeat_ms(&self) -> u64 {
        match self.heartbeat_ms.load(Ordering::Relaxed) {
            0 => 25_000,
            chosen => chosen,
        }
    }

    pub fn set_heartbeat_ms(&self, milliseconds: u64) {
        self.heartbeat_ms.store(milliseconds, Ordering::Relaxed);
    }

    /// A feed for a new connection; none where the person has too many.
    pub fn attach(&self, account: AccountId, session: SessionId, name: &str) -> Option<Arc<Feed>> {
        let mut state = self.state.lock();
        if state.feeds.values().filter(|feed| feed.account == account).count() >= FEEDS_A_PERSON {
            return None;
        }
        state.last_feed += 1;
        let feed = Arc::new(Feed::new(state.last_feed, account, session, name.to_owned()));
        state.feeds.insert(feed.id, Arc::clone(&feed));
        Some(feed)
    }

    /// The connection is gone.
    pub fn detach(&self, feed: &Feed) {
        let mut state = self.state.lock();
        state.feeds.remove(&feed.id);
        let rooms: Vec<ConversationId> =
            state.rooms.iter().filter(|(_, room)| room.seats.contains_key(&feed.id)).map(|(id, _)| *id).collect();
        for room in rooms {
            state.stand(feed, room);
        }
    }

    /// Takes a seat, not live yet. The others learn who came, the newcomer who is there.
    pub fn sit(&self, feed: &Arc<Feed>, conversation: ConversationId) {
        let mut state = self.state.lock();
        if !state.feeds.contains_key(&feed.id) {
            return;
        }
        let room = state.rooms.entry(conversation).or_default();
        let again = room.seats.contains_key(&feed.id);
        let was_here = room.is_here(feed.account);
        room.seats.insert(feed.id, Seat { feed: Arc::clone(feed), given: None });
        if again {
            return;
        }
        let mut greeted = Vec::new();
        for seat in room.seats.values().filter(|seat| seat.feed.account != feed.account) {
            if !greeted.contains(&seat.feed.account) {
                greeted.push(seat.feed.account);
                feed.answer(wire::presence(conversation, &person(&seat.feed), true));
            }
        }
        if !was_here {
            room.whisper(feed.account, &wire::presence(conversation, &person(feed), true).into());
        }
    }

    /// The replay has reached this number: from here on the seat hears every event.
    pub fn go_live(&self, feed: &Feed, conversation: ConversationId, reached: i64) -> Live {
        let mut state = self.state.lock();
        let Some(room) = state.rooms.get_mut(&conversation) else { return Live::Gone };
        if room.delivered.is_some_and(|delivered| delivered > reached) {
            return Live::Behind;
        }
        let Some(seat) = room.seats.get_mut(&feed.id) else { return Live::Gone };
        seat.given = Some(reached);
        room.delivered.get_or_insert(reached);
        Live::Yes
    }

    /// Gives the seat up.
    pub fn stand(&self, feed: &Feed, conversation: ConversationId) {
        self.state.lock().stand(feed, conversation);
    }

    /// Whether anybody listens to this conversation.
    pub fn has_room(&self, conversation: ConversationId) -> bool {
        self.state.lock().rooms.contains_key(&conversation)
    }

    /// The conversations somebody listens to, and what was passed on there.
    pub fn rooms(&self) -> Vec<(ConversationId, Option<i64>)> {
        self.state.lock().rooms.iter().map(|(id, room)| (*id, room.delivered)).collect()
    }

    pub fn delivered(&self, conversation: ConversationId) -> Option<i64> {
        self.state.lock().rooms.get(&conversation).and_then(|room| room.delivered)
    }

    /// The database holds events up to here: seats that are replaying read on to them.
    pub fn known(&self, conversation: ConversationId, head: i64) {
        if let Some(room) = self.state.lock().rooms.get_mut(&conversation) {
            room.delivered.get_or_insert(head);
        }
    }

    /// Whether this person has a connection that listens to the conversation.
    pub fn is_here(&self, conversation: ConversationId, account: AccountId) -> bool {
        self.state.lock().rooms.get(&conversation).is_some_and(|room| room.is_here(account))
    }

    /// Passes committed events on, in their order. False where events before them are missing here: they are read first.
    pub fn publish(&self, conversation: ConversationId, events: &[(Happening, ByteString)]) -> bool {
        let mut state = self.state.lock();
        let mut slow = Vec::new();
        let mut complete = true;
        {
            let Some(room) = state.rooms.get_mut(&conversation) else { return true };
            for (event, text) in events {
                match room.delivered {
                    Some(delivered) if event.seq <= delivered => continue,
                    Some(delivered) if event.seq > delivered + 1 => {
                        complete = false;
                        break;
                    }
                    _ => room.delivered = Some(event.seq),
                }
                if event.kind == EventKind::Left
                    && let Some(gone) = event.subject.as_ref().and_then(|person| person.id)
                {
                    room.seats.retain(|_, seat| {
                        let stays = seat.feed.account != gone;
                        if !stays {
                            seat.feed.close(close::NOT_A_PARTICIPANT);
                        }
                        stays
                    });
                }
                for seat in room.seats.values_mut() {
                    if seat.given.is_some_and(|given| given < event.seq) {
                        if seat.feed.push(Out { of: Some((conversation, event.seq)), text: text.clone() }) {
                            seat.given = Some(event.seq);
                        } else {
                            seat.given = None;
                            slow.push(Arc::clone(&seat.feed));
                        }
                    }
                }
            }
            if room.seats.is_empty() {
                state.rooms.remove(&conversation);
            }
        }
        for feed in slow {
            state.resync(&feed);
        }
        complete
    }

    /// Typing and the like: to whoever listens but this person, and only if it fits.
    pub fn whisper(&self, conversation: ConversationId, but: AccountId, text: String) {
        if let Some(room) = self.state.lock().rooms.get(&conversation) {
            room.whisper(but, &text.into());
        }
    }

    /// To every connection of one person.
    pub fn tell(&self, account: AccountId, text: &str) {
        for feed in self.state.lock().feeds.values().filter(|feed| feed.account == account) {
            let _ = feed.push(Out { of: None, text: text.into() });
        }
    }

    /// To every connection there is.
    pub fn tell_all(&self, text: &str) {
        for feed in self.state.lock().feeds.values() {
            let _ = feed.push(Out { of: None, text: text.into() });
        }
    }

    pub fn end_session(&self, session: SessionId) {
        for feed in self.state.lock().feeds.values().filter(|feed| feed.session == session) {
            feed.close(close::SESSION_ENDED);
        }
    }

    pub fn close_all(&self, code: u16) {
        for feed in self.state.lock().feeds.values() {
            feed.close(code);
        }
    }

    /// The sessions that have a connection open.
    pub fn sessions(&self) -> Vec<SessionId> {
        let mut sessions: Vec<SessionId> = self.state.lock().feeds.values().map(|feed| feed.session).collect();
        sessions.sort();
        sessions.dedup();
        sessions
    }

    /// Connections open right now.
    pub fn feeds(&self) -> usize {
        self.state.lock().feeds.len()
    }

    /// Counts one send of this person; a nack where there were too many of late.
    pub fn may_send(&self, account: AccountId, now: Moment, limit: usize) -> Result<(), Nack> {
        let mut rates = self.rates.lock();
        if rates.len() > 10_000 {
            rates.retain(|_, times| times.back().is_some_and(|last| now.0 - last < RATE_WINDOW));
        }
        let times = rates.entry(account).or_default();
        while times.front().is_some_and(|first| now.0 - first >= RATE_WINDOW) {
            times.pop_front();
        }
        if times.len() >= limit {
            let wait = times.front().map_or(RATE_WINDOW, |first| RATE_WINDOW - (now.0 - first));
            return Err(Nack {
                code: "rate_limited",
                detail: "That was a lot at once. It is sent again in a moment.".to_owned(),
                retry_after_ms: Some(wait.max(1)),
            });
        }
        times.push_back(now.0);
        Ok(())
    }
}

impl State {
    fn stand(&mut self, feed: &Feed, conversation: ConversationId) {
        let Some(room) = self.rooms.get_mut(&conversation) else { return };
        if room.seats.remove(&feed.id).is_none() {
            return;
        }
        if room.seats.is_empty() {
            self.rooms.remove(&conversation);
        } else if !room.is_here(feed.account) {
            room.whisper(feed.account, &wire::presence(conversation, &person(feed), false).into());
        }
    }

    /// It was too slow: what waits is dropped, and it is told to subscribe again where it was live.
    fn resync(&mut self, feed: &Arc<Feed>) {
        feed.drop_events();
        let rooms: Vec<ConversationId> =
            self.rooms.iter().filter(|(_, room)| room.seats.contains_key(&feed.id)).map(|(id, _)| *id).collect();
        for conversation in rooms {
            feed.answer(wire::resync(conversation));
            self.stand(feed, conversation);
        }
    }
}

impl Room {
    fn is_here(&self, account: AccountId) -> bool {
        self.seats.values().any(|seat| seat.feed.account == account)
    }

    fn whisper(&self, but: AccountId, text: &ByteString) {
        for seat in self.seats.values().filter(|seat| seat.feed.account != but) {
            // What does not fit is not worth waiting for.
            let _ = seat.feed.push(Out { of: None, text: text.clone() });
        }
    }
}

fn person(feed: &Feed) -> Person {
    Person { id: Some(feed.account), name: feed.name.clone() }
}
