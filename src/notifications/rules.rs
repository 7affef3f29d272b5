//! The table. `{name}` in words and addresses is a field of the event's data; `{actor}` is who caused it.

use entity::tenancy::{AttorneyRole, StaffRole};

use crate::platform::text;

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// The tenant's engaged attorneys in these roles.
    Attorneys(&'static [AttorneyRole]),
    /// The tenant's staff in these roles.
    Staff(&'static [StaffRole]),
    /// The account named by this field of the event (absent or null: nobody).
    Account(&'static str),
    /// The same, also where they did it themselves: of what somebody in their place could have done they must hear.
    Oneself(&'static str),
    /// The accounts listed in this field.
    Accounts(&'static str),
    /// The contacts listed in this field, as ids or as objects with `contact`: the bell if they have an account; always the
    /// mail, with their portal invitation if they have never come in.
    Contacts(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    Bell,
    BellAndMail,
    /// The bell at once; a mail only if the person has still not looked after a while.
    BellThenMail,
}

pub struct Rule {
    pub event: &'static str,
    pub whom: &'static [Whom],
    pub channel: Channel,
    pub words: &'static str,
    pub href: &'static str,
    /// The label of the mail's button.
    pub button: &'static str,
}

use Channel::{Bell, BellAndMail, BellThenMail};
use Whom::{Account, Accounts, Attorneys, Contacts, Oneself, Staff};

const REVIEWERS: Whom = Attorneys(&[AttorneyRole::Primary, AttorneyRole::Associate]);
const PRIMARY: Whom = Attorneys(&[AttorneyRole::Primary]);
const MANAGERS: Whom = Staff(&[StaffRole::Owner, StaffRole::Admin]);
const POLICY: &str = "/legal/policies/{policy}";
/// Attorneys put on this policy: of counsel and outside counsel hear of no other.
const PEOPLE: Whom = Accounts("people");
const MATTER: &str = "/legal/matters/{matter}";
const RETAINER: &str = "/legal/retainers/{retainer}";
const TICKET: &str = "/legal/tickets/{ticket}";
const CLIENT_TICKET: &str = "/portal/tickets/{ticket}";
const HELP: &str = "/legal/help/{help}";
const ANNOUNCEMENT: &str = "/portal/announcements/{announcement}";
const PAYOUT: &str = "/legal/payouts/{settlement}";

/// What was told is not to be read any more: the event, and where the lines lead that go.
const TAKEN_BACK: &[(&str, &str)] = &[("announcement.withdrawn", ANNOUNCEMENT)];

/// event, whom, channel, words, address, button
pub const RULES: &[Rule] = &[
    rule(
        "policy.submitted",
        &[REVIEWERS, PEOPLE],
        BellAndMail,
        "{actor} sent “{title}” for {company} to you for review",
        POLICY,
        "Review it",
    ),
    rule(
        "policy.sent_back",
        &[Account("drafter")],
        BellAndMail,
        "{actor} sent “{title}” for {company} back with comments",
        POLICY,
        "See the comments",
    ),
    rule(
        "policy.approved",
        &[Account("drafter")],
        BellAndMail,
        "{actor} approved “{title}” for {company}: send it to the client",
        POLICY,
        "Open it",
    ),
    rule(
        "policy.commented",
        &[Account("drafter"), REVIEWERS, PEOPLE],
        Bell,
        "{actor} commented on “{title}” for {company}",
        POLICY,
        "See the comment",
    ),
    rule(
        "policy.fully_signed",
        &[MANAGERS, PRIMARY],
        BellAndMail,
        "“{title}” for {company} is fully signed and awaits final approval",
        POLICY,
        "Approve it",
    ),
    rule("policy.sent_to_client", &[Account("drafter"), PEOPLE], Bell, "“{title}” is with {company}", POLICY, "Open it"),
    rule(
        "policy.shared",
        &[Contacts("contacts")],
        BellAndMail,
        "{issuer} sent you “{title}” for your information",
        "/portal/documents?tab=info",
        "Read it",
    ),
    rule(
        "policy.published",
        &[Account("drafter"), REVIEWERS, PEOPLE],
        Bell,
        "“{title}” for {company} is published",
        POLICY,
        "Open it",
    ),
    rule(
        "policy.cancelled",
        &[Account("drafter"), REVIEWERS, PEOPLE],
        Bell,
        "{actor} cancelled “{title}” for {company}",
        POLICY,
        "Open it",
    ),
    rule(
        "hook.paused",
        &[MANAGERS],
        BellAndMail,
        "The webhook of {name} is paused: {why}",
        "/admin/integrations/hooks/{hook}",
        "See its deliveries",
    ),
    rule("psa.contact_waits", &[MANAGERS], Bell, "{name} waits for your word: {why}", "/admin/integrations/psa", "Decide"),
    rule(
        "invoice.sent",
        &[Accounts("people")],
        BellAndMail,
        "{issuer} sent {company} invoice {number} over {amount}",
        "/portal/invoices/{invoice}",
        "See the invoice",
    ),
    rule(
        "help.asked",
        &[Staff(&[StaffRole::Owner, StaffRole::Admin, StaffRole::Member])],
        BellAndMail,
        "{name} of {company} would like to talk to a person: {title}",
        HELP,
        "Take it",
    ),
    rule("help.claimed", &[Account("asker")], BellThenMail, "{actor} is with you now: {title}", HELP, "Open the conversation"),
    rule("help.closed", &[Account("asker")], Bell, "{actor} closed your question: {title}", HELP, "Open the conversation"),
    rule("announcement.published", &[Accounts("people")], Bell, "{issuer} announces: {title}", ANNOUNCEMENT, "Read it"),
    rule("announcement.mailed", &[Accounts("people")], BellAndMail, "{issuer} announces: {title}", ANNOUNCEMENT, "Read it"),
    rule(
        "envelope.sent",
        &[Contacts("signers")],
        BellAndMail,
        "{issuer} asks you to sign “{title}”",
        "/portal/documents/{policy}/sign",
        "Read and sign",
    ),
    rule(
        "envelope.reminded",
        &[Contacts("signers")],
        BellAndMail,
        "Reminder: “{title}” from {issuer} awaits your signature",
        "/portal/documents/{policy}/sign",
        "Read and sign",
    ),
    rule("envelope.signed", &[MANAGERS], BellAndMail, "{signer.name} signed “{title}” for {company}", POLICY, "Open it"),
    rule(
        "envelope.declined",
        &[MANAGERS, REVIEWERS],
        BellAndMail,
        "{signer.name} declined to sign “{title}” for {company}",
        POLICY,
        "See why",
    ),
    rule(
        "envelope.declined",
        &[Contacts("others")],
        BellAndMail,
        "{signer.name} declined to sign “{title}”; it will not be completed",
        "/portal/documents/{policy}/sign",
        "See where it stands",
    ),
    rule(
        "envelope.completed",
        &[Contacts("signers")],
        BellAndMail,
        "“{title}” is signed by everybody; your copy is ready",
        "/portal/documents?tab=signed",
        "Get your copy",
    ),
    rule(
        "envelope.voided",
        &[Contacts("signers")],
        BellAndMail,
        "{issuer} withdrew “{title}”: you need not sign it",
        "/portal/documents",
        "Open your documents",
    ),
    rule("matter.opened", &[REVIEWERS], BellAndMail, "{actor} opened a matter: {title}", MATTER, "Open the matter"),
    rule("matter.claimed", &[Accounts("participants")], BellAndMail, "{actor} took the matter {title}", MATTER, "Open the matter"),
    rule(
        "matter.resolved",
        &[Accounts("participants")],
        BellAndMail,
        "{actor} resolved the matter {title}",
        MATTER,
        "Open the matter",
    ),
    rule("matter.closed", &[Accounts("participants")], Bell, "{actor} closed the matter {title}", MATTER, "Open the matter"),
    rule(
        "matter.reopened",
        &[Accounts("participants")],
        BellAndMail,
        "{actor} re-opened the matter {title}",
        MATTER,
        "Open the matter",
    ),
    rule(
        "matter.participant_added",
        &[Account("account")],
        BellAndMail,
        "{actor} added you to the matter {title}",
        MATTER,
        "Open the matter",
    ),
    rule(
        "message.mentioned",
        &[Account("account")],
        BellAndMail,
        "{actor} mentioned you in {title}",
        "{href}",
        "Open the conversation",
    ),
    rule("message.posted", &[Accounts("absent")], BellThenMail, "{actor} wrote in {title}", "{href}", "Open the conversation"),
    rule("ticket.opened", &[Accounts("desk")], BellAndMail, "{actor} opened ticket #{number}: {title}", TICKET, "Open the ticket"),
    rule(
        "ticket.client_wrote",
        &[Accounts("desk")],
        BellThenMail,
        "{actor} wrote on ticket #{number}: {title}",
        TICKET,
        "Open the ticket",
    ),
    rule(
        "ticket.reopened",
        &[Accounts("desk")],
        BellAndMail,
        "{actor} wrote on ticket #{number}, which is open again: {title}",
        TICKET,
        "Open the ticket",
    ),
    rule(
        "ticket.assigned",
        &[Account("assignee")],
        BellAndMail,
        "{actor} gave you ticket #{number}: {title}",
        TICKET,
        "Open the ticket",
    ),
    rule(
        "ticket.answered",
        &[Account("requester")],
        BellAndMail,
        "{actor} answered your ticket #{number}: {title}",
        CLIENT_TICKET,
        "Read the answer",
    ),
    rule(
        "ticket.waits_for_client",
        &[Account("requester")],
        BellAndMail,
        "Your ticket #{number} waits for your answer: {title}",
        CLIENT_TICKET,
        "Answer",
    ),
    rule(
        "ticket.resolved",
        &[Account("requester")],
        BellAndMail,
        "Your ticket #{number} is resolved: {title}",
        CLIENT_TICKET,
        "Open the ticket",
    ),
    rule("retainer.offered", &[MANAGERS], BellAndMail, "{actor} offers you a retainer", RETAINER, "See the terms"),
    rule(
        "retainer.withdrawn",
        &[MANAGERS],
        Bell,
        "{actor} took the offered retainer back",
        "/legal/retainers",
        "See the retainers",
    ),
    rule("retainer.accepted", &[Account("attorney")], BellAndMail, "{actor} accepted your retainer", RETAINER, "Open it"),
    rule("retainer.paused", &[Account("attorney"), MANAGERS], Bell, "{actor} paused the retainer", RETAINER, "Open it"),
    rule("retainer.resumed", &[Account("attorney"), MANAGERS], Bell, "{actor} resumed the retainer", RETAINER, "Open it"),
    rule(
        "retainer.cancelled",
        &[Account("attorney"), MANAGERS],
        BellAndMail,
        "{actor} cancelled the retainer",
        RETAINER,
        "Open it",
    ),
    rule(
        "retainer.nearly_used",
        &[Account("attorney"), MANAGERS],
        BellAndMail,
        "80 % of the hours that the retainer with {attorney_name} includes until {until} are used",
        RETAINER,
        "See the meter",
    ),
    rule(
        "retainer.used_up",
        &[Account("attorney"), MANAGERS],
        BellAndMail,
        "The hours that the retainer with {attorney_name} includes until {until} are used up: what comes now is overage",
        RETAINER,
        "See the meter",
    ),
    rule(
        "retainer.change_offered",
        &[MANAGERS],
        BellAndMail,
        "{actor} offers new terms for your retainer",
        RETAINER,
        "See the new terms",
    ),
    rule("retainer.change_withdrawn", &[MANAGERS], Bell, "{actor} took the offered new terms back", RETAINER, "Open the retainer"),
    rule("retainer.change_accepted", &[Account("attorney")], BellAndMail, "{actor} accepted your new terms", RETAINER, "Open it"),
    rule(
        "retainer.change_declined",
        &[Account("attorney")],
        BellAndMail,
        "{actor} declined your new terms: the old ones hold",
        RETAINER,
        "Open it",
    ),
    rule(
        "payout.scheduled",
        &[MANAGERS],
        BellAndMail,
        "{amount} was billed for {period}, from {attorney_name}",
        PAYOUT,
        "See the lines",
    ),
    rule(
        "payout.scheduled",
        &[Account("attorney")],
        BellAndMail,
        "{amount} was billed for {period} on your retainer",
        PAYOUT,
        "See the lines",
    ),
    rule("payout.charged", &[MANAGERS], Bell, "{amount} for {period} was charged and is passed on", PAYOUT, "Open the payout"),
    rule(
        "payout.paid",
        &[MANAGERS, Account("attorney")],
        BellAndMail,
        "{amount} for {period} has reached the bank of {attorney_name}",
        PAYOUT,
        "Open the payout",
    ),
    rule("payout.needs_msp", &[MANAGERS], BellAndMail, "{amount} for {period} waits for you: {cause}", PAYOUT, "See what to do"),
    rule(
        "payout.needs_attorney",
        &[Account("attorney")],
        BellAndMail,
        "{amount} for {period} waits for you: {cause}",
        PAYOUT,
        "See what to do",
    ),
    rule(
        "payout.disputed",
        &[MANAGERS, Account("attorney")],
        BellAndMail,
        "{amount} for {period} is disputed: {cause}",
        PAYOUT,
        "Open the payout",
    ),
    rule(
        "payout.failed",
        &[MANAGERS, Account("attorney")],
        BellAndMail,
        "{amount} for {period} could not be paid: {cause}",
        PAYOUT,
        "See whose turn it is",
    ),
    rule(
        "statement.msp",
        &[MANAGERS],
        BellAndMail,
        "Your statement for {month}: {sums}",
        "/legal/statements?month={word}",
        "Open the statement",
    ),
    rule(
        "statement.attorney",
        &[Account("attorney")],
        BellAndMail,
        "Your statement for {month}: {sums}",
        "/legal/statements?month={word}",
        "Open the statement",
    ),
    rule(
        "payout_account.restricted",
        &[Oneself("account")],
        BellAndMail,
        "Stripe has restricted your payout account: see what it asks for",
        "/legal/profile/payouts",
        "See what it asks for",
    ),
    rule(
        "payout_account.bank_changed",
        &[Oneself("account")],
        BellAndMail,
        "Your payouts now go to {bank}; if that was not you, change your password and open Stripe now",
        "/legal/profile/payouts",
        "See your payout account",
    ),
    rule(
        "account.read_in_bulk",
        &[Account("account")],
        BellAndMail,
        "Your account opened {documents} documents within {minutes} minutes; if that was not you, change your password now",
        "/legal/profile/activity",
        "See your activity",
    ),
    rule(
        "account.read_in_bulk",
        &[MANAGERS],
        BellAndMail,
        "{actor} opened {documents} documents within {minutes} minutes",
        "/admin/audit?actor={search}&action=document.",
        "See which",
    ),
];

const fn rule(
    event: &'static str,
    whom: &'static [Whom],
    channel: Channel,
    words: &'static str,
    href: &'static str,
    button: &'static str,
) -> Rule {
    Rule { event, whom, channel, words, href, button }
}

/// Where lines lead that this event takes back.
pub fn taken_back(event: &str) -> Option<&'static str> {
    TAKEN_BACK.iter().find(|(name, _)| *name == event).map(|(_, href)| *href)
}

/// The rules of one event.
pub fn of(event: &str) -> impl Iterator<Item = &'static Rule> {
    RULES.iter().filter(move |rule| rule.event == event)
}

/// The group a person switches mail off by.
pub fn topic(event: &str) -> &str {
    event.split('.').next().unwrap_or(event)
}

/// `{name}` or `{signer.name}` filled from the event's data, `{actor}` from who caused it; what is missing is left out.
pub fn fill(pattern: &str, data: &serde_json::Value, actor: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 32);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else { break };
        match name.split('.').try_fold(data, |at, part| at.get(part)) {
            _ if name == "actor" => out.push_str(&text::contained(actor)),
            Some(serde_json::Value::String(words)) => out.push_str(&text::contained(words)),
            Some(serde_json::Value::Null) | None => {}
            Some(other) => out.push_str(&other.to_string()),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_filled_from_the_event() {
        let data = json!({ "title": "MSA", "company": "Acme Dental", "policy": "p1" });
        assert_eq!(fill("{actor} sent “{title}” for {company}", &data, "Mira"), "Mira sent “MSA” for Acme Dental");
        assert_eq!(fill(POLICY, &data, "Mira"), "/legal/policies/p1");
        assert_eq!(fill("{nothing}x", &data, "Mira"), "x");
    }
}
