//! Every address, one after the other.

use entity::{
    invoices::InvoiceStatus,
    matters::MatterStatus,
    payments::PayoutStatus,
    policies::{PolicyStatus, TemplateState},
    retainers::RetainerStatus,
    tickets::TicketStatus,
    vault::Category as Shelf,
};
use serde_json::{Value, json};

use super::{
    Op, reference,
    schemas::{leaf, leaf_or_page, number, text, uuid, words},
};

fn op(method: &'static str, path: &'static str, tag: &'static str, summary: &'static str) -> Op {
    Op { method, path, tag, summary, scopes: &[], others: &[], query: Vec::new(), body: None, answers: Vec::new() }
}

fn get(path: &'static str, tag: &'static str, summary: &'static str) -> Op {
    op("GET", path, tag, summary)
}

fn post(path: &'static str, tag: &'static str, summary: &'static str) -> Op {
    op("POST", path, tag, summary)
}

impl Op {
    fn key(mut self, scopes: &'static [&'static str]) -> Self {
        self.scopes = scopes;
        self
    }

    fn also(mut self, others: &'static [&'static str]) -> Self {
        self.others = others;
        self
    }

    fn filter(mut self, name: &'static str, words: &'static str, schema: Value) -> Self {
        self.query.push((name, words, schema));
        self
    }

    fn leaves(self) -> Self {
        self.filter("after", "`next` of the answer before", text()).filter(
            "limit",
            "How many, 1 to 200; 50 where left out",
            json!({ "type": "integer", "minimum": 1, "maximum": 200 }),
        )
    }

    fn client(self) -> Self {
        self.filter("client", "Of this client", uuid())
    }

    fn takes(mut self, name: &str) -> Self {
        self.body = Some(reference(name));
        self
    }

    fn gives(mut self, status: u16, words: &'static str, schema: Value) -> Self {
        self.answers.push((status, words, Some(schema)));
        self
    }

    fn answers(mut self, status: u16, words: &'static str) -> Self {
        self.answers.push((status, words, None));
        self
    }
}

const SESSION: &[&str] = &["session"];
const PROGRAM: &[&str] = &["integration"];
const ANYONE: &[&str] = &["anyone"];

