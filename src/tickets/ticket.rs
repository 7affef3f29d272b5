//! The noun: what a ticket may say, its fields that two systems write, and where it is looked at.

use std::borrow::Borrow;

use entity::{
    Moment,
    ids::TicketId,
    tickets::{TicketCategory, TicketPriority, TicketStatus, ticket},
};

use crate::platform::FieldErrors;

/// Characters a subject may have.
pub const SUBJECT_LIMIT: usize = 500;
/// Characters a description or a comment may have.
pub const TEXT_LIMIT: usize = 20_000;

/// A field that the MSP's PSA may change as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Subject,
    Priority,
    Status,
}

impl Field {
    pub const ALL: [Self; 3] = [Self::Subject, Self::Priority, Self::Status];

    pub fn word(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Priority => "priority",
            Self::Status => "status",
        }
    }

    /// Its value and when it was last written.
    pub fn of(self, row: &ticket::Model) -> (String, Moment) {
        match self {
            Self::Subject => (row.subject.clone(), row.subject_at),
            Self::Priority => (row.priority.word().to_owned(), row.priority_at),
            Self::Status => (row.status.word().to_owned(), row.status_at),
        }
    }

    /// The value as it is kept; none for a word that is none of ours.
    pub fn parse(self, text: &str) -> Option<String> {
        match self {
            Self::Subject => {
                let clean = clean_subject(text);
                (!clean.is_empty() && clean.chars().count() <= SUBJECT_LIMIT).then_some(clean)
            }
            Self::Priority => text.parse::<TicketPriority>().ok().map(|word| word.word().to_owned()),
            Self::Status => text.parse::<TicketStatus>().ok().map(|word| word.word().to_owned()),
        }
    }

    /// As people read it.
    pub fn label(self, value: &str) -> String {
        match self {
            Self::Subject => format!("“{value}”"),
            Self::Priority => value.parse::<TicketPriority>().map_or_else(|_| value.to_owned(), |word| word.label().to_owned()),
            Self::Status => value.parse::<TicketStatus>().map_or_else(|_| value.to_owned(), |word| word.label().to_owned()),
        }
    }

    /// The key of one writing: the same writing heard again is known by it.
    pub fn key(self, value: &str, at: Moment) -> String {
        format!("{}@{}={value}", self.word(), at.0)
    }

    /// A moment for writing it now: never before what stands.
    pub fn next_at(self, row: &ticket::Model, now: Moment) -> Moment {
        Moment(now.0.max(self.of(row).1.0 + 1))
    }

    /// `set the status to Resolved`
    pub fn words(self, value: &str) -> String {
        format!("set the {} to {}", self.word(), self.label(value))
    }
}

/// A subject on one line, without what cannot be seen.
pub fn clean_subject(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn check_subject(subject: &str, errors: &mut FieldErrors) {
    if subject.is_empty() {
        errors.add("subject", "Say in a line what it is about.");
    } else if subject.chars().count() > SUBJECT_LIMIT {
        errors.add("subject", format!("At most {SUBJECT_LIMIT} characters; the rest belongs into the description."));
    }
}

pub fn check_text(field: &str, text: &str, empty: &str, errors: &mut FieldErrors) {
    if text.is_empty() {
        errors.add(field, empty);
    } else if text.chars().count() > TEXT_LIMIT {
        errors.add(field, format!("At most {TEXT_LIMIT} characters; attach a document for more."));
    }
}

/// Done, for now.
pub fn is_done(status: TicketStatus) -> bool {
    matches!(status, TicketStatus::Resolved | TicketStatus::Closed)
}

/// Where a client's words lead: they are looked at again.
pub fn after_client_wrote(status: TicketStatus, is_assigned: bool) -> Option<TicketStatus> {
    match status {
        TicketStatus::Resolved | TicketStatus::Closed => Some(TicketStatus::Open),
        TicketStatus::WaitingOnClient if is_assigned => Some(TicketStatus::InProgress),
        TicketStatus::WaitingOnClient => Some(TicketStatus::Open),
        TicketStatus::Open | TicketStatus::InProgress | TicketStatus::WaitingOnVendor => None,
    }
}

/// The owner of a ticket's documents in the vault.
pub fn owner(id: TicketId) -> String {
    format!("ticket:{id}")
}

pub fn href_of_client(id: TicketId) -> String {
    format!("/portal/tickets/{id}")
}

pub fn href_of_staff(id: TicketId) -> String {
    format!("/legal/tickets/{id}")
}

/// Pairs for selects.
pub fn categories() -> Vec<(&'static str, &'static str)> {
    TicketCategory::ALL.iter().map(|word| (word.word(), word.label())).collect()
}

pub fn priorities() -> Vec<(&'static str, &'static str)> {
    TicketPriority::ALL.iter().map(|word| (word.word(), word.label())).collect()
}

/// A status as the client reads it, everywhere the same.
pub fn client_label(status: impl Borrow<TicketStatus>) -> &'static str {
    match status.borrow() {
        TicketStatus::WaitingOnClient => "Waits for you",
        other => other.label(),
    }
}

pub fn client_statuses() -> Vec<(&'static str, &'static str)> {
    TicketStatus::ALL.iter().map(|word| (word.word(), client_label(word))).collect()
}

pub fn statuses() -> Vec<(&'static str, &'static str)> {
    TicketStatus::ALL.iter().map(|word| (word.word(), word.label())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clients_words_open_what_was_done_and_leave_the_rest() {
        use TicketStatus::{Closed, InProgress, Open, Resolved, WaitingOnClient, WaitingOnVendor};
        for (status, assigned, next) in [
            (Resolved, true, Some(Open)),
            (Closed, false, Some(Open)),
            (WaitingOnClient, true, Some(InProgress)),
            (WaitingOnClient, false, Some(Open)),
            (WaitingOnVendor, true, None),
            (Open, false, None),
            (InProgress, true, None),
        ] {
            assert_eq!(after_client_wrote(status, assigned), next, "{status}");
        }
    }

    #[test]
    fn a_field_knows_its_words() {
        assert_eq!(Field::Status.parse("waiting_on_client").as_deref(), Some("waiting_on_client"));
        assert_eq!(Field::Status.parse("Escalated"), None);
        assert_eq!(Field::Subject.parse(" a\n b "), Some("a b".to_owned()));
        assert_eq!(Field::Subject.parse(&"x".repeat(501)), None);
        assert_eq!(Field::Priority.words("urgent"), "set the priority to Urgent");
    }
}
