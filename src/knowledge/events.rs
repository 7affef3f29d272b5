//! What this slice tells the others.

use entity::ids::{AccountId, CompanyId, ConversationId, HelpId, TenantId};
use serde::Serialize;

use crate::platform::events;

#[derive(Clone, Debug, Serialize)]
pub struct About {
    pub tenant: TenantId,
    pub help: HelpId,
    pub company: CompanyId,
    pub conversation: ConversationId,
    /// Who asked.
    pub asker: AccountId,
    pub name: String,
    /// The beginning of the question.
    pub title: String,
}

events! {
    /// Somebody wants a person: to the desk.
    HelpAsked = "help.asked",
    /// Somebody of the desk is there: to who asked.
    HelpClaimed = "help.claimed",
    /// To who asked.
    HelpClosed = "help.closed",
}
