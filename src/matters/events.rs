//! What this slice tells the others: ids and names, never what was written.

use entity::ids::{AccountId, CompanyId, ConversationId, MatterId, TenantId};
use serde::Serialize;

use crate::platform::events;

/// The matter an event is about, and who takes part in it at that moment.
#[derive(Clone, Debug, Serialize)]
pub struct About {
    pub tenant: TenantId,
    pub matter: MatterId,
    pub conversation: ConversationId,
    pub title: String,
    pub company_id: Option<CompanyId>,
    pub urgency: &'static str,
    pub participants: Vec<AccountId>,
}

events! {
    /// To the attorneys who may claim it.
    MatterOpened = "matter.opened",
    /// To those who take part.
    MatterClaimed = "matter.claimed",
    MatterResolved = "matter.resolved",
    MatterClosed = "matter.closed",
    MatterReopened = "matter.reopened",
    /// To the person put on the matter.
    ParticipantAdded = "matter.participant_added" { account: AccountId, name: String },
    /// To nobody by rule: the person is out and hears nothing more.
    ParticipantRemoved = "matter.participant_removed" { account: AccountId, name: String },
}
