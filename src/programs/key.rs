//! What a key may be made for, and what one looks like.

use std::collections::BTreeSet;

use entity::{Moment, programs::key};

/// Something a key may be let do.
pub trait Scope: 'static {
    const WORD: &'static str;
}

macro_rules! scopes {
    ($($name:ident = $word:literal => $label:literal, $note:literal;)+) => {
        $(
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl Scope for $name {
                const WORD: &'static str = $word;
            }
        )+

        /// Word, label, and what it opens.
        pub const SCOPES: &[(&str, &str, &str)] = &[$(($word, $label, $note)),+];
    };
}

scopes! {
    ReadClients = "clients:read" => "Read clients", "Companies and their contacts.";
    WriteClients = "clients:write" => "Add clients", "New companies and contacts.";
    ReadTemplates = "templates:read" => "Read templates", "Titles, categories and states; never the text.";
    ReadPolicies = "policies:read" => "Read policies", "Status, dates, signers and scores; never the text.";
    ReadMatters = "matters:read" => "Read matters", "Type, urgency, status and dates; never a title, a person or a message.";
    ReadDocuments = "documents:read" => "Read the vault's list", "Names, sizes and hashes of what all your staff may open; never the bytes.";
    ReadRetainers = "retainers:read" => "Read retainers and hours", "Terms and minutes; never what was done.";
    ReadPayouts = "payouts:read" => "Read payouts", "Amounts, statuses and causes.";
    ReadTickets = "tickets:read" => "Read tickets", "With their comments; never internal notes.";
    WriteTickets = "tickets:write" => "Open and answer tickets", "In the key's own name.";
    ReadInvoices = "invoices:read" => "Read invoices", "As Books told them.";
    ReadAudit = "audit:read" => "Read the audit log", "Who did what, and when.";
    ReadEvents = "events:read" => "Read the event feed", "What webhooks say, in one sequence.";
}

/// What a key begins with.
pub const PREFIX: &str = "olk_";

/// Days a key may live, as people choose them.
pub const LIVES: &[(&str, &str)] = &[("30", "30 days"), ("90", "90 days"), ("180", "6 months"), ("365", "1 year")];

/// The words that are scopes, as the table has them; others are passed over.
pub fn scopes_of(text: &str) -> BTreeSet<&'static str> {
    text.split_whitespace().filter_map(|word| SCOPES.iter().find(|(known, ..)| *known == word).map(|(known, ..)| *known)).collect()
}

/// How a key stands: the word of a badge.
pub fn standing(row: &key::Model, now: Moment) -> &'static str {
    if row.revoked_at.is_some() {
        "revoked"
    } else if row.expires_at <= now {
        "expired"
    } else {
        "active"
    }
}
