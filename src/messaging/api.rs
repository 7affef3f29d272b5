//! Conversations for programs, and for pages whose WebSocket does not get through.

use std::sync::Arc;

use actix_web::{HttpResponse, http::StatusCode};
use entity::ids::{ConversationId, DocumentId};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::{
    access::Participant,
    content::{BODY_LIMIT, FILES_LIMIT, owner},
    pages, queries,
    view::SHOWN_KINDS,
    wire::Nack,
    writer::{self, Act, Done, Reply, Waiting},
};
use crate::{
    platform::{
        Error, Platform, Refusal, Result, random,
        web::{Answer, Ask, Json, path_id, request_id},
    },
    tenancy::Caller,
    vault::{self, Upload},
};

#[derive(Deserialize)]
struct EventsQuery {
    #[serde(default)]
    after: i64,
    before: Option<i64>,
    limit: Option<u64>,
}

/// What happened after a number, in order; or, with `before`, the last messages before one.
pub async fn events(ask: Ask<Participant>) -> Answer {
    let query = actix_web::web::Query::<EventsQuery>::from_query(ask.request.query_string())
        .map_err(|_| Error::invalid("after", "`after` and `limit` are numbers."))?;
    let limit = query.limit.unwrap_or(100).clamp(1, 500);
    let platform = ask.platform();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let conversation = queries::conversation(&tx, ask.who.conversation).await?.ok_or(Error::NotFound)?;
    let (events, changes, more) = match query.before {
        Some(before) => {
            let events = queries::events_before(&platform, &tx, &conversation, before, SHOWN_KINDS, limit).await?;
            let changes = queries::changes_of(&platform, &tx, &conversation, events.iter().map(|event| event.seq)).await?;
            let more = events.first().is_some_and(|event| event.seq > 1);
            (events, changes, more)
        }
        None => {
            let events = queries::events_after(&platform, &tx, &conversation, query.after.max(0), limit).await?;
            let more = events.last().is_some_and(|event| event.seq < conversation.head);
            (events, Vec::new(), more)
        }
    };
    let changes: Vec<_> = changes.iter().map(super::wire::Happening::value).collect();
    let events: Vec<_> = events.iter().map(super::wire::Happening::value).collect();
    Ok(HttpResponse::Ok().json(
        json!({ "conversation": conversation.id, "head": conversation.head, "more": more, "events": events, "changes": changes }),
    ))
}

#[derive(Deserialize)]
pub struct NewMessage {
    pub client_id: Option<Uuid>,
    pub body: String,
    #[serde(default)]
    pub attachments: Vec<DocumentId>,
    pub reply_to: Option<i64>,
}

/// Sends a message: 201 with its number, 200 with the same number where it was sent before.
pub async fn send(ask: Ask<Participant, Json<NewMessage>>) -> Answer {
    let Json(new) = &ask.body;
    let key = ask.request.headers().get("idempotency-key").and_then(|v| v.to_str().ok()).and_then(|key| key.parse().ok());
    let client_id = new.client_id.or(key).unwrap_or_else(|| random::id(ask.platform().clock.now()));
    let platform = ask.platform();
    let act =
        draft_of(&platform, &ask.who.caller, ask.who.conversation, client_id, new.body.clone(), &new.attachments, new.reply_to)
            .await;
    let done = write(&ask, act).await?;
    let status = if done.repeated { StatusCode::OK } else { StatusCode::CREATED };
    Ok(HttpResponse::build(status).json(json!({ "conversation": ask.who.conversation, "client_id": client_id, "seq": done.seq })))
}

#[derive(Deserialize)]
pub struct ChangedMessage {
    pub client_id: Option<Uuid>,
    pub body: String,
}

/// Changes one's own message.
pub async fn edit(ask: Ask<Participant, Json<ChangedMessage>>) -> Answer {
    let platform = ask.platform();
    let client_id = ask.body.0.client_id.unwrap_or_else(|| random::id(platform.clock.now()));
    let seq = path_id(&ask.request, "seq")?;
    let body = ask.body.0.body.clone();
    let act = checked(&body).map(|()| Act::Edit { client_id, seq, body });
    let done = write(&ask, act).await?;
    Ok(HttpResponse::Ok().json(json!({ "conversation": ask.who.conversation, "client_id": client_id, "seq": done.seq })))
}

/// Takes one's own message back.
pub async fn delete(ask: Ask<Participant>) -> Answer {
    let client_id = random::id(ask.platform().clock.now());
    let seq = path_id(&ask.request, "seq")?;
    let done = write(&ask, Ok(Act::Delete { client_id, seq })).await?;
    Ok(HttpResponse::Ok().json(json!({ "conversation": ask.who.conversation, "client_id": client_id, "seq": done.seq })))
}

#[derive(Deserialize)]
pub struct ReadUpTo {
    pub seq: i64,
}

/// Says how far one has read.
pub async fn read(ask: Ask<Participant, Json<ReadUpTo>>) -> Answer {
    let seq = ask.body.0.seq;
    write(&ask, Ok(Act::Read { seq })).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Deserialize)]
struct SearchQuery {
    #[serde(default)]
    q: String,
}

