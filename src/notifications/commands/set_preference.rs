//! Which topics a person takes by mail.

use entity::{
    ids::{AccountId, TenantId},
    notifications::preference,
};
use sea_orm::{EntityTrait, Set, sea_query::OnConflict};

use crate::{
    audit,
    platform::{Result, Work},
    tenancy::Seat,
};

/// The topics people choose by, and what the firm reads.
const TOPICS: &[(&str, &str)] = &[
    ("policy", "Policies: reviews, approvals, comments"),
    ("envelope", "Signatures: signed, declined, reminders"),
    ("ticket", "Tickets: opened, written on, given to you"),
    ("help", "Clients who would like to talk to a person"),
    ("matter", "Matters: opened, taken, resolved"),
    ("message", "Messages and mentions"),
    ("retainer", "Retainers: offers, acceptance, changes"),
    ("payout", "Payouts: billed, paid, what waits for you"),
    ("statement", "Monthly statements"),
];

/// What clients hear of, in their words.
const PORTAL_TOPICS: &[(&str, &str)] = &[
    ("envelope", "Documents to sign: requests, reminders, signed copies"),
    ("policy", "Documents for your information"),
    ("ticket", "Your tickets: answers, and what becomes of them"),
    ("help", "Your questions: who is with you, and how they end"),
    ("matter", "Conversations you are added to, and how they end"),
    ("message", "Messages and mentions"),
    ("invoice", "Invoices to your company"),
    ("announcement", "Announcements, where your provider also mails them"),
];

/// What this seat hears of by mail: nothing of an MSP's business reaches the members of a mission organisation.
pub fn topics(seat: &Seat) -> impl Iterator<Item = (&'static str, &'static str)> {
    let topics: &'static [(&'static str, &'static str)] = match seat {
        Seat::Member { .. } => &[],
        Seat::Client { .. } => PORTAL_TOPICS,
        _ => TOPICS,
    };
    topics.iter().copied()
}

pub async fn set_preferences(work: &mut Work, tenant: Option<TenantId>, account: AccountId, wanted: &[String]) -> Result<()> {
    for (topic, _) in TOPICS.iter().chain(PORTAL_TOPICS) {
        let mail = wanted.iter().any(|w| w == topic);
        preference::Entity::insert(preference::ActiveModel {
            account_id: Set(account),
            topic: Set((*topic).to_owned()),
            mail: Set(mail),
        })
        .on_conflict(
            OnConflict::columns([preference::Column::AccountId, preference::Column::Topic])
                .update_column(preference::Column::Mail)
                .to_owned(),
        )
        .exec_without_returning(work.write())
        .await?;
    }
    let line = audit::Line::new("notification_preferences.changed", format!("account:{account}"));
    audit::record(work, line.tenant(tenant)).await
}
