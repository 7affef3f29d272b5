//! What messaging tells the other slices: never a body.

use entity::ids::{AccountId, ConversationId, TenantId};
use serde::Serialize;

use crate::platform::Event;

/// Somebody was named with `@` in a message.
#[derive(Clone, Debug, Serialize)]
pub struct MessageMentioned {
    pub tenant: TenantId,
    pub conversation: ConversationId,
    pub account: AccountId,
    pub title: String,
    pub href: String,
}

impl Event for MessageMentioned {
    const NAME: &'static str = "message.mentioned";
    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant)
    }
}

/// An attorney wrote: how many messages, in one unit of work. Whoever counts their time hears it.
#[derive(Clone, Debug, Serialize)]
pub struct MessagesWritten {
    pub tenant: TenantId,
    pub conversation: ConversationId,
    pub messages: u64,
}

impl Event for MessagesWritten {
    const NAME: &'static str = "message.written";
    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant)
    }
}

/// There is something to read for people who are not there; told once, and again only after they have read.
#[derive(Clone, Debug, Serialize)]
pub struct MessagePosted {
    pub tenant: TenantId,
    pub conversation: ConversationId,
    pub absent: Vec<AccountId>,
    pub title: String,
    pub href: String,
}

impl Event for MessagePosted {
    const NAME: &'static str = "message.posted";
    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant)
    }
}

/// Somebody who was told that there is something to read has read it, or has answered.
#[derive(Clone, Debug, Serialize)]
pub struct ConversationRead {
    pub tenant: TenantId,
    pub conversation: ConversationId,
    pub href: String,
}

impl Event for ConversationRead {
    const NAME: &'static str = "conversation.read";
    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant)
    }
}
