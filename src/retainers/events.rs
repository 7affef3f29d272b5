//! What this slice tells the others: ids and names, never terms or what was done.

use entity::ids::{AccountId, MatterId, RetainerId, TenantId, TimeEntryId};
use serde::Serialize;

use crate::platform::events;

/// The retainer an event is about.
#[derive(Clone, Debug, Serialize)]
pub struct About {
    pub tenant: TenantId,
    pub retainer: RetainerId,
    pub attorney: AccountId,
    pub attorney_name: String,
}

events! {
    /// To owner and admins: terms wait for them.
    RetainerOffered = "retainer.offered",
    /// To owner and admins: the offer was taken back.
    RetainerWithdrawn = "retainer.withdrawn",
    /// To the attorney.
    RetainerAccepted = "retainer.accepted",
    /// To both sides.
    RetainerPaused = "retainer.paused",
    RetainerResumed = "retainer.resumed",
    RetainerCancelled = "retainer.cancelled",
    /// To owner and admins: new terms from a later month wait for them.
    ChangeOffered = "retainer.change_offered",
    /// To owner and admins: they need not look at them any more.
    ChangeWithdrawn = "retainer.change_withdrawn",
    /// To the attorney.
    ChangeAccepted = "retainer.change_accepted",
    ChangeDeclined = "retainer.change_declined",
    /// Time was logged.
    HoursLogged = "hours.logged" { entry: TimeEntryId, matter: Option<MatterId>, minutes: i64 },
    /// To both sides: four fifths of a month's included hours are used; `until` is its last day, in words.
    RetainerNearlyUsed = "retainer.nearly_used" { until: String },
    /// To both sides: all of them are.
    RetainerUsedUp = "retainer.used_up" { until: String },
}
