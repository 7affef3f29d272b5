//! The frames of `one-legal.v1`, as `docs/realtime.md` gives them: what comes in, what goes out.

use std::borrow::Cow;

use entity::{
    Moment,
    ids::{AccountId, ConversationId, DocumentId},
    messaging::EventKind,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::content::{self, Attached, Content};
use crate::platform::text;

pub const PROTOCOL: &str = "one-legal.v1";

/// What a client says. An id that is none is a conversation that is not there, so it comes as text.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Said {
    Subscribe {
        conversation: String,
        #[serde(default)]
        after: Option<i64>,
    },
    Unsubscribe {
        conversation: String,
    },
    Send {
        conversation: String,
        client_id: Uuid,
        body: String,
        #[serde(default)]
        attachments: Vec<DocumentId>,
        #[serde(default)]
        reply_to: Option<i64>,
    },
    Edit {
        conversation: String,
        client_id: Uuid,
        seq: i64,
        body: String,
    },
    Delete {
        conversation: String,
        client_id: Uuid,
        seq: i64,
    },
    Read {
        conversation: String,
        seq: i64,
    },
    Typing {
        conversation: String,
    },
    Ping {
        #[serde(default)]
        t: Value,
    },
    /// Grows with the protocol; ignored.
    #[serde(other)]
    Unknown,
}

/// Why something was not taken; goes back with the client's own id of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nack {
    pub code: &'static str,
    pub detail: String,
    pub retry_after_ms: Option<i64>,
}

impl Nack {
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), retry_after_ms: None }
    }

    /// The same for a conversation that is not there and for one that is not theirs.
    pub fn not_found() -> Self {
        Self::new("not_found", "There is no such conversation, or you do not take part in it.")
    }

    pub fn too_long() -> Self {
        Self::new("too_long", format!("A message has at most {} characters; this one was not sent.", content::BODY_LIMIT))
    }

    pub fn frame(&self, client_id: &Value, conversation: Option<&str>) -> String {
        let mut frame = json!({ "type": "nack", "client_id": client_id, "code": self.code, "detail": self.detail });
        if let Some(wait) = self.retry_after_ms {
            frame["retry_after_ms"] = json!(wait);
        }
        if let Some(conversation) = conversation {
            frame["conversation"] = json!(conversation);
        }
        frame.to_string()
    }
}

/// Reads a frame; where it cannot be read, the nack that says so.
pub fn read(frame: &str) -> Result<Said, String> {
    let malformed = |client_id: &Value| {
        Nack::new("malformed", "The frame could not be read: JSON objects with `type`, as the protocol says.")
            .frame(client_id, None)
    };
    let mut value: Value = serde_json::from_str(frame).map_err(|_| malformed(&Value::Null))?;
    if !value.get("type").is_some_and(Value::is_string) {
        return Err(malformed(&Value::Null));
    }
    let client_id = value.get("client_id").filter(|id| id.is_string()).cloned().unwrap_or(Value::Null);
    if text::take_json(&mut value).is_err() {
        let nack = Nack::new("no_text", "It holds a character that is no text (NUL); it was not sent.");
        return Err(nack.frame(&client_id, None));
    }
    serde_json::from_value(value).map_err(|_| malformed(&client_id))
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    pub id: Option<AccountId>,
    pub name: String,
}

/// An event, opened: what happened, for those who take part.
#[derive(Clone, Debug)]
pub struct Happening {
    pub conversation: ConversationId,
    pub seq: i64,
    pub at: Moment,
    pub actor: Person,
    pub subject: Option<Person>,
    pub kind: EventKind,
    pub client_id: Option<Uuid>,
    pub target: Option<i64>,
    pub reply_to: Option<i64>,
    pub content: Option<Content>,
    /// Its author took it back later: what it said is not shown any more.
    pub withdrawn: bool,
}

#[derive(Serialize)]
struct EventFrame<'a> {
    r#type: &'static str,
    conversation: ConversationId,
    seq: i64,
    at: String,
    actor: &'a Person,
    kind: EventKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachments: Option<Vec<DocumentId>>,
    /// The attachments with their names.
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<&'a [Attached]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<Option<i64>>,
    /// The event this one is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<i64>,
    /// Who joined or left.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<&'a Person>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    withdrawn: bool,
}

impl Happening {
    fn shown(&self) -> EventFrame<'_> {
        let content = self.content.as_ref().filter(|_| !self.withdrawn);
        let is_text = matches!(self.kind, EventKind::Message | EventKind::Edited);
        let is_message = self.kind == EventKind::Message;
        let body = content.map(|content| text::contained(&content.body)).or((is_text && self.withdrawn).then_some("".into()));
        EventFrame {
            r#type: "event",
            conversation: self.conversation,
            seq: self.seq,
            at: self.at.rfc3339(),
            actor: &self.actor,
            kind: self.kind,
            client_id: self.client_id,
            body,
            body_html: content.filter(|_| is_text).map(|content| content::html(&content.body)),
            attachments: is_message.then(|| content.map(|c| c.files.iter().map(|file| file.id).collect()).unwrap_or_default()),
            files: content.filter(|_| is_message).map(|content| content.files.as_slice()),
            reply_to: is_message.then_some(self.reply_to),
            target: self.target,
            person: self.subject.as_ref(),
            withdrawn: self.withdrawn,
        }
    }

    /// The frame, the same for every subscriber.
    pub fn frame(&self) -> String {
        serde_json::to_string(&self.shown()).expect("strings, numbers and lists become JSON")
    }

    pub fn value(&self) -> Value {
        serde_json::to_value(self.shown()).expect("strings, numbers and lists become JSON")
    }
}

pub fn hello(person: AccountId, heartbeat_ms: u64) -> String {
    json!({ "type": "hello", "protocol": 1, "person": person, "heartbeat_ms": heartbeat_ms }).to_string()
}

pub fn subscribed(conversation: ConversationId, head: i64) -> String {
    json!({ "type": "subscribed", "conversation": conversation, "head": head }).to_string()
}

pub fn ack(client_id: Uuid, conversation: ConversationId, seq: i64) -> String {
    json!({ "type": "ack", "client_id": client_id, "conversation": conversation, "seq": seq }).to_string()
}

pub fn resync(conversation: ConversationId) -> String {
    json!({ "type": "resync", "conversation": conversation }).to_string()
}

pub fn typing(conversation: ConversationId, person: &Person) -> String {
    json!({ "type": "typing", "conversation": conversation, "person": person }).to_string()
}

pub fn presence(conversation: ConversationId, person: &Person, online: bool) -> String {
    let state = if online { "online" } else { "offline" };
    json!({ "type": "presence", "conversation": conversation, "person": person, "state": state }).to_string()
}

pub fn notification() -> String {
    json!({ "type": "notification" }).to_string()
}

pub fn pong(t: &Value) -> String {
    json!({ "type": "pong", "t": t }).to_string()
}
