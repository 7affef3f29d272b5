//! What this slice tells the others: the title, never the text.

use entity::ids::{AccountId, AnnouncementId, TenantId};
use serde::Serialize;

use crate::platform::events;

#[derive(Clone, Debug, Serialize)]
pub struct About {
    pub tenant: TenantId,
    pub announcement: AnnouncementId,
    pub issuer: String,
    pub title: String,
    /// Everybody it is for who has come in.
    pub people: Vec<AccountId>,
}

events! {
    /// To those it is for.
    AnnouncementPublished = "announcement.published",
    /// The same where the MSP wants them to have a mail as well.
    AnnouncementMailed = "announcement.mailed",
    /// Those it was for see it no more.
    AnnouncementWithdrawn = "announcement.withdrawn",
}
