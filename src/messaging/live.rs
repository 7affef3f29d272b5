//! `/ws`, and the same stream as server-sent events. Every frame proves its author again: the session at most a second ago,
//! the place in the conversation each time. Removal and sign-out close the connection.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{FromRequest, HttpRequest, HttpResponse, http::StatusCode, http::header, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, ProtocolError};
use entity::ids::ConversationId;
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{
    access::{Participant, still},
    api::{checked, draft_of},
    feed::{Feed, Out, close},
    hub::{Hub, Live},
    outlet::{Gone, Outlet, read_cursor},
    queries,
    wire::{self, Nack, Person, Said},
    writer::{self, Act, Reply, Waiting},
};
use crate::{
    identity::cookie,
    platform::{
        Error, Platform, Refusal, Result,
        web::{Answer, Ask, Stream, guard},
    },
    tenancy::Caller,
};

/// Bytes one frame, or all fragments of one message together, may have.
const FRAME_LIMIT: usize = 64 * 1024;

/// Frames a connection may send in a second.
const FRAMES_A_SECOND: u32 = 200;

/// Events read at once for a replay.
const REPLAY: u64 = 200;

/// One connection and whose it is.
struct Connection {
    platform: Arc<Platform>,
    hub: Arc<Hub>,
    feed: Arc<Feed>,
    caller: Arc<Caller>,
    token: String,
    proved_at: Instant,
    outlet: Outlet,
    typed_at: Option<Instant>,
    second: Instant,
    frames: u32,
}

/// Opens the socket: only for a full session, only from a page of ours.
pub async fn socket(ask: Ask<Arc<Caller>, Stream>) -> Answer {
    let Ask { who: caller, body: Stream(mut payload), request } = ask;
    if !guard::own_origin(&request) {
        return Err(Error::forbidden("The conversation's connection opens from our own pages only."));
    }
    let platform = crate::platform::web::platform(&request);
    let (hub, feed, token) = admit(&platform, &caller, &request)?;
    let body = match web::Payload::from_request(&request, &mut payload).await {
        Ok(body) => body,
        Err(_) => return Err(Error::NotFound),
    };
    let opened = actix_ws::handle_with_protocols(&request, body, &[wire::PROTOCOL]);
    let (response, session, stream) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            hub.detach(&feed);
            let refusal = Refusal::new("no_websocket", "This address speaks WebSocket.", "Use GET /api/v1/events instead.");
            return Err(refusal.status(error.as_response_error().status_code()).into());
        }
    };
    let stream = stream.max_frame_size(FRAME_LIMIT).aggregate_continuations().max_continuation_size(FRAME_LIMIT);
    let connection = Connection::new(platform, hub, feed, caller, token, Outlet::Socket(session));
    actix_web::rt::spawn(connection.talk(stream));
    Ok(response)
}

#[derive(serde::Deserialize)]
struct EventsQuery {
    conversation: Option<ConversationId>,
    after: Option<i64>,
}

/// The same events without a WebSocket: of one conversation, or of all the caller takes part in.
pub async fn events(ask: Ask<Arc<Caller>>) -> Answer {
    let platform = ask.platform();
    let query = web::Query::<EventsQuery>::from_query(ask.request.query_string())
        .map_err(|_| Error::invalid("conversation", "`conversation` is an id, `after` a number."))?;
    let last_id = ask.request.headers().get("last-event-id").and_then(|v| v.to_str().ok()).unwrap_or("");
    let mut reached = read_cursor(last_id);
    let conversations = match query.conversation {
        Some(id) => vec![Participant::of(&platform, &ask.who, id).await?.conversation],
        None => {
            let tx = platform.read(ask.who.reach()).await?;
            queries::conversations_of(&tx, ask.who.account).await?.into_iter().take(100).collect()
        }
    };
    if let (Some(id), Some(after)) = (query.conversation, query.after) {
        reached.entry(id).or_insert(after);
    }
    let (hub, feed, token) = admit(&platform, &ask.who, &ask.request)?;
    let (sender, receiver) = mpsc::channel(16);
    let connection = Connection::new(platform, hub, feed, Arc::clone(&ask.who), token, Outlet::Events(sender, BTreeMap::new()));
    actix_web::rt::spawn(connection.stream(conversations, reached));
    let body =
        futures_util::stream::unfold(receiver, |mut receiver| async move { receiver.recv().await.map(|bytes| (bytes, receiver)) });
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(body.map(Ok::<_, Error>)))
}