/// The messages that hold these words.
pub async fn search(ask: Ask<Participant>) -> Answer {
    let query = actix_web::web::Query::<SearchQuery>::from_query(ask.request.query_string())
        .map_err(|_| Error::invalid("q", "`q` is what to look for."))?;
    let platform = ask.platform();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let conversation = queries::conversation(&tx, ask.who.conversation).await?.ok_or(Error::NotFound)?;
    let found = queries::search(&platform, &tx, &conversation, &query.q).await?;
    let messages: Vec<_> = found.iter().map(super::wire::Happening::value).collect();
    Ok(HttpResponse::Ok().json(json!({ "conversation": conversation.id, "messages": messages })))
}

/// Takes files for a message into the vault; a message then names them, or they go again.
pub async fn attach(mut ask: Ask<Participant, Upload>) -> Answer {
    let mut files = Vec::new();
    while let Some(id) = pages::take_file(&mut ask).await? {
        files.push(id);
    }
    let platform = ask.platform();
    let files = queries::attachable(&platform, &ask.who.caller, ask.who.conversation, &files).await?;
    if files.is_empty() {
        return Err(Error::invalid("file", "Choose a file."));
    }
    Ok(HttpResponse::Created().json(json!({ "files": files })))
}

/// Takes a file away again that no message names yet: its sender thought better of it.
pub async fn detach(ask: Ask<Participant>) -> Answer {
    let document = path_id(&ask.request, "document")?;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    vault::discard(&mut work, ask.who.caller.account, &owner(ask.who.conversation), document).await?;
    work.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A text that may be said.
pub fn checked(body: &str) -> Result<(), Nack> {
    if body.chars().count() > BODY_LIMIT {
        return Err(Nack::too_long());
    }
    if body.trim().is_empty() {
        return Err(Nack::new("empty", "There is nothing in this message."));
    }
    Ok(())
}

/// A message that may be sent, or why not.
pub async fn draft_of(
    platform: &Arc<Platform>,
    caller: &Arc<Caller>,
    conversation: ConversationId,
    client_id: Uuid,
    body: String,
    attachments: &[DocumentId],
    reply_to: Option<i64>,
) -> Result<Act, Nack> {
    // A file may go without words.
    if attachments.is_empty() || !body.is_empty() {
        checked(&body)?;
    }
    if attachments.len() > FILES_LIMIT {
        return Err(Nack::new("too_many_files", format!("A message takes at most {FILES_LIMIT} files.")));
    }
    let files = queries::attachable(platform, caller, conversation, attachments).await.map_err(|error| match error {
        Error::NotFound => Nack::new("unknown_file", "One of the files is not there, or not yours to send."),
        error => Nack::new(error.code(), error.detail()),
    })?;
    Ok(Act::Send { client_id, body, files, reply_to })
}

/// Hands it to the writer and waits until it is on disk.
pub async fn write<B>(ask: &Ask<Participant, B>, act: Result<Act, Nack>) -> Result<Done> {
    let platform = ask.platform();
    let hub = writer::hub(&platform);
    let act = act.map_err(refused)?;
    if act.client_id().is_some() {
        hub.may_send(ask.who.caller.account, platform.clock.now(), platform.config.sends_per_10s).map_err(refused)?;
    }
    let (sender, receiver) = oneshot::channel();
    let mut waiting = Waiting::of(&ask.who.caller, ask.who.conversation, act, Reply::Once(sender));
    waiting.request_id = Some(request_id(&ask.request));
    writer::submit(&hub, waiting).await;
    receiver.await.map_err(|error| Error::Internal(error.into()))?.map_err(refused)
}

/// A nack as an answer over HTTP.
pub fn refused(nack: Nack) -> Error {
    let (status, next_step) = match nack.code {
        "not_found" => return Error::NotFound,
        "forbidden" => return Error::forbidden(nack.detail),
        "too_long" => (StatusCode::UNPROCESSABLE_ENTITY, "Send it in parts."),
        "empty" | "too_many_files" | "unknown_file" | "invalid" => {
            (StatusCode::UNPROCESSABLE_ENTITY, "Correct it and send it again.")
        }
        "rate_limited" => (StatusCode::TOO_MANY_REQUESTS, "Wait a moment and send it again."),
        "storage_unavailable" => (StatusCode::SERVICE_UNAVAILABLE, "Send it again in a moment; it is never doubled."),
        "internal" => return Error::Internal(anyhow::anyhow!("a message could not be written")),
        _ => (StatusCode::CONFLICT, "Look at the conversation again."),
    };
    let mut refusal = Refusal::new(nack.code, nack.detail, next_step).status(status);
    if let Some(wait) = nack.retry_after_ms {
        refusal = refusal.retry_after(u64::try_from(wait).unwrap_or(0).div_ceil(1_000));
    }
    refusal.into()
}

impl Waiting {
    /// In the caller's name, inside their reach.
    pub fn of(caller: &Caller, conversation: ConversationId, act: Act, reply: Reply) -> Self {
        let tenants = match caller.reach() {
            entity::Reach::Tenants(tenants) => tenants,
            entity::Reach::Everything(_) => Vec::new(),
        };
        Self {
            conversation,
            account: caller.account,
            name: caller.name.clone(),
            attorney: caller.is_attorney(),
            tenants,
            request_id: None,
            act,
            reply,
        }
    }
}
