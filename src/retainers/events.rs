//! What this slice tells the others: ids and names, never terms or what was done.

use entity::ids::{AccountId, MatterId, RetainerId, TenantId, TimeEntryId};
use serde::Serialize;

use crate::platform::Event;

/// The retainer an event is about.
#[derive(Clone, Debug, Serialize)]
pub struct About {
    pub tenant: TenantId,
    pub retainer: RetainerId,
    pub attorney: AccountId,
    pub attorney_name: String,
}

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Serialize)]
        pub struct $name {
            #[serde(flatten)]
            pub about: About,
        }

        impl Event for $name {
            const NAME: &'static str = $word;

            fn tenant(&self) -> Option<TenantId> {
                Some(self.about.tenant)
            }
        }
    )+};
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
}

/// Time was logged.
#[derive(Clone, Debug, Serialize)]
pub struct HoursLogged {
    #[serde(flatten)]
    pub about: About,
    pub entry: TimeEntryId,
    pub matter: Option<MatterId>,
    pub minutes: i64,
}

impl Event for HoursLogged {
    const NAME: &'static str = "hours.logged";

    fn tenant(&self) -> Option<TenantId> {
        Some(self.about.tenant)
    }
}

macro_rules! warnings {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Serialize)]
        pub struct $name {
            #[serde(flatten)]
            pub about: About,
            /// The month's last day, in words.
            pub until: String,
        }

        impl Event for $name {
            const NAME: &'static str = $word;

            fn tenant(&self) -> Option<TenantId> {
                Some(self.about.tenant)
            }
        }
    )+};
}

warnings! {
    /// To both sides: four fifths of a month's included hours are used.
    RetainerNearlyUsed = "retainer.nearly_used",
    /// To both sides: all of them are.
    RetainerUsedUp = "retainer.used_up",
}