/// A feed for the connection, and the session's token to prove it by.
fn admit(platform: &Arc<Platform>, caller: &Caller, request: &HttpRequest) -> Result<(Arc<Hub>, Arc<Feed>, String)> {
    let token = cookie::token(request, &platform.config).ok_or(Error::SignedOut)?;
    let hub = writer::hub(platform);
    let feed = hub.attach(caller.account, caller.session, &caller.name).ok_or_else(|| {
        Refusal::new("too_many_connections", "You have too many connections open.", "Close some of the tabs.")
            .status(StatusCode::TOO_MANY_REQUESTS)
            .retry_after(30)
    })?;
    Ok((hub, feed, token))
}

impl Connection {
    fn new(platform: Arc<Platform>, hub: Arc<Hub>, feed: Arc<Feed>, caller: Arc<Caller>, token: String, outlet: Outlet) -> Self {
        let now = Instant::now();
        Self { platform, hub, feed, caller, token, proved_at: now, outlet, typed_at: None, second: now, frames: 0 }
    }

    fn beats(&self) -> tokio::time::Interval {
        let every = Duration::from_millis(self.hub.heartbeat_ms());
        let mut beats = tokio::time::interval_at(tokio::time::Instant::now() + every, every);
        beats.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        beats
    }

    async fn talk(mut self, mut stream: AggregatedMessageStream) {
        self.feed.answer(wire::hello(self.caller.account, self.hub.heartbeat_ms()));
        let mut beats = self.beats();
        let mut heard = true;
        let code = loop {
            match self.flush().await {
                Ok(None) => {}
                Ok(Some(code)) => break Some(code),
                Err(Gone) => break None,
            }
            tokio::select! {
                () = self.feed.woken() => {}
                _ = beats.tick() => {
                    if !heard {
                        break Some(close::HEARTBEAT_MISSED);
                    }
                    heard = false;
                    if self.prove(Duration::ZERO).await.is_err() {
                        break Some(close::SESSION_ENDED);
                    }
                    if self.outlet.beat().await.is_err() {
                        break None;
                    }
                }
                message = stream.recv(), if !self.feed.is_busy() => {
                    heard = true;
                    match self.hear(message).await {
                        Ok(()) => {}
                        Err(code) => break code,
                    }
                }
            }
        };
        self.end(code).await;
    }

    /// The events of these conversations, until the other side goes.
    async fn stream(mut self, conversations: Vec<ConversationId>, reached: BTreeMap<ConversationId, i64>) {
        self.feed.answer(wire::hello(self.caller.account, self.hub.heartbeat_ms()));
        for conversation in conversations {
            if self.subscribe(&conversation.to_string(), reached.get(&conversation).copied()).await.is_err() {
                return self.end(None).await;
            }
        }
        let mut beats = self.beats();
        let code = loop {
            match self.flush().await {
                Ok(None) => {}
                Ok(Some(code)) => break Some(code),
                Err(Gone) => break None,
            }
            tokio::select! {
                () = self.feed.woken() => {}
                _ = beats.tick() => {
                    if self.prove(Duration::ZERO).await.is_err() {
                        break Some(close::SESSION_ENDED);
                    }
                    if self.outlet.beat().await.is_err() {
                        break None;
                    }
                }
            }
        };
        self.end(code).await;
    }

    async fn end(self, code: Option<u16>) {
        self.hub.detach(&self.feed);
        if let Some(code) = code {
            let why = match code {
                close::SESSION_ENDED => "session ended",
                close::NOT_A_PARTICIPANT => "no longer a participant",
                close::HEARTBEAT_MISSED => "heartbeat missed",
                close::RESTARTING => "server restarting",
                close::TOO_BIG => "frame too big",
                close::NOT_UTF8 => "not UTF-8",
                close::TOO_MANY => "too many frames",
                _ => "",
            };
            self.outlet.close(code, why).await;
        }
    }

    /// Writes what waits; the close code where the feed was closed.
    async fn flush(&mut self) -> Result<Option<u16>, Gone> {
        loop {
            let waiting = self.feed.take(32);
            for out in &waiting {
                if let Some(code) = self.feed.closed() {
                    return Ok(Some(code));
                }
                self.outlet.put(out).await?;
            }
            if waiting.is_empty() {
                return Ok(self.feed.closed());
            }
        }
    }

