//! Says in the conversation what happened to the thing it is about: "Ada claimed the matter".

use entity::{ids::ConversationId, messaging::EventKind};

use super::append::{Draft, lock_one, say};
use crate::{
    messaging::content::Content,
    platform::{Result, Work},
};

pub async fn post_status(work: &mut Work, conversation: ConversationId, text: &str) -> Result<()> {
    let mut locked = lock_one(work, conversation).await?;
    let draft = Draft { content: Some(Content::text(text)), ..Draft::of(work, EventKind::Status) };
    say(work, &mut locked, conversation, draft).await
}
