//! What a message says: its text and its attachments, sealed as one; whom it names; how it is shown.

use entity::ids::{AccountId, ConversationId, DocumentId};
use serde::{Deserialize, Serialize};

use crate::platform::markdown;

/// Characters a message may have.
pub const BODY_LIMIT: usize = 16_000;

/// Attachments a message may have.
pub const FILES_LIMIT: usize = 20;

/// A document that hangs on a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    pub id: DocumentId,
    pub name: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub body: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Attached>,
}

impl Content {
    pub fn text(body: impl Into<String>) -> Self {
        Self { body: body.into(), files: Vec::new() }
    }
}

/// Whose the files of a conversation are in the vault.
pub fn owner(conversation: ConversationId) -> String {
    format!("conversation:{conversation}")
}

/// What a sealed content is bound to: moved to another place it does not open.
pub fn context(conversation: ConversationId, seq: i64) -> Vec<u8> {
    format!("conversation:{conversation}:{seq}").into_bytes()
}

/// Who of these is named: `@Ada`, or `@Ada Whitfield`.
pub fn mentioned<'a>(body: &str, people: impl IntoIterator<Item = (AccountId, &'a str)>) -> Vec<AccountId> {
    if !body.contains('@') {
        return Vec::new();
    }
    let text = body.to_lowercase();
    let names = |name: &str| {
        let name = format!("@{}", name.to_lowercase());
        text.match_indices(&name).any(|(at, _)| !text[at + name.len()..].starts_with(char::is_alphanumeric))
    };
    let named = |name: &str| names(name) || name.split_whitespace().next().is_some_and(names);
    people.into_iter().filter(|(_, name)| !name.trim().is_empty() && named(name)).map(|(account, _)| account).collect()
}

/// How it is shown.
pub fn html(body: &str) -> String {
    markdown::message(body)
}