    /// The caller as they are now, asked again if the last answer is older than `age`.
    async fn prove(&mut self, age: Duration) -> Result<Arc<Caller>> {
        if self.proved_at.elapsed() > age {
            match still(&self.platform, &self.token).await? {
                Some(caller) => self.caller = caller,
                None => return Err(Error::SignedOut),
            }
            self.proved_at = Instant::now();
        }
        Ok(Arc::clone(&self.caller))
    }

    /// One message from the client; `Err` ends the connection, with a code where there is anybody to tell.
    async fn hear(&mut self, message: Option<Result<AggregatedMessage, ProtocolError>>) -> Result<(), Option<u16>> {
        match message {
            Some(Ok(AggregatedMessage::Text(text))) => {
                self.count_frame()?;
                self.obey(&text).await
            }
            Some(Ok(AggregatedMessage::Binary(_))) => {
                self.count_frame()?;
                self.feed.answer(Nack::new("malformed", "Frames are JSON text.").frame(&Value::Null, None));
                Ok(())
            }
            Some(Ok(AggregatedMessage::Ping(bytes))) => {
                self.count_frame()?;
                match &mut self.outlet {
                    Outlet::Socket(session) => session.pong(&bytes).await.map_err(|_| None),
                    Outlet::Events(..) => Ok(()),
                }
            }
            Some(Ok(AggregatedMessage::Pong(_))) => Ok(()),
            Some(Ok(AggregatedMessage::Close(_))) => Err(Some(1000)),
            None => Err(None),
            Some(Err(error)) => Err(match &error {
                ProtocolError::Overflow => Some(close::TOO_BIG),
                ProtocolError::Io(cause) if cause.kind() == std::io::ErrorKind::InvalidData => Some(close::NOT_UTF8),
                ProtocolError::Io(cause) if cause.to_string().contains("continuation size") => Some(close::TOO_BIG),
                ProtocolError::Io(_) => None,
                _ => Some(close::PROTOCOL),
            }),
        }
    }

    fn count_frame(&mut self) -> Result<(), Option<u16>> {
        if self.second.elapsed() >= Duration::from_secs(1) {
            self.second = Instant::now();
            self.frames = 0;
        }
        self.frames += 1;
        let allowed = FRAMES_A_SECOND.max(self.platform.config.sends_per_10s.try_into().unwrap_or(u32::MAX));
        if self.frames > allowed { Err(Some(close::TOO_MANY)) } else { Ok(()) }
    }

    async fn obey(&mut self, text: &str) -> Result<(), Option<u16>> {
        let said = match wire::read(text) {
            Ok(said) => said,
            Err(nack) => {
                self.feed.answer(nack);
                return Ok(());
            }
        };
        if let Err(error) = self.prove(Duration::from_secs(1)).await {
            return match error {
                Error::SignedOut => Err(Some(close::SESSION_ENDED)),
                error => {
                    self.nack(&nack_of(&error), &Value::Null, None);
                    Ok(())
                }
            };
        }
        match said {
            Said::Subscribe { conversation, after } => self.subscribe(&conversation, after).await.map_err(|Gone| None),
            Said::Unsubscribe { conversation } => {
                if let Ok(id) = conversation.parse() {
                    self.hub.stand(&self.feed, id);
                }
                Ok(())
            }
            Said::Send { conversation, client_id, body, attachments, reply_to } => {
                let act = match conversation.parse() {
                    Ok(id) => draft_of(&self.platform, &self.caller, id, client_id, body, &attachments, reply_to).await,
                    Err(_) => Err(Nack::not_found()),
                };
                self.submit(&conversation, json!(client_id), act).await
            }
            Said::Edit { conversation, client_id, seq, body } => {
                let act = checked(&body).map(|()| Act::Edit { client_id, seq, body });
                self.submit(&conversation, json!(client_id), act).await
            }
            Said::Delete { conversation, client_id, seq } => {
                self.submit(&conversation, json!(client_id), Ok(Act::Delete { client_id, seq })).await
            }
            Said::Read { conversation, seq } => self.submit(&conversation, Value::Null, Ok(Act::Read { seq })).await,
            Said::Typing { conversation } => self.typing(&conversation).await,
            Said::Ping { t } => {
                self.feed.answer(wire::pong(&t));
                Ok(())
            }
            Said::Unknown => Ok(()),
        }
    }

    fn nack(&self, nack: &Nack, client_id: &Value, conversation: Option<&str>) {
        self.feed.answer(nack.frame(client_id, conversation));
    }

