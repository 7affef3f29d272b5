//! Which events are told outside, what of each, and how a delivery is signed and repeated.

use entity::{
    Moment,
    integrations::{DeliveryStatus, delivery, feed_event, hook},
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::Sha256;

/// Our field, and its name outside. What is not here is not told: no body, no reason, no title of a matter, nobody's account.
type Fields = &'static [(&'static str, &'static str)];

const POLICY: Fields = &[("policy", "policy_id"), ("company_id", "client_id"), ("title", "title")];
const ENVELOPE: Fields = &[
    ("envelope", "envelope_id"),
    ("company", "client_id"),
    ("title", "title"),
    ("source", "source"),
    ("external_id", "external_id"),
    ("signer.contact", "contact_id"),
    ("signer.name", "signer"),
    ("signed", "signed"),
    ("required", "required"),
];
const TICKET: Fields =
    &[("ticket", "ticket_id"), ("number", "number"), ("title", "subject"), ("company", "client_id"), ("status", "status_label")];
const MATTER: Fields = &[("matter", "matter_id"), ("company_id", "client_id"), ("urgency", "urgency")];
const RETAINER: Fields = &[("retainer", "retainer_id"), ("attorney_name", "attorney")];
const PAYOUT: Fields =
    &[("settlement", "payout_id"), ("attorney_name", "attorney"), ("amount", "amount"), ("period", "period"), ("cause", "cause")];
const INVOICE: Fields = &[("invoice", "invoice_id"), ("company", "client_id"), ("number", "number"), ("amount", "amount")];
const PING: Fields = &[("hook", "webhook_id")];

/// Every type, in what people read, and its fields.
pub const TYPES: &[(&str, &str, Fields)] = &[
    ("policy.submitted", "A policy waits for the attorney", POLICY),
    ("policy.approved", "The attorney approved a policy", POLICY),
    ("policy.sent_to_client", "A policy went to the client", POLICY),
    ("policy.fully_signed", "Everybody signed a policy", POLICY),
    ("policy.published", "A policy is in force", POLICY),
    ("policy.cancelled", "A policy was cancelled", POLICY),
    ("envelope.signed", "Somebody signed a document", ENVELOPE),
    ("envelope.declined", "Somebody declined to sign", ENVELOPE),
    ("envelope.completed", "A document is signed by all", ENVELOPE),
    ("envelope.voided", "A request for signatures was withdrawn", ENVELOPE),
    ("ticket.opened", "A ticket was opened", TICKET),
    ("ticket.client_wrote", "A client wrote on a ticket", TICKET),
    ("ticket.answered", "The MSP answered a ticket", TICKET),
    ("ticket.waits_for_client", "A ticket waits for the client", TICKET),
    ("ticket.resolved", "A ticket is resolved", TICKET),
    ("ticket.reopened", "A ticket is open again", TICKET),
    ("matter.opened", "A matter was opened", MATTER),
    ("matter.claimed", "An attorney took a matter", MATTER),
    ("matter.resolved", "A matter is resolved", MATTER),
    ("matter.closed", "A matter is closed", MATTER),
    ("matter.reopened", "A matter is open again", MATTER),
    ("retainer.offered", "A retainer was offered", RETAINER),
    ("retainer.accepted", "A retainer was accepted", RETAINER),
    ("retainer.paused", "A retainer was paused", RETAINER),
    ("retainer.resumed", "A retainer goes on", RETAINER),
    ("retainer.cancelled", "A retainer has ended", RETAINER),
    ("payout.scheduled", "A month was billed", PAYOUT),
    ("payout.charged", "A payout was charged", PAYOUT),
    ("payout.paid", "A payout reached the bank", PAYOUT),
    ("payout.failed", "A payout failed", PAYOUT),
    ("payout.disputed", "A payout is disputed", PAYOUT),
    ("invoice.sent", "An invoice was sent to a client", INVOICE),
    ("hook.tested", "A test, by the button", PING),
];

/// What of an event is told; none where it is not told at all.
pub fn told(name: &str, data: &Value) -> Option<Value> {
    let (.., fields) = TYPES.iter().find(|(word, ..)| *word == name)?;
    let mut out = Map::new();
    for (ours, outside) in *fields {
        let value = ours.split('.').try_fold(data, |at, part| at.get(part)).filter(|value| !value.is_null());
        if let Some(value) = value {
            out.insert((*outside).to_owned(), value.clone());
        }
    }
    Some(Value::Object(out))
}

/// The event as the feed and webhooks carry it.
pub fn body(row: &feed_event::Model) -> Value {
    let data: Value = serde_json::from_str(&row.data).unwrap_or_default();
    json!({ "id": row.id, "seq": row.seq, "type": row.name, "at": row.at.rfc3339(), "tenant_id": row.tenant_id, "data": data })
}

pub fn wants(hook: &hook::Model, name: &str) -> bool {
    hook.events.split(' ').any(|word| word == "*" || word == name)
}

/// Between the tries: four days and a half in all.
pub const PAUSES: &[i64] = &[
    Moment::MINUTE,
    5 * Moment::MINUTE,
    30 * Moment::MINUTE,
    2 * Moment::HOUR,
    6 * Moment::HOUR,
    12 * Moment::HOUR,
    Moment::DAY,
    Moment::DAY,
    36 * Moment::HOUR,
];

/// An address that has taken nothing for so long is not spoken to any more, until an admin says so.
pub const LOST: i64 = 4 * Moment::DAY;

/// A try that is this late does not come any more: its job has failed.
const OVERDUE: i64 = Moment::HOUR;

/// It waits, and nobody is to try it.
pub fn is_left(row: &delivery::Model, now: Moment) -> bool {
    row.status == DeliveryStatus::Waiting && row.next_at.is_none_or(|next| now.since(next) > OVERDUE)
}

/// `t=SECONDS,v1=HEX`: HMAC-SHA256 over `SECONDS.BODY` with the address's secret.
pub fn signature(secret: &str, at: Moment, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes any key length");
    mac.update(format!("{}.{body}", at.seconds()).as_bytes());
    format!("t={},v1={}", at.seconds(), hex::encode(mac.finalize().into_bytes()))
}
