//! The table, rule by rule: whom each event reaches, by bell and by mail, and that it reaches nobody else.

use std::collections::BTreeSet;

use one_legal::notifications::rules::RULES;
use serde_json::{Value, json};

use super::{fresh_mails, key_of, lines, tell};
use crate::support::Installation;

struct Case {
    event: &'static str,
    by: &'static str,
    data: Value,
    bell: &'static [&'static str],
    mail: &'static [&'static str],
    words: &'static str,
    href: &'static str,
}

fn case(
    event: &'static str,
    by: &'static str,
    data: &Value,
    bell: &'static [&'static str],
    mail: &'static [&'static str],
    words: &'static str,
    href: &'static str,
) -> Case {
    Case { event, by, data: data.clone(), bell, mail, words, href }
}

#[actix_web::test]
async fn every_event_reaches_exactly_whom_it_should_once() {
    let one = Installation::new().await;
    let account = |key: &str| one.cast.person(key).account;
    let contact = |key: &str| one.cast.person(key).contact.expect("a contact");
    let signer = |key: &str| json!({ "contact": contact(key), "account": account(key), "name": one.cast.person(key).name });
    let policy = json!({ "policy": "P", "title": "MSA", "company": "Acme Dental", "company_id": one.cast.acme,
        "drafter": account("tom"), "people": [account("nils")] });
    let envelope = json!({ "company": one.cast.acme, "envelope": "E", "source": "policy:P", "title": "MSA", "issuer": "Harbor IT",
        "signers": [signer("ben"), signer("cleo")], "signer": signer("cleo"), "signed": 1, "required": 2 });
    let shared = json!({ "policy": "P", "title": "MSA", "company": "Acme Dental", "issuer": "Harbor IT",
        "contacts": [contact("ben"), contact("cleo")] });
    let matter = json!({ "matter": "M", "conversation": "C", "title": "Late invoices", "urgency": "high",
        "participants": [account("mira"), account("ada"), account("cleo")] });
    let put_on = json!({ "matter": "M", "title": "Late invoices", "account": account("nils"), "name": "Nils Aaberg",
        "participants": [account("mira"), account("ada"), account("nils")] });
    let client_put_on = json!({ "matter": "M", "title": "Late invoices", "account": account("ben"), "name": "Ben Marsh" });
    let talk = json!({ "conversation": "C", "title": "Late invoices", "href": "/legal/matters/M", "account": account("mira"),
        "absent": [account("mira"), account("ben")] });
    let retainer = json!({ "retainer": "R", "attorney": account("ada"), "attorney_name": "Ada Whitfield", "until": "31 Mar 2026" });

    let payout = json!({ "settlement": "S", "attorney": account("ada"), "attorney_name": "Ada Whitfield", "amount": "$1,500.00",
        "period": "1 Mar 2026 – 31 Mar 2026", "cause": "The bank declined the payment." });
    let ticket = json!({ "ticket": "T", "number": 1042, "title": "Printer", "company": one.cast.acme, "status": "Open",
        "requester": account("ben"), "assignee": account("tom"), "desk": [account("mira"), account("tom")] });
    let own = json!({ "account": account("ada"), "bank": "Test Bank •••• 6789" });
    let hook = json!({ "hook": "H", "name": "Robot", "why": "it answered 503" });
    let waits = json!({ "name": "Cleo Vance", "why": "the PSA has them twice" });
    let sums = json!({ "month": "March 2026", "word": "2026-03", "attorney": account("ada"), "sums": "billed $1,500.00" });

    let invoice = json!({ "company": one.cast.acme, "invoice": "I", "issuer": "Harbor IT", "number": "B-1090", "amount": "$4,975.00",
        "people": [account("cleo"), account("dora")] });

    let help = json!({ "help": "H", "company": one.cast.acme, "conversation": "C", "asker": account("cleo"), "name": "Cleo Vance",
        "title": "Our scanner" });
    let announcement = json!({ "announcement": "A", "issuer": "Harbor IT", "title": "New hours",
        "people": [account("cleo"), account("gus")] });

    let s = "/legal/payouts/S";
    let p = "/legal/policies/P";
    let cases = [
        case(
            "policy.submitted",
            "tom",
            &policy,
            &["ada", "nils", "sam"],
            &["ada", "nils", "sam"],
            "Tom Okafor sent “MSA” for Acme Dental to you for review",
            p,
        ),
        case(
            "ticket.opened",
            "ben",
            &ticket,
            &["mira", "tom"],
            &["mira", "tom"],
            "Ben Marsh opened ticket #1042: Printer",
            "/legal/tickets/T",
        ),
        case(
            "help.asked",
            "cleo",
            &help,
            &["mira", "tom"],
            &["mira", "tom"],
            "Cleo Vance of Acme Dental would like to talk to a person: Our scanner",
            "/legal/help/H",
        ),
        case("help.claimed", "tom", &help, &["cleo"], &[], "Tom Okafor is with you now: Our scanner", "/portal/help/H"),
        case("help.closed", "tom", &help, &["cleo"], &[], "Tom Okafor closed your question", "/portal/help/H"),
        case(
            "announcement.published",
            "mira",
            &announcement,
            &["cleo", "gus"],
            &[],
            "Harbor IT announces: New hours",
            "/portal/announcements/A",
        ),
        case(
            "announcement.mailed",
            "mira",
            &announcement,
            &["cleo", "gus"],
            &["cleo", "gus"],
            "Harbor IT announces: New hours",
            "/portal/announcements/A",
        ),
        case("ticket.client_wrote", "ben", &ticket, &["mira", "tom"], &[], "Ben Marsh wrote on ticket #1042", "/legal/tickets/T"),
        case(
            "ticket.reopened",
            "ben",
            &ticket,
            &["mira", "tom"],
            &["mira", "tom"],
            "Ben Marsh wrote on ticket #1042, which is open again",
            "/legal/tickets/T",
        ),
        case("ticket.assigned", "mira", &ticket, &["tom"], &["tom"], "Mira Castellan gave you ticket #1042", "/legal/tickets/T"),
        case("ticket.assigned", "tom", &ticket, &[], &[], "", "/legal/tickets/T"),
        case("ticket.answered", "tom", &ticket, &["ben"], &["ben"], "Tom Okafor answered your ticket #1042", "/portal/tickets/T"),
        case("ticket.waits_for_client", "tom", &ticket, &["ben"], &["ben"], "waits for your answer", "/portal/tickets/T"),
        case("ticket.resolved", "tom", &ticket, &["ben"], &["ben"], "Your ticket #1042 is resolved", "/portal/tickets/T"),
        case("policy.submitted", "sam", &policy, &["ada", "nils"], &["ada", "nils"], "Sam Ortega sent “MSA”", p),
        case("policy.sent_back", "ada", &policy, &["tom"], &["tom"], "Ada Whitfield sent “MSA” for Acme Dental back", p),
        case("policy.approved", "ada", &policy, &["tom"], &["tom"], "Ada Whitfield approved “MSA”", p),
        case("policy.approved", "tom", &policy, &[], &[], "", p),
        case("policy.commented", "ada", &policy, &["nils", "sam", "tom"], &[], "Ada Whitfield commented", p),
        case("policy.sent_to_client", "mira", &policy, &["nils", "tom"], &[], "“MSA” is with Acme Dental", p),
        case(
            "policy.shared",
            "mira",
            &shared,
            &["ben", "cleo"],
            &["ben", "cleo"],
            "Harbor IT sent you “MSA” for your information",
            "/portal/documents?tab=info",
        ),
        case(
            "policy.fully_signed",
            "cleo",
            &policy,
            &["ada", "mira"],
            &["ada", "mira"],
            "“MSA” for Acme Dental is fully signed",
            p,
        ),
        case("policy.published", "mira", &policy, &["ada", "nils", "sam", "tom"], &[], "is published", p),
        case("policy.cancelled", "mira", &policy, &["ada", "nils", "sam", "tom"], &[], "Mira Castellan cancelled", p),
        case(
            "envelope.sent",
            "mira",
            &envelope,
            &["ben", "cleo"],
            &["ben", "cleo"],
            "Harbor IT asks you to sign “MSA”",
            "/portal/documents/P/sign",
        ),
        case(
            "envelope.reminded",
            "mira",
            &envelope,
            &["ben", "cleo"],
            &["ben", "cleo"],
            "Reminder: “MSA” from Harbor IT",
            "/portal/documents/P/sign",
        ),
        case("envelope.signed", "cleo", &envelope, &["mira"], &["mira"], "Cleo Vance signed “MSA” for Acme Dental", p),
        case(
            "envelope.declined",
            "cleo",
            &envelope,
            &["ada", "mira", "sam"],
            &["ada", "mira", "sam"],
            "Cleo Vance declined to sign “MSA”",
            p,
        ),
        case(
            "envelope.completed",
            "cleo",
            &envelope,
            &["ben"],
            &["ben"],
            "“MSA” is signed by everybody",
            "/portal/documents?tab=signed",
        ),
        case(
            "envelope.voided",
            "mira",
            &envelope,
            &["ben", "cleo"],
            &["ben", "cleo"],
            "Harbor IT withdrew “MSA”",
            "/portal/documents",
        ),
        case(
            "matter.opened",
            "tom",
            &matter,
            &["ada", "sam"],
            &["ada", "sam"],
            "Tom Okafor opened a matter: Late invoices",
            "/legal/matters/M",
        ),
        case("matter.claimed", "ada", &matter, &["cleo", "mira"], &["cleo", "mira"], "Ada Whitfield took the matter", "M"),
        case("matter.resolved", "ada", &matter, &["cleo", "mira"], &["cleo", "mira"], "Ada Whitfield resolved", "M"),
        case("matter.closed", "mira", &matter, &["ada", "cleo"], &[], "Mira Castellan closed", "M"),
        case("matter.reopened", "cleo", &matter, &["ada", "mira"], &["ada", "mira"], "Cleo Vance re-opened", "/legal/matters/M"),
        case(
            "matter.participant_added",
            "ada",
            &put_on,
            &["nils"],
            &["nils"],
            "Ada Whitfield added you to the matter",
            "/legal/matters/M",
        ),
        case("matter.participant_added", "ada", &client_put_on, &["ben"], &["ben"], "added you", "/portal/messages/M"),
        case(
            "message.mentioned",
            "cleo",
            &talk,
            &["mira"],
            &["mira"],
            "Cleo Vance mentioned you in Late invoices",
            "/legal/matters/M",
        ),
        case("message.posted", "cleo", &talk, &["ben", "mira"], &[], "Cleo Vance wrote in Late invoices", "M"),
        case(
            "retainer.offered",
            "ada",
            &retainer,
            &["mira"],
            &["mira"],
            "Ada Whitfield offers you a retainer",
            "/legal/retainers/R",
        ),
        case(
            "retainer.withdrawn",
            "ada",
            &retainer,
            &["mira"],
            &[],
            "Ada Whitfield took the offered retainer back",
            "/legal/retainers",
        ),
        case(
            "retainer.accepted",
            "mira",
            &retainer,
            &["ada"],
            &["ada"],
            "Mira Castellan accepted your retainer",
            "/legal/retainers/R",
        ),
        case("retainer.paused", "mira", &retainer, &["ada"], &[], "Mira Castellan paused", "/legal/retainers/R"),
        case("retainer.resumed", "ada", &retainer, &["mira"], &[], "Ada Whitfield resumed", "/legal/retainers/R"),
        case(
            "retainer.change_offered",
            "ada",
            &retainer,
            &["mira"],
            &["mira"],
            "Ada Whitfield offers new terms for your retainer",
            "/legal/retainers/R",
        ),
        case(
            "retainer.change_withdrawn",
            "ada",
            &retainer,
            &["mira"],
            &[],
            "Ada Whitfield took the offered new terms back",
            "/legal/retainers/R",
        ),
        case(
            "retainer.change_accepted",
            "mira",
            &retainer,
            &["ada"],
            &["ada"],
            "Mira Castellan accepted your new terms",
            "/legal/retainers/R",
        ),
        case(
            "retainer.change_declined",
            "mira",
            &retainer,
            &["ada"],
            &["ada"],
            "Mira Castellan declined your new terms",
            "/legal/retainers/R",
        ),
        case(
            "retainer.nearly_used",
            "sam",
            &retainer,
            &["ada", "mira"],
            &["ada", "mira"],
            "80 % of the hours that the retainer with Ada Whitfield includes until 31 Mar 2026 are used",
            "/legal/retainers/R",
        ),
        case(
            "retainer.used_up",
            "sam",
            &retainer,
            &["ada", "mira"],
            &["ada", "mira"],
            "includes until 31 Mar 2026 are used up",
            "/legal/retainers/R",
        ),
        case(
            "account.read_in_bulk",
            "ada",
            &json!({ "account": account("tom"), "documents": 50, "minutes": 10, "search": "Tom+Okafor" }),
            &["mira", "tom"],
            &["mira", "tom"],
            "opened 50 documents within 10 minutes",
            "",
        ),
        case("retainer.cancelled", "ada", &retainer, &["mira"], &["mira"], "Ada Whitfield cancelled", "/legal/retainers/R"),
        case("payout.scheduled", "olga", &payout, &["ada", "mira"], &["ada", "mira"], "$1,500.00 was billed", s),
        case("payout.charged", "olga", &payout, &["mira"], &[], "was charged", s),
        case("payout.paid", "olga", &payout, &["ada", "mira"], &["ada", "mira"], "reached the bank of Ada Whitfield", s),
        case("payout.needs_msp", "olga", &payout, &["mira"], &["mira"], "waits for you: The bank declined", s),
        case("payout.needs_attorney", "olga", &payout, &["ada"], &["ada"], "waits for you: The bank declined", s),
        case("payout.disputed", "olga", &payout, &["ada", "mira"], &["ada", "mira"], "is disputed", s),
        case("payout.failed", "olga", &payout, &["ada", "mira"], &["ada", "mira"], "could not be paid", s),
        case("payout_account.restricted", "ada", &own, &["ada"], &["ada"], "restricted your payout account", "/profile/payouts"),
        case("payout_account.bank_changed", "ada", &own, &["ada"], &["ada"], "now go to Test Bank", "/profile/payouts"),
        case(
            "invoice.sent",
            "olga",
            &invoice,
            &["cleo", "dora"],
            &["cleo", "dora"],
            "Harbor IT sent Acme Dental invoice B-1090 over $4,975.00",
            "/portal/invoices/I",
        ),
        case(
            "hook.paused",
            "olga",
            &hook,
            &["mira"],
            &["mira"],
            "webhook of Robot is paused: it answered 503",
            "/admin/integrations/hooks/H",
        ),
        case(
            "psa.contact_waits",
            "olga",
            &waits,
            &["mira"],
            &[],
            "Cleo Vance waits for your word: the PSA has",
            "/admin/integrations/psa",
        ),
        case("statement.msp", "olga", &sums, &["mira"], &["mira"], "billed $1,500.00", "/legal/statements?month=2026-03"),
        case("statement.attorney", "olga", &sums, &["ada"], &["ada"], "billed $1,500.00", "/legal/statements?month=2026-03"),
    ];

    let tested: BTreeSet<&str> = cases.iter().map(|case| case.event).collect();
    let ruled: BTreeSet<&str> = RULES.iter().map(|rule| rule.event).collect();
    assert_eq!(tested, ruled, "every rule of the table is tried");

    let mut known = Vec::new();
    for case in cases {
        let event = tell(&one, one.cast.harbor, case.event, Some(case.by), case.data).await;
        let rows = lines(&one, event).await;
        let mut bell: Vec<_> = rows.iter().map(|row| key_of(&one, row.account_id)).collect();
        bell.sort_unstable();
        assert_eq!(bell, case.bell, "{} by {}: the bell", case.event, case.by);
        for row in rows {
            assert!(row.words.contains(case.words), "{}: {}", case.event, row.words);
            assert!(!row.words.contains(['{', '}']), "{}: a blank was left in {}", case.event, row.words);
            assert!(row.href.ends_with(case.href), "{}: {}", case.event, row.href);
            let client = one.cast.person(key_of(&one, row.account_id)).portal;
            assert_eq!(row.href.starts_with("/portal/"), client, "{}: each side is led to its own pages: {}", case.event, row.href);
        }
        let mut mailed: Vec<String> = fresh_mails(&one, &mut known).await.into_iter().map(|(to, _)| to).collect();
        mailed.sort_unstable();
        let mut expected: Vec<&str> = case.mail.iter().map(|key| one.cast.person(key).email.as_str()).collect();
        expected.sort_unstable();
        assert_eq!(mailed, expected, "{} by {}: the mails", case.event, case.by);
    }
}

#[actix_web::test]
async fn events_of_another_msp_reach_nobody_here() {
    let one = Installation::new().await;
    let data = json!({ "policy": "P", "title": "MSA", "company": "Fir Clinic", "retainer": "R" });
    for event in ["policy.submitted", "policy.fully_signed", "envelope.signed", "matter.opened", "retainer.offered"] {
        let id = tell(&one, one.cast.pine, event, None, data.clone()).await;
        for row in lines(&one, id).await {
            assert_eq!(key_of(&one, row.account_id), "eve", "{event}");
        }
    }
}

#[actix_web::test]
async fn an_event_nobody_has_a_rule_for_tells_nobody() {
    let one = Installation::new().await;
    let id = tell(&one, one.cast.harbor, "envelope.viewed", Some("cleo"), json!({ "title": "MSA" })).await;
    assert!(lines(&one, id).await.is_empty());
    assert_eq!(one.run_jobs().await, 0);
}
