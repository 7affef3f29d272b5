//! The shapes, by name.

use entity::{
    invoices::InvoiceStatus,
    matters::{MatterKind, MatterStatus, Urgency},
    payments::{PayoutStatus, Step, Turn},
    policies::{Acknowledgement, Category, PolicyStatus, TemplateState},
    retainers::RetainerStatus,
    signing::{EnvelopeStatus, SignerStatus},
    tenancy::AccessLevel,
    tickets::{EntryKind, EntrySide, TicketCategory, TicketPriority, TicketStatus},
    vault::{Category as Shelf, DocumentStatus},
};
use serde_json::{Map, Value, json};

use super::reference;

pub fn text() -> Value {
    json!({ "type": "string" })
}

pub fn uuid() -> Value {
    json!({ "type": "string", "format": "uuid" })
}

pub fn moment() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

pub fn day() -> Value {
    json!({ "type": "string", "format": "date" })
}

pub fn number() -> Value {
    json!({ "type": "integer", "format": "int64" })
}

pub fn yes_no() -> Value {
    json!({ "type": "boolean" })
}

pub fn list(of: Value) -> Value {
    json!({ "type": "array", "items": of })
}

/// This, or null.
pub fn or_null(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

macro_rules! words {
    ($type:ty) => {
        json!({ "type": "string", "enum": <$type>::ALL.iter().map(|word| word.word()).collect::<Vec<_>>() })
    };
}
pub(super) use words;

/// An object with exactly known fields; more may come.
fn object(fields: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> = fields.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// What is sent: required fields, and such that may be left out.
fn input(required: &[(&str, Value)], optional: &[(&str, Value)]) -> Value {
    let mut schema = object(required);
    for (name, value) in optional {
        schema["properties"][*name] = value.clone();
    }
    schema
}

/// A leaf of a list.
pub fn leaf(of: &str) -> Value {
    let mut schema = object(&[("items", list(reference(of))), ("next", or_null(text()))]);
    schema["x-name"] = json!(format!("list of {of}"));
    schema
}

/// The same address, for a person by pages and for a program by leaves.
pub fn leaf_or_page(of: &str) -> Value {
    let mut page = object(&[("total", number())]);
    page["x-name"] = json!("page");
    json!({ "anyOf": [leaf(of), page], "x-name": format!("list of {of}") })
}

fn long(most: u32) -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": most })
}

pub fn all() -> Value {
    let client = [("id", uuid()), ("name", text()), ("legal_name", text()), ("created_at", moment())];
    let ticket = [
        ("id", uuid()),
        ("tenant_id", uuid()),
        ("company_id", uuid()),
        ("number", number()),
        ("subject", text()),
        ("category", words!(TicketCategory)),
        ("priority", words!(TicketPriority)),
        ("status", words!(TicketStatus)),
        ("service", or_null(text())),
        ("contact_id", or_null(uuid())),
        ("opened_by", text()),
        ("assigned_to", or_null(text())),
        ("outside_ref", or_null(text())),
        ("due_at", or_null(moment())),
        ("opened_at", moment()),
        ("updated_at", moment()),
        ("resolved_at", or_null(moment())),
    ];
    let mut ticket_in_full = ticket.to_vec();
    ticket_in_full.extend([("description", text()), ("comments", list(reference("Comment")))]);
    let signed = object(&[
        ("policy", uuid()),
        ("title", text()),
        ("version", number()),
        ("signed_at", or_null(moment())),
        ("missing", list(text())),
    ]);
    json!({
        "Problem": input(
            &[("type", text()), ("title", text()), ("status", json!({ "type": "integer" })), ("detail", text()), ("code", text()), ("request_id", text())],
            &[("next_step", text()), ("errors", json!({ "type": "object", "additionalProperties": list(text()) }))],
        ),
        "Anything": json!({ "type": "object" }),
        "Client": object(&client),
        "NewClient": input(&[("name", long(160))], &[("legal_name", json!({ "type": "string", "maxLength": 160 }))]),
        "Contact": object(&[
            ("id", uuid()), ("client_id", uuid()), ("name", text()), ("email", text()), ("title", text()),
            ("access", words!(AccessLevel)), ("portal", yes_no()), ("created_at", moment()),
        ]),
        "NewContact": input(
            &[("name", long(120)), ("email", json!({ "type": "string", "format": "email" }))],
            &[("title", json!({ "type": "string", "maxLength": 120 }))],
        ),
        "Template": object(&[
            ("id", uuid()), ("slug", text()), ("title", text()), ("category", words!(Category)), ("summary", text()),
            ("state", words!(TemplateState)), ("acknowledgement", words!(Acknowledgement)),
            ("published_version_id", or_null(uuid())), ("created_at", moment()), ("updated_at", moment()),
        ]),
        "Policy": input(
            &[
                ("id", uuid()), ("tenant_id", uuid()), ("company_id", uuid()), ("template_id", uuid()), ("title", text()),
                ("category", words!(Category)), ("version", number()), ("status", words!(PolicyStatus)),
                ("acknowledgement", words!(Acknowledgement)), ("effective_date", day()), ("expiry_date", or_null(day())),
                ("sent_at", or_null(moment())), ("published_at", or_null(moment())),
            ],
            &[
                ("sha256", text()),
                ("signers", list(object(&[("name", text()), ("status", words!(SignerStatus)), ("signed_at", or_null(moment()))]))),
            ],
        ),
        "Compliance": object(&[
            ("score", or_null(json!({ "type": "integer", "minimum": 0, "maximum": 100 }))),
            ("signed", list(signed.clone())),
            ("pending", list(signed)),
        ]),
        "Matter": object(&[
            ("id", uuid()), ("tenant_id", uuid()), ("company_id", or_null(uuid())), ("type", words!(MatterKind)),
            ("urgency", words!(Urgency)), ("status", words!(MatterStatus)), ("opened_at", moment()),
            ("claimed_at", or_null(moment())), ("resolved_at", or_null(moment())), ("closed_at", or_null(moment())),
        ]),
        "NewMatter": input(
            &[("title", long(200)), ("type", words!(MatterKind)), ("description", text())],
            &[("urgency", or_null(words!(Urgency))), ("company_id", or_null(uuid())), ("tenant_id", or_null(uuid()))],
        ),
        "Document": input(
            &[
                ("id", uuid()), ("tenant_id", uuid()), ("company_id", or_null(uuid())), ("category", words!(Shelf)), ("owner", text()),
                ("title", text()), ("file_name", text()), ("media_type", text()), ("size", number()), ("sha256", text()),
                ("version", number()), ("status", words!(DocumentStatus)), ("created_by", text()), ("created_at", moment()),
                ("updated_at", moment()),
            ],
            &[("content", text()), ("versions", list(json!({ "type": "object" })))],
        ),
        "Retainer": object(&[
            ("id", uuid()), ("tenant_id", uuid()), ("with", text()), ("status", words!(RetainerStatus)), ("monthly_fee", number()),
            ("currency", text()), ("included_minutes", number()), ("overage_rate", number()), ("rolls_over", yes_no()),
            ("starts_on", day()), ("billing_day", number()),
        ]),
        "TimeEntry": object(&[
            ("id", uuid()), ("retainer_id", uuid()), ("date", day()), ("attorney", text()), ("minutes", number()),
            ("matter_id", or_null(uuid())), ("written_off", yes_no()), ("settled", yes_no()),
        ]),
        "Payout": object(&[
            ("id", uuid()), ("tenant_id", uuid()), ("agreement", text()), ("to", text()), ("from_day", day()), ("to_day", day()),
            ("amount", number()), ("currency", text()), ("status", words!(PayoutStatus)), ("step", words!(Step)), ("cause", text()),
            ("turn", words!(Turn)), ("attempt", number()), ("next_at", or_null(moment())), ("paid_at", or_null(moment())),
            ("created_at", moment()),
        ]),
        "Ticket": object(&ticket),
        "TicketInFull": object(&ticket_in_full),
        "Comment": object(&[
            ("id", uuid()), ("kind", words!(EntryKind)), ("side", words!(EntrySide)), ("author", text()), ("body", text()),
            ("created_at", moment()),
        ]),
        "NewTicket": input(
            &[("company_id", uuid()), ("subject", long(500)), ("description", text())],
            &[("contact_id", or_null(uuid())), ("category", or_null(words!(TicketCategory))), ("priority", or_null(words!(TicketPriority)))],
        ),
        "NewComment": input(&[("body", text())], &[]),
        "Invoice": object(&[
            ("id", uuid()), ("tenant_id", uuid()), ("company_id", or_null(uuid())), ("external_id", text()), ("number", text()),
            ("status", words!(InvoiceStatus)), ("currency", text()), ("issued_on", day()), ("due_on", or_null(day())),
            ("total", number()), ("balance", number()), ("taken_at", moment()),
        ]),
        "AuditEntry": object(&[
            ("seq", number()), ("at", moment()), ("actor", text()), ("action", text()), ("object", text()), ("result", text()),
            ("ip", or_null(text())), ("request_id", or_null(text())), ("detail", json!({ "type": "object" })), ("hash", text()),
        ]),
        "FeedEvent": object(&[
            ("id", uuid()), ("seq", number()), ("type", text()), ("at", moment()), ("tenant_id", uuid()), ("data", json!({ "type": "object" })),
        ]),
        "Push": input(
            &[
                ("tenant", text()), ("external_id", long(200)), ("title", long(200)), ("text_html", text()),
                ("signers", json!({ "type": "array", "minItems": 1, "maxItems": 50, "items": object(&[("email", text())]) })),
            ],
            &[
                ("company_id", or_null(uuid())), ("company_number", or_null(text())), ("issuer", or_null(text())),
                ("sequential", yes_no()), ("deadline", or_null(day())),
                ("reminder_days", or_null(json!({ "type": "integer", "minimum": 0, "maximum": 60 }))),
                ("scroll_to_end", or_null(yes_no())),
            ],
        ),
        "Pushed": object(&[
            ("id", uuid()), ("external_id", text()), ("envelope_id", uuid()), ("status", words!(EnvelopeStatus)), ("sha256", text()),
            ("signers", list(object(&[("name", text()), ("email", text()), ("status", words!(SignerStatus))]))), ("url", text()),
        ]),
        "Acknowledge": input(
            &[("policy_id", uuid()), ("typed_name", text()), ("title", text()), ("consent", yes_no()), ("consent_version", text())],
            &[("document_sha256", or_null(text()))],
        ),
        "Reading": input(
            &[("document_sha256", text()), ("furthest", json!({ "type": "integer", "format": "int32" }))],
            &[("parts", json!({ "type": "object", "additionalProperties": { "type": "integer" } }))],
        ),
    })
}
