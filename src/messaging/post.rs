//! Messages in a person's name from inside the program: the same writer, the same rules, no socket.

use std::sync::Arc;

use entity::ids::DocumentId;
use tokio::sync::oneshot;

use super::{
    access::Participant,
    api::{draft_of, refused},
    writer::{self, Reply, Waiting},
};
use crate::platform::{Error, Platform, Result, random};

/// On disk when this answers; its number in the conversation.
pub async fn post(platform: &Arc<Platform>, who: &Participant, body: &str, attachments: &[DocumentId]) -> Result<i64> {
    let answer = hand_in(platform, who, body, attachments).await?;
    let done = answer.await.map_err(|error| Error::Internal(error.into()))?;
    done.map(|done| done.seq).map_err(refused)
}

/// Many at once, in this order: they share as few transactions as the writer can make of them.
pub async fn post_all(platform: &Arc<Platform>, messages: &[(&Participant, String)]) -> Result<()> {
    let mut answers = Vec::with_capacity(messages.len());
    for (who, body) in messages {
        answers.push(hand_in(platform, who, body, &[]).await?);
    }
    for answer in answers {
        answer.await.map_err(|error| Error::Internal(error.into()))?.map_err(refused)?;
    }
    Ok(())
}

type Answer = oneshot::Receiver<std::result::Result<writer::Done, super::wire::Nack>>;

async fn hand_in(platform: &Arc<Platform>, who: &Participant, body: &str, attachments: &[DocumentId]) -> Result<Answer> {
    let client_id = random::id(platform.clock.now());
    let act =
        draft_of(platform, &who.caller, who.conversation, client_id, body.to_owned(), attachments, None).await.map_err(refused)?;
    let (sender, receiver) = oneshot::channel();
    writer::submit(&writer::hub(platform), Waiting::of(&who.caller, who.conversation, act, Reply::Once(sender))).await;
    Ok(receiver)
}
