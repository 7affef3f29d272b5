//! What a message says: its text and its attachments, sealed as one; whom it names; how it is shown.

use std::{collections::HashSet, sync::LazyLock};

use entity::ids::{AccountId, ConversationId, DocumentId};
use serde::{Deserialize, Serialize};

use crate::platform::text;

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

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::default();
    // Pictures would tell another host who reads what, and when.
    cleaner
        .tags(HashSet::from([
            "p",
            "br",
            "strong",
            "em",
            "del",
            "a",
            "ul",
            "ol",
            "li",
            "blockquote",
            "code",
            "pre",
            "hr",
            "h3",
            "h4",
            "h5",
            "h6",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .link_rel(Some("noopener noreferrer nofollow"));
    cleaner
});

/// Markdown as HTML that cannot do anything: no raw HTML, no pictures, no script, no other scheme than http, https and mailto.
pub fn html(body: &str) -> String {
    let body = &*text::contained(body);
    if is_plain(body) {
        return format!("<p>{body}</p>\n");
    }
    let mut options = comrak::Options::default();
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.table = true;
    options.render.hardbreaks = true;
    options.render.escape = true;
    CLEANER.clean(&comrak::markdown_to_html(body, &options)).to_string()
}

/// A line that is the same as Markdown, as HTML and as text.
fn is_plain(body: &str) -> bool {
    body.starts_with(|c: char| c.is_alphabetic())
        && !body.contains("www")
        && !body.ends_with(' ')
        && body.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | ',' | '.' | '?' | '(' | ')' | ';'))
}