pub fn all() -> Vec<Op> {
    let anything = || reference("Anything");
    vec![
        get("/api/v1/clients", "Clients", "Client companies").key(&["clients:read"]).also(SESSION).leaves().gives(
            200,
            "A leaf",
            leaf("Client"),
        ),
        post("/api/v1/clients", "Clients", "Adds a client").key(&["clients:write"]).takes("NewClient").gives(
            201,
            "The client",
            reference("Client"),
        ),
        get("/api/v1/clients/{company}", "Clients", "One client").key(&["clients:read"]).also(SESSION).gives(
            200,
            "The client",
            reference("Client"),
        ),
        get("/api/v1/clients/{company}/contacts", "Clients", "People of a client")
            .key(&["clients:read"])
            .also(SESSION)
            .leaves()
            .gives(200, "A leaf", leaf("Contact")),
        post("/api/v1/clients/{company}/contacts", "Clients", "Adds a person, who sees their own things")
            .key(&["clients:write"])
            .takes("NewContact")
            .gives(201, "The contact", reference("Contact")),
        get("/api/v1/templates", "Policies", "Templates, without their text")
            .key(&["templates:read"])
            .also(SESSION)
            .filter("state", "In this state", words!(TemplateState))
            .leaves()
            .gives(200, "A leaf", leaf("Template")),
        get("/api/v1/policies", "Policies", "Policies, without their text")
            .key(&["policies:read"])
            .also(SESSION)
            .filter("status", "In this status", words!(PolicyStatus))
            .client()
            .leaves()
            .gives(200, "A leaf; for a person a page", leaf_or_page("Policy")),
        get("/api/v1/policies/{id}", "Policies", "One policy, with its signers").key(&["policies:read"]).also(SESSION).gives(
            200,
            "The policy",
            reference("Policy"),
        ),
        get("/api/v1/compliance/{company}", "Policies", "A client's score, and what it is made of")
            .key(&["policies:read"])
            .also(SESSION)
            .gives(200, "`score` is null where nothing is required", reference("Compliance")),
        get("/api/v1/matters", "Matters", "Matters: facts without words")
            .key(&["matters:read"])
            .also(SESSION)
            .filter("status", "In this status", words!(MatterStatus))
            .client()
            .leaves()
            .gives(200, "A leaf; for a person a page", leaf_or_page("Matter")),
        post("/api/v1/matters", "Matters", "Opens a matter, in a person's name")
            .also(SESSION)
            .takes("NewMatter")
            .gives(201, "The matter", anything())
            .gives(200, "The same again", anything()),
        get("/api/v1/documents", "Vault", "Documents all staff may read, by name")
            .key(&["documents:read"])
            .also(SESSION)
            .filter("category", "In this category", words!(Shelf))
            .client()
            .leaves()
            .gives(200, "A leaf; for a person a page", leaf_or_page("Document")),
        get("/api/v1/documents/{id}", "Vault", "One document, with its versions").also(SESSION).gives(
            200,
            "The document",
            reference("Document"),
        ),
        get("/api/v1/documents/{id}/content", "Vault", "Its bytes").also(SESSION).answers(200, "The bytes"),
        get("/api/v1/retainers", "Retainers", "Retainers and their terms")
            .key(&["retainers:read"])
            .also(SESSION)
            .filter("status", "In this status", words!(RetainerStatus))
            .leaves()
            .gives(200, "A leaf; for a person a page", leaf_or_page("Retainer")),
        get("/api/v1/time_entries", "Retainers", "Hours, without what was done")
            .key(&["retainers:read"])
            .also(SESSION)
            .filter("retainer", "Of this retainer", uuid())
            .leaves()
            .gives(200, "A leaf; for a person a page", leaf_or_page("TimeEntry")),
        get("/api/v1/payouts", "Retainers", "Payouts")
            .key(&["payouts:read"])
            .also(SESSION)
            .filter("status", "In this status", words!(PayoutStatus))
            .leaves()
            .gives(200, "A leaf", leaf("Payout")),
        get("/api/v1/tickets", "Tickets", "Tickets")
            .key(&["tickets:read"])
            .also(SESSION)
            .filter("status", "In this status", words!(TicketStatus))
            .client()
            .leaves()
            .gives(200, "A leaf", leaf("Ticket")),
        post("/api/v1/tickets", "Tickets", "Opens a ticket for a client").key(&["tickets:write"]).takes("NewTicket").gives(
            201,
            "The ticket",
            reference("Ticket"),
        ),
        get("/api/v1/tickets/{id}", "Tickets", "One ticket, with its comments").key(&["tickets:read"]).also(SESSION).gives(
            200,
            "The ticket",
            reference("TicketInFull"),
        ),
        post("/api/v1/tickets/{id}/comments", "Tickets", "Answers the client").key(&["tickets:write"]).takes("NewComment").gives(
            201,
            "It is said",
            anything(),
        ),
        get("/api/v1/invoices", "Invoices", "Invoices, as Books told them")
            .key(&["invoices:read"])
            .also(SESSION)
            .filter("status", "In this status", words!(InvoiceStatus))
            .client()
            .leaves()
            .gives(200, "A leaf", leaf("Invoice")),
        get("/api/v1/audit", "Audit", "The audit log, by sequence")
            .key(&["audit:read"])
            .also(SESSION)
            .filter("after", "A sequence number", number())
            .filter("limit", "How many, 1 to 200", number())
            .filter("action", "The beginning of an action, e.g. `policy.`", text())
            .gives(200, "A leaf; `next` is the last number given", leaf("AuditEntry")),
        get("/api/v1/feed", "Events", "What happened, in one sequence without a gap")
            .key(&["events:read"])
            .also(SESSION)
            .filter("after", "A sequence number", number())
            .filter("limit", "How many, 1 to 200", number())
            .filter("type", "Of this type", text())
            .gives(200, "A leaf; `next` is the last number given", leaf("FeedEvent")),
        get("/api/v1/conversations/{id}/events", "Conversations", "What happened in a conversation; for those who take part")
            .also(SESSION)
            .filter("after", "A sequence number", number())
            .filter("limit", "How many", number())
            .gives(200, "Events", anything()),
        get("/api/v1/conversations/{id}/search", "Conversations", "Searches a conversation")
            .also(SESSION)
            .filter("q", "Words", text())
            .gives(200, "What was found", anything()),
        post("/api/v1/conversations/{id}/messages", "Conversations", "Writes")
            .also(SESSION)
            .takes("Anything")
            .gives(201, "Written, with its number", anything())
            .gives(200, "The same again", anything()),
        op("PATCH", "/api/v1/conversations/{id}/messages/{seq}", "Conversations", "Edits a message")
            .also(SESSION)
            .takes("Anything")
            .gives(200, "Edited", anything())
            .gives(201, "Edited", anything()),
        op("DELETE", "/api/v1/conversations/{id}/messages/{seq}", "Conversations", "Takes a message back")
            .also(SESSION)
            .gives(200, "Taken back", anything())
            .gives(201, "Taken back", anything()),
        post("/api/v1/conversations/{id}/read", "Conversations", "Notes what was read")
            .also(SESSION)
            .takes("Anything")
            .gives(200, "Noted", anything())
            .answers(204, "Noted"),
        post("/api/v1/conversations/{id}/attachments", "Conversations", "Uploads a file to a conversation")
            .also(SESSION)
            .gives(201, "The document", anything())
            .gives(200, "The document", anything()),
        op(
            "DELETE",
            "/api/v1/conversations/{id}/attachments/{document}",
            "Conversations",
            "Takes a file away that was not sent yet",
        )
        .also(SESSION)
        .answers(204, "Taken away"),
        get("/api/v1/events", "Conversations", "What happens, as server-sent events").also(SESSION).answers(200, "A stream"),
        get("/api/v1/notifications", "People", "The bell's lines").also(SESSION).gives(200, "Lines", anything()),
        post("/internal/signing/push", "Integrations", "Another installation pushes a document for signature")
            .also(PROGRAM)
            .takes("Push")
            .gives(201, "The document", reference("Pushed"))
            .gives(200, "The same again", reference("Pushed")),
        get("/api/crm/compliance", "Integrations", "A client's score for the CRM")
            .also(PROGRAM)
            .filter("tenantId", "The MSP: our id of it, or its slug", text())
            .filter("orgId", "The client: our id of it, or its number at the CRM or the Hub", text())
            .gives(200, "`score` is null where nothing is required", anything()),
        post("/api/crm/companies", "Integrations", "The CRM tells of companies (docs/integrations/crm.yaml)")
            .also(PROGRAM)
            .takes("Anything")
            .gives(200, "Taken", anything()),
        post("/api/psa/tickets", "Integrations", "The PSA tells of a ticket (docs/integrations/psa.yaml)")
            .also(PROGRAM)
            .takes("Anything")
            .gives(201, "New", anything())
            .gives(200, "Known", anything()),
        post("/api/psa/contacts", "Integrations", "The PSA tells who may come to the portal")
            .also(PROGRAM)
            .takes("Anything")
            .gives(200, "Taken, or it waits for an admin", anything()),
        post("/api/psa/matters", "Integrations", "The PSA makes a matter of a ticket")
            .also(PROGRAM)
            .takes("Anything")
            .gives(201, "The matter", anything())
            .gives(200, "The same again", anything()),
        post("/api/psa/reviews", "Integrations", "Contract reviews: not yet (409 `not_yet`)").also(PROGRAM).takes("Anything"),
        post("/api/books/invoices", "Integrations", "Books tells of invoices (docs/integrations/books.yaml)")
            .also(PROGRAM)
            .takes("Anything")
            .gives(200, "Taken", anything()),
        post("/webhooks/mail", "Integrations", "Amazon SNS brings news of mails")
            .also(ANYONE)
            .takes("Anything")
            .answers(200, "Taken")
            .answers(204, "Taken"),
        post("/webhooks/stripe", "Integrations", "Stripe tells").also(&["stripe"]).takes("Anything").answers(200, "Stored"),
        get("/api/auth/client-hub-sso", "Signing in", "A link of the Hub, for clients: a page with a button")
            .also(ANYONE)
            .filter("token", "Of the link", text())
            .answers(200, "A page")
            .answers(303, "To a clean address"),
        post("/api/auth/client-hub-sso", "Signing in", "The button: uses the link")
            .also(ANYONE)
            .answers(200, "A page")
            .answers(303, "Signed in"),
        get("/api/auth/hub-sso", "Signing in", "A link of the Hub, for staff: a page with a button")
            .also(ANYONE)
            .filter("token", "Of the link", text())
            .answers(200, "A page")
            .answers(303, "To a clean address"),
        post("/api/auth/hub-sso", "Signing in", "The button: uses the link")
            .also(ANYONE)
            .answers(200, "A page")
            .answers(303, "Signed in"),
        post("/portal/signing/acknowledge", "Signing", "A client signs")
            .also(SESSION)
            .takes("Acknowledge")
            .gives(201, "The record", anything())
            .gives(200, "The same record again", anything()),
        post("/portal/documents/{policy}/reading", "Signing", "How far a client has read").also(SESSION).takes("Reading").gives(
            200,
            "What is known now",
            anything(),
        ),
        get("/portal/branding", "Portal", "The look of an MSP's portal, before sign-in")
            .also(ANYONE)
            .filter("tenant", "Its slug", text())
            .gives(200, "Name, colours, logo, welcome", anything()),
        post("/portal/announcements/{id}/read", "Portal", "A client has read an announcement").also(SESSION).answers(204, "Noted"),
        get("/healthz", "Operation", "The process lives").also(ANYONE).gives(200, "It does", anything()),
        get("/readyz", "Operation", "Database and blob store answer").also(ANYONE).gives(200, "They do", anything()).gives(
            503,
            "They do not",
            anything(),
        ),
        get("/api/docs", "Operation", "This reference, as a page").also(ANYONE).answers(200, "The page"),
        get("/api/openapi.json", "Operation", "This reference, as a document").also(ANYONE).gives(200, "The document", anything()),
    ]
}
