//! The pages of tickets: the client's, the MSP's, and the catalog's.

pub mod admin;
pub mod catalog;
pub mod desk;
pub mod files;
pub mod filter;
pub mod portal;

use entity::{
    Moment,
    tickets::{EntryKind, EntrySide, entry},
};

use super::{Delivery, catalog::Answers};
use crate::platform::web::frame;

/// Something said or done, as a page shows it.
pub struct Said {
    pub kind: EntryKind,
    pub is_words: bool,
    pub own: bool,
    pub initials: String,
    pub author: String,
    pub side: &'static str,
    pub body: String,
    pub at: Moment,
}

/// `mine`: the side from which it is looked at.
pub fn said(rows: Vec<entry::Model>, mine: EntrySide) -> Vec<Said> {
    rows.into_iter()
        .map(|row| Said {
            kind: row.kind,
            is_words: matches!(row.kind, EntryKind::Comment | EntryKind::Note),
            own: row.side == mine,
            initials: frame::initials(&row.author_name),
            side: match row.side {
                EntrySide::Client => "Client",
                EntrySide::Staff => "Service desk",
                EntrySide::Outside if mine == EntrySide::Client => "Service desk",
                EntrySide::Outside => "in the PSA",
            },
            author: row.author_name,
            body: row.body,
            at: row.created_at,
        })
        .collect()
}

/// What was answered; a day as people read it.
pub fn answers_of(text: &str) -> Answers {
    let answers: Answers = serde_json::from_str(text).unwrap_or_default();
    let format = time::macros::format_description!("[year]-[month]-[day]");
    let read = |answer: String| time::Date::parse(&answer, format).map_or(answer, |day| Moment::of_day(day).day_words());
    answers.into_iter().map(|(question, answer)| (question, read(answer))).collect()
}

/// What a client reads of the other system: that it has it, or that it is kept until then.
pub fn client_words(delivery: &Delivery) -> Option<(&'static str, Option<Moment>)> {
    match delivery {
        Delivery::Off => None,
        Delivery::Seen(at) => Some(("Received by the service desk", Some(*at))),
        Delivery::Waiting => Some(("On its way to the service desk", None)),
        Delivery::Trouble { .. } => Some(("Kept here, and passed to the service desk as soon as that is possible", None)),
    }
}
