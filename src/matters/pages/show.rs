//! `/legal/matters/{id}`: what was asked, the conversation, and who takes part.

use askama::Template;
use entity::matters::participant;

use super::header::{Header, header};
use crate::{
    matters::{MatterView, crypt, queries},
    messaging::{self, ConversationView},
    platform::web::{Answer, Ask, Frame, frame, page},
};

#[derive(Template)]
#[template(path = "matters/show.html")]
struct ShowPage {
    frame: Frame,
    head: Header,
    description: String,
    /// None for an attorney who sees the matter by office and has not joined it.
    conversation: Option<ConversationView>,
    people: Vec<Sitting>,
}

/// Somebody on the matter, as the side panel shows them.
pub struct Sitting {
    pub initials: String,
    pub row: participant::Model,
    pub responsible: bool,
}

impl Sitting {
    pub fn role_words(&self) -> String {
        if self.responsible { format!("{} · responsible", self.row.role) } else { self.row.role.clone() }
    }
}

pub fn seated(people: Vec<participant::Model>, responsible: Option<entity::ids::AccountId>) -> Vec<Sitting> {
    people
        .into_iter()
        .map(|row| Sitting { initials: frame::initials(&row.name), responsible: responsible == Some(row.account_id), row })
        .collect()
}

pub async fn show(ask: Ask<MatterView>) -> Answer {
    let platform = ask.platform();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let head = header(&tx, &ask.who, "conversation").await?;
    let description = crypt::description(&platform, &tx, &ask.who.matter).await?;
    let people = seated(queries::participants(&tx, ask.who.matter.id).await?, ask.who.matter.claimed_by);
    drop(tx);
    let conversation = match ask.who.joined {
        true => Some(messaging::view(&platform, &ask.who.caller, ask.who.matter.conversation_id).await?),
        false => None,
    };
    page(&ShowPage { frame: ask.frame(), head, description, conversation, people })
}
