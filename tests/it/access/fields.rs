//! Ids in the fields of forms: whatever things of others somebody names there, nothing of theirs changes, and nothing that changes
//! names them.

use std::collections::BTreeSet;

use reqwest::{Method, multipart::Form};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;

use super::matrix::is_open;
use crate::{
    app::crawl::route_table,
    matters::desk::{file, pdf},
    programs::program::Program,
    support::{Browser, Installation, World},
    tenancy::wall::{names, tables_with_a_tenant},
};

/// Every row behind the wall, as text; the log is left out, which names what was refused.
async fn rows(one: &Installation) -> BTreeSet<String> {
    let tx = one.tx().await;
    let mut rows = BTreeSet::new();
    for table in tables_with_a_tenant(&tx).await.into_iter().filter(|table| table != "audit_entry") {
        let sql = match tx.get_database_backend() {
            DbBackend::Postgres => format!("SELECT t::text AS line FROM {table} t"),
            _ => {
                let columns = names(&tx, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
                let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
                format!("SELECT {} AS line FROM {table}", quoted.join(" || ',' || "))
            }
        };
        let found = tx.query_all_raw(Statement::from_string(tx.get_database_backend(), sql)).await.expect("rows");
        rows.extend(
            found.iter().map(|row| format!("{table}: {}", row.try_get::<String>("", "line").expect("text").to_lowercase())),
        );
    }
    rows
}

/// Whom and what a form can name, by the names its fields have.
struct Things(Vec<(&'static str, String)>);

impl Things {
    fn of(one: &Installation, world: &World, (tenant, company, person): (String, String, &str)) -> Self {
        let (s, person) = (&world.story, one.cast.person(person));
        let (contact, account) = (person.contact.expect("a contact").to_string(), person.account.to_string());
        let mut things = Vec::new();
        let mut add = |names: &[&'static str], id: &str| things.extend(names.iter().map(|name| (*name, id.to_owned())));
        add(&["tenant", "tenant_id"], &tenant);
        // `client_id` is no client: by it an author knows their own message again.
        add(&["company", "companies", "company_id", "client", "org"], &company);
        add(&["contact", "contacts", "contact_id", "from", "to", "copies_to", "preferred"], &contact);
        add(&["account", "account_id", "assignee", "attorney", "person", "people"], &account);
        add(&["policy", "policy_id"], &s.client_review.to_string());
        add(&["template", "template_id"], &s.template.to_string());
        add(&["matter", "matter_id"], &s.matter.to_string());
        add(&["conversation", "conversation_id"], &s.conversation.to_string());
        add(&["document", "documents", "attachments", "document_id"], &s.documents[0].to_string());
        add(&["retainer"], &s.retainer.to_string());
        add(&["entry"], &s.entry.to_string());
        add(&["invoice"], &s.invoice.to_string());
        add(&["answers", "comment", "parent"], &s.comment.to_string());
        add(&["ticket", "ticket_id"], &s.ticket.to_string());
        add(&["envelope"], &s.envelope.to_string());
        add(&["id", "notification"], &s.notification.to_string());
        add(&["help"], &s.help.to_string());
        Self(things)
    }

    /// These ids as they can stand in a row.
    fn written(&self, but: &[&str]) -> Vec<String> {
        let ids: BTreeSet<&String> = self.0.iter().filter(|(name, _)| !but.contains(name)).map(|(_, id)| id).collect();
        ids.into_iter().flat_map(|id| [id.clone(), id.replace('-', "")]).collect()
    }
}

/// What people would type into the other fields.
const TYPED: &[(&str, &str)] = &[
    ("title", "Words of a stranger"),
    ("name", "Sten Ask"),
    ("subject", "Words of a stranger"),
    ("description", "Words of a stranger."),
    ("body", "Words of a stranger."),
    ("words", "Words of a stranger."),
    ("q", "Where is the printer?"),
    ("email", "sten@new.example"),
    ("urgency", "normal"),
    ("type", "general"),
    ("kind", "general"),
    ("category", "other"),
    ("priority", "normal"),
    ("access", "own"),
    ("role", "member"),
    ("whom", "chosen"),
    ("when", "now"),
    ("audience", "company"),
    ("effective", "2026-04-01"),
    ("signers", "chosen"),
    ("acknowledgement", "signature"),
    ("typed_name", "Sten Ask"),
    ("consent", "true"),
    ("resolution", "solved"),
];

fn fields(things: &Things, path: &str, number: usize) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = things.0.iter().map(|(name, id)| ((*name).to_owned(), id.clone())).collect();
    for (name, text) in TYPED {
        let text = if *name == "category" && path.contains("vault") { "contracts" } else { text };
        fields.push(((*name).to_owned(), text.to_owned()));
    }
    fields.push(("key".to_owned(), format!("asked-{number}")));
    fields
}

/// Sends it as a form, as a form with a file, and as JSON; answers whether one of them was taken.
async fn send(browser: &mut Browser, method: &str, path: &str, things: &Things, number: usize) -> bool {
    let fields = fields(things, path, number);
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let ask = |browser: &Browser| browser.request(method.clone(), path).header("accept", "text/html");
    let mut form = Form::new();
    for (name, text) in &fields {
        form = form.text(name.clone(), text.clone());
    }
    form = form.part("file", file("plan.pdf", pdf("Words of a stranger")));
    let object: serde_json::Map<String, serde_json::Value> =
        fields.iter().map(|(name, text)| (name.clone(), json!(text))).collect();
    let mut taken = false;
    for request in [ask(browser).form(&fields), ask(browser).multipart(form), ask(browser).json(&object)] {
        let answer = browser.send(request).await;
        assert!(answer.status < 500, "{method} {path}: {} {}", answer.status, answer.text);
        taken |= (200..400).contains(&answer.status) && !answer.location().contains("/login");
    }
    taken
}

/// Everything this person may send, with these ids in it: what was taken.
async fn send_all(one: &Installation, world: &World, key: &str, things: &Things) -> BTreeSet<String> {
    let mut browser = one.browser(key).await;
    let mut taken = BTreeSet::new();
    for (number, (method, pattern)) in route_table().await.into_iter().enumerate() {
        let s = &world.story;
        // What is Pine's own can be sent to as well; strangers' doors and what ends the session are other tests'.
        let path = pattern
            .replace("/legal/policies/{id}", &format!("/legal/policies/{}", s.pine_policy))
            .replace("/legal/matters/{id}", &format!("/legal/matters/{}", s.pine_matter))
            .replace("/conversations/{id}", &format!("/conversations/{}", s.pine_conversation))
            .replace("{page}", "3");
        let ends = ["logout", "login", "/profile/", "/prove", "/cancel", "/archive"].iter().any(|part| path.contains(part));
        let may = path != pattern || is_open(&method, &pattern, key);
        if method == "GET" || path.contains('{') || ends || !may {
            continue;
        }
        if send(&mut browser, &method, &path, things, number).await {
            taken.insert(path);
        }
    }
    taken
}

/// Fails where a row that came, went or changed names one of these.
fn names_nothing_of(who: &str, before: &BTreeSet<String>, after: &BTreeSet<String>, ids: &[String]) {
    let changed: Vec<&String> = before.symmetric_difference(after).collect();
    let named: Vec<_> = changed.iter().filter(|row| ids.iter().any(|id| row.contains(id.as_str()))).collect();
    assert!(named.is_empty(), "by what {who} sent there came, went or changed:\n{named:#?}");
}

#[actix_web::test]
async fn a_field_that_names_another_tenants_thing_reaches_nothing() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let harbors = Things::of(&one, &world, (one.cast.harbor.to_string(), one.cast.acme.to_string(), "cleo"));
    let mut own = Things::of(&one, &world, (one.cast.pine.to_string(), one.cast.fir.to_string(), "finn"));
    one.run_jobs().await;
    let before = rows(&one).await;
    for key in ["eve", "finn"] {
        send_all(&one, &world, key, &harbors).await;
    }
    // A message with a document of theirs, a signature under a policy of theirs, a ticket of a program's for a client of theirs.
    let mut eve = one.browser("eve").await;
    let messages = format!("/api/v1/conversations/{}/messages", world.story.pine_conversation);
    for document in world.story.documents.iter().chain(&world.story.attachments) {
        let message = json!({ "client_id": uuid::Uuid::now_v7(), "body": "See there", "attachments": [document] });
        let answer = eve.post_json(&messages, &message).await;
        assert!((400..500).contains(&answer.status), "{}: {}", answer.status, answer.text);
    }
    let signature = json!({ "policy_id": world.story.client_review, "typed_name": "Cleo Ferrant", "title": "CFO", "consent": true,
                            "consent_version": "1" });
    one.browser("finn").await.post_json("/portal/signing/acknowledge", &signature).await.expect(404);
    let mut program = Program::of(&one, "eve", &["clients:write", "tickets:write"]).await;
    let contact = one.cast.person("cleo").contact;
    for ticket in [
        json!({ "company_id": one.cast.acme, "subject": "S", "description": "D" }),
        json!({ "company_id": one.cast.fir, "contact_id": contact, "subject": "S", "description": "D" }),
    ] {
        let answer = program.post("/api/v1/tickets", None, &ticket).await;
        assert!((400..500).contains(&answer.status), "{}: {}", answer.status, answer.text);
    }
    let after = rows(&one).await;
    names_nothing_of("Eve and Finn", &before, &after, &harbors.written(&[]));
    // The same forms with one's own ids do something: they were no nonsense.
    own.0.retain(|(name, _)| !["policy", "template", "matter", "document", "documents", "attachments"].contains(name));
    let taken = send_all(&one, &world, "eve", &own).await;
    for path in ["/legal/matters/new", "/legal/vault/upload", "/admin/announcements/new"] {
        assert!(taken.contains(path), "{path} is not among what was taken: {taken:?}");
    }
    assert!(send_all(&one, &world, "finn", &own).await.contains("/portal/tickets/new"));
}

#[actix_web::test]
async fn a_field_that_names_another_clients_thing_reaches_nothing() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let acmes = Things::of(&one, &world, (one.cast.harbor.to_string(), one.cast.acme.to_string(), "cleo"));
    one.run_jobs().await;
    let before = rows(&one).await;
    let taken = send_all(&one, &world, "gus", &acmes).await;
    assert!(taken.contains("/portal/tickets/new"), "{taken:?}");
    let after = rows(&one).await;
    // The MSP is his as well, and so are its templates.
    names_nothing_of("Gus", &before, &after, &acmes.written(&["tenant", "tenant_id", "template", "template_id"]));
}
