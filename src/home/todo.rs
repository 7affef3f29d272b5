//! One thing to do, in words: what, for whom, and where it is done.

use entity::policies::{Acknowledgement, PolicyStatus};

use crate::{
    knowledge::TalkLine,
    matters::{self, MatterLine},
    payments::PayoutLine,
    policies::PolicyFacts,
    retainers::MeterCard,
    tenancy::Caller,
    tickets,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Todo {
    pub href: String,
    pub icon: &'static str,
    pub what: String,
    pub detail: String,
    /// `is-late`, `is-soon` or nothing.
    pub pace: &'static str,
    pub tone: &'static str,
    pub label: &'static str,
}

/// Terms somebody offers.
pub fn retainer(card: &MeterCard) -> Todo {
    Todo {
        href: format!("/legal/retainers/{}", card.id),
        icon: "clock",
        what: format!("Accept the retainer {} offers", card.with),
        detail: format!("{} a month with {} included", card.fee_words(), card.included_words()),
        pace: "is-soon",
        tone: "amber",
        label: "Accept",
    }
}

/// A payout that waits for this person, or that nobody charges; none where the next step is another's.
pub fn payout(line: &PayoutLine) -> Option<Todo> {
    let (label, href) = match line.place() {
        Some(place) => place,
        None if line.is_stuck() => ("Not charged", format!("/legal/payouts/{}", line.id)),
        None => return None,
    };
    Some(Todo {
        href,
        icon: "cash",
        what: format!("{label}: {}", line.amount_words()),
        detail: format!("{} · {} · {}", line.with, line.period_words(), line.cause.words()),
        pace: if line.tone() == "red" { "is-late" } else { "is-soon" },
        tone: line.tone(),
        label: line.label(),
    })
}

/// An attorney's payout account to which Stripe does not pay.
pub fn payout_account() -> Todo {
    Todo {
        href: "/legal/profile/payouts".to_owned(),
        icon: "building-bank",
        what: "Finish your payout account".to_owned(),
        detail: "Stripe cannot pay you before it has what it asks for".to_owned(),
        pace: "is-soon",
        tone: "amber",
        label: "Payouts",
    }
}

/// The next step of a policy that waits for this person.
pub fn policy(facts: &PolicyFacts, company: &str) -> Todo {
    let (icon, verb, tone, label, pace) = match facts.status {
        PolicyStatus::FinalApproval if facts.acknowledgement == Acknowledgement::Informational => {
            ("rosette-discount-check", "Approve finally", "blue", "No signature needed", "")
        }
        PolicyStatus::FinalApproval => ("rosette-discount-check", "Approve finally", "green", "All signed", ""),
        PolicyStatus::InternalReview if facts.approved => ("send", "Send to the client", "blue", "Approved", ""),
        PolicyStatus::InternalReview => ("scale", "Review", "blue", "Review", ""),
        PolicyStatus::Draft if facts.sent_back => ("arrow-back-up", "Mend", "amber", "Sent back", "is-soon"),
        _ => ("pencil", "Finish", "grey", "Draft", ""),
    };
    Todo {
        href: format!("/legal/policies/{}", facts.policy),
        icon,
        what: format!("{verb}: {}", facts.title),
        detail: format!("{company} · version {} · {}", facts.version, facts.updated_at.day_words()),
        pace,
        tone,
        label,
    }
}

/// A matter nobody has taken, one to confirm, or one with something to read; none where nothing is to be done.
pub fn matter(line: &MatterLine, caller: &Caller) -> Option<Todo> {
    use entity::matters::{MatterStatus, Urgency};
    let (claims, confirms) = (matters::is_counsel(caller, line.tenant), matters::is_active_staff(caller, line.tenant));
    let company = line.company.as_deref().unwrap_or("No client");
    let (icon, what, tone, label) = match line.status {
        MatterStatus::Open if claims => ("gavel", format!("Claim: {}", line.title), "blue", "Unclaimed"),
        MatterStatus::Resolved if confirms => ("checks", format!("Confirm: {}", line.title), "green", "Resolved"),
        _ if line.unread > 0 => {
            let messages = if line.unread == 1 { "message" } else { "messages" };
            ("messages", format!("{} new {messages}: {}", line.unread, line.title), "violet", "Unread")
        }
        _ => return None,
    };
    let pace = match line.urgency {
        Urgency::Urgent => "is-late",
        Urgency::High => "is-soon",
        Urgency::Normal => "",
    };
    Some(Todo {
        href: format!("/legal/matters/{}", line.id),
        icon,
        what,
        detail: match line.urgency {
            Urgency::Normal => format!("{company} · opened by {}", line.opened_by_name),
            pressing => format!("{company} · {} · opened by {}", pressing.label().to_lowercase(), line.opened_by_name),
        },
        pace,
        tone,
        label,
    })
}

/// Signatures that are overdue.
pub fn unsigned(count: usize) -> Option<Todo> {
    (count > 0).then(|| Todo {
        href: "/legal/compliance".to_owned(),
        icon: "alarm",
        what: format!("Remind who has not signed: {count} {}", if count == 1 { "policy" } else { "policies" }),
        detail: "Sent more than 7 days ago".to_owned(),
        pace: "is-late",
        tone: "red",
        label: "Overdue",
    })
}

/// Time that is proposed from what the attorney did.
pub fn proposals(count: u64) -> Option<Todo> {
    (count > 0).then(|| Todo {
        href: "/legal/proposals".to_owned(),
        icon: "hourglass",
        what: format!("Log or dismiss: {count} {} of time", if count == 1 { "proposed entry" } else { "proposed entries" }),
        detail: "From your messages, documents and reviews".to_owned(),
        pace: "",
        tone: "violet",
        label: "Hours",
    })
}

/// New terms of a retainer that runs.
pub fn new_terms(card: &MeterCard) -> Todo {
    Todo {
        href: format!("/legal/retainers/{}", card.id),
        icon: "clock",
        what: format!("Accept or decline the new terms {} offers", card.with),
        detail: card.change.as_ref().map(|change| format!("From {}: {}", change.since_words(), change.words())).unwrap_or_default(),
        pace: "is-soon",
        tone: "amber",
        label: "Accept",
    }
}

/// A ticket that nobody has taken, or that this person has and that is open.
pub fn ticket(row: &entity::tickets::ticket::Model, company: &str) -> Todo {
    use entity::tickets::TicketPriority;
    let taken = row.assignee_id.is_some();
    Todo {
        href: tickets::href_of_staff(row.id),
        icon: "ticket",
        what: format!("{}: {}", if taken { "Answer" } else { "Take" }, row.subject),
        detail: format!("{company} · #{} · from {}", row.number, row.opened_by_name),
        pace: match row.priority {
            TicketPriority::Urgent => "is-late",
            TicketPriority::High => "is-soon",
            TicketPriority::Normal | TicketPriority::Low => "",
        },
        tone: "blue",
        label: "Ticket",
    }
}

/// A client who waits for a person.
pub fn help(line: &TalkLine) -> Todo {
    Todo {
        href: format!("/legal/help/{}", line.row.id),
        icon: "message-2",
        what: format!("Talk with {}: {}", line.row.name, line.title),
        detail: format!("{} · waits for somebody to come", line.company),
        pace: "is-late",
        tone: "amber",
        label: "Help",
    }
}