    /// Hands it to the writer, who proves the author inside the transaction and answers.
    async fn submit(&mut self, conversation: &str, client_id: Value, act: Result<Act, Nack>) -> Result<(), Option<u16>> {
        let counted = act.and_then(|act| {
            if act.client_id().is_some() {
                self.hub.may_send(self.caller.account, self.platform.clock.now(), self.platform.config.sends_per_10s)?;
            }
            Ok((act, conversation.parse().map_err(|_| Nack::not_found())?))
        });
        match counted {
            Err(nack) => self.nack(&nack, &client_id, Some(conversation)),
            Ok((act, id)) => {
                let reply = Reply::Feed(Arc::clone(&self.feed));
                writer::submit(&self.hub, Waiting::of(&self.caller, id, act, reply)).await;
            }
        }
        Ok(())
    }

    async fn typing(&mut self, conversation: &str) -> Result<(), Option<u16>> {
        if self.typed_at.is_some_and(|at| at.elapsed() < Duration::from_millis(900)) {
            return Ok(());
        }
        self.typed_at = Some(Instant::now());
        let place = match conversation.parse() {
            Ok(id) => Participant::of(&self.platform, &self.caller, id).await,
            Err(_) => Err(Error::NotFound),
        };
        match place {
            Ok(place) => {
                let person = Person { id: Some(self.caller.account), name: self.caller.name.clone() };
                self.hub.whisper(place.conversation, self.caller.account, wire::typing(place.conversation, &person));
            }
            Err(error) => self.nack(&nack_of(&error), &Value::Null, Some(conversation)),
        }
        Ok(())
    }

    /// Takes a seat, replays what was missed straight from the database, and goes live where the replay has caught up.
    async fn subscribe(&mut self, conversation: &str, after: Option<i64>) -> Result<(), Gone> {
        let not_found = Nack::not_found();
        let Ok(id) = conversation.parse::<ConversationId>() else {
            self.nack(&not_found, &Value::Null, Some(conversation));
            return Ok(());
        };
        let place = match Participant::of_in_line(&self.platform, &self.caller, id).await {
            Ok(_) => self.replay(id, after).await,
            Err(error) => Err(error),
        };
        match place {
            Ok(Replayed::Live(head)) => self.outlet.put(&Out { of: None, text: wire::subscribed(id, head).into() }).await,
            Ok(Replayed::Gone) => Ok(()),
            Ok(Replayed::Cut) => Err(Gone),
            Err(error) => {
                self.hub.stand(&self.feed, id);
                self.nack(&nack_of(&error), &Value::Null, Some(conversation));
                Ok(())
            }
        }
    }

    async fn replay(&mut self, id: ConversationId, after: Option<i64>) -> Result<Replayed> {
        self.hub.sit(&self.feed, id);
        let mut reached = None;
        loop {
            let tx = self.platform.read_in_line(self.caller.reach()).await?;
            // Proved again for every page of it.
            queries::place(&tx, id, self.caller.account).await?.ok_or(Error::NotFound)?;
            let row = queries::conversation(&tx, id).await?.ok_or(Error::NotFound)?;
            let from = reached.unwrap_or_else(|| after.map_or(row.head, |after| after.clamp(0, row.head)));
            let events = match from < row.head {
                true => queries::events_after(&self.platform, &tx, &row, from, REPLAY).await?,
                false => Vec::new(),
            };
            drop(tx);
            for event in &events {
                if self.feed.closed().is_some() {
                    return Ok(Replayed::Gone);
                }
                let out = Out { of: Some((id, event.seq)), text: event.frame().into() };
                if self.outlet.put(&out).await.is_err() {
                    return Ok(Replayed::Cut);
                }
            }
            let now = events.last().map_or(from, |event| event.seq);
            reached = Some(now);
            if now >= row.head {
                match self.hub.go_live(&self.feed, id, now) {
                    Live::Yes => return Ok(Replayed::Live(now)),
                    Live::Gone => return Ok(Replayed::Gone),
                    Live::Behind => {}
                }
            }
        }
    }
}

enum Replayed {
    Live(i64),
    /// The seat was taken away meanwhile; the feed says why.
    Gone,
    /// The other side does not read.
    Cut,
}

fn nack_of(error: &Error) -> Nack {
    match error {
        Error::NotFound => Nack::not_found(),
        Error::Refused(refusal) => Nack::new(refusal.code, refusal.sentence.to_string()),
        other => Nack::new(other.code(), other.detail()),
    }
}
