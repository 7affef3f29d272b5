//! Lists are read on without a gap; nothing privileged is in any of them.

use serde_json::{Value, json};

use super::program::Program;
use crate::support::{Installation, World};

pub const EVERYTHING: &[&str] = &[
    "clients:read",
    "clients:write",
    "templates:read",
    "policies:read",
    "matters:read",
    "documents:read",
    "retainers:read",
    "payouts:read",
    "tickets:read",
    "tickets:write",
    "invoices:read",
    "audit:read",
    "events:read",
];

async fn whole(program: &mut Program, path: &str, limit: u64) -> Vec<Value> {
    let mut items = Vec::new();
    let mut after = String::new();
    loop {
        let answer = program.get(&format!("{path}?limit={limit}&after={after}")).await.expect(200).json();
        let got = answer["items"].as_array().expect("items").clone();
        let ended = got.is_empty() || answer["next"].is_null();
        items.extend(got);
        if ended {
            return items;
        }
        after = answer["next"].as_str().expect("a cursor").to_owned();
    }
}

#[actix_web::test]
async fn every_list_is_read_on_to_its_end_and_holds_no_word_that_is_privileged() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let mut program = Program::of(&one, "mira", EVERYTHING).await;
    let mut all = String::new();
    for (path, least) in [
        ("/api/v1/clients", 2),
        ("/api/v1/templates", 5),
        ("/api/v1/policies", 6),
        ("/api/v1/matters", 3),
        ("/api/v1/documents", 1),
        ("/api/v1/retainers", 2),
        ("/api/v1/time_entries", 3),
        ("/api/v1/payouts", 1),
        ("/api/v1/tickets", 1),
        ("/api/v1/invoices", 4),
        ("/api/v1/audit", 50),
        ("/api/v1/feed", 20),
    ] {
        let few = whole(&mut program, path, 3).await;
        let many = whole(&mut program, path, 200).await;
        assert!(few.len() >= least, "{path}: only {}", few.len());
        assert_eq!(few, many, "{path} is the same in small leaves and in large ones");
        all.push_str(&Value::from(few).to_string());
    }
    for privileged in
        ["invoice dispute", "Reviewed Harbor IT's master agreement", "advised on the dispute window", "Drafted the data return"]
    {
        assert!(!all.contains(privileged), "`{privileged}` is told to programs");
    }
    let matters = program.get("/api/v1/matters").await.expect(200).json();
    let keys: Vec<&String> = matters["items"][0].as_object().expect("an object").keys().collect();
    assert!(!keys.iter().any(|key| ["title", "description", "opened_by", "conversation_id"].contains(&key.as_str())), "{keys:?}");
    let feed = whole(&mut program, "/api/v1/feed", 200).await;
    for (at, event) in (1..).zip(&feed) {
        assert_eq!(event["seq"], at, "the feed has no gap");
        assert!(event["data"].get("participants").is_none() && event["data"].get("desk").is_none());
        if event["type"].as_str().is_some_and(|name| name.starts_with("matter.")) {
            assert!(event["data"].get("title").is_none(), "{event}");
        }
    }
    assert_eq!(program.get("/api/v1/policies?status=draft").await.expect(200).json()["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(program.get("/api/v1/policies?status=lost").await.expect(422).code(), "invalid");
    let score = program.get(&format!("/api/v1/compliance/{}", one.cast.acme)).await.expect(200).json();
    assert!(score["score"].is_number(), "{score}");
    let policy = program.get(&format!("/api/v1/policies/{}", world.story.client_review)).await.expect(200).json();
    assert_eq!(policy["signers"].as_array().map(Vec::len), Some(2));
    // Pine's program sees nothing of it by any id.
    let mut pine = Program::of(&one, "eve", EVERYTHING).await;
    for path in [
        format!("/api/v1/policies/{}", world.story.client_review),
        format!("/api/v1/tickets/{}", world.story.ticket),
        format!("/api/v1/compliance/{}", one.cast.acme),
        format!("/api/v1/clients/{}", one.cast.acme),
    ] {
        pine.get(&path).await.expect(404);
    }
}

#[actix_web::test]
async fn a_ticket_opened_by_a_program_is_the_clients_and_is_answered_in_the_programs_name() {
    let one = Installation::new().await;
    let mut program = Program::of(&one, "mira", &["tickets:read", "tickets:write"]).await;
    let cleo = one.cast.person("cleo").contact.expect("a contact");
    let wish = json!({ "company_id": one.cast.acme, "contact_id": cleo, "subject": "Disk 91 % full", "description": "Server 2, volume D." });
    let made = program.post("/api/v1/tickets", Some("disk-1"), &wish).await.expect(201).json();
    assert_eq!(made["opened_by"], "Dashboard (API key)");
    let id = made["id"].as_str().expect("an id").to_owned();
    let words = json!({ "body": "We are clearing old backups." });
    for _ in 0..2 {
        program.post(&format!("/api/v1/tickets/{id}/comments"), Some("c-1"), &words).await.expect(201);
    }
    let mut browser = one.browser("cleo").await;
    browser.get(&format!("/portal/tickets/{id}")).await.expect(200).shows("Disk 91 % full").shows("clearing old backups");
    let shown = program.get(&format!("/api/v1/tickets/{id}")).await.expect(200).json();
    assert_eq!(shown["comments"].as_array().map(Vec::len), Some(1));
    // A note of the staff's stays among people.
    let mut tom = one.browser("tom").await;
    tom.post(&format!("/legal/tickets/{id}"), &[("body", "They never delete anything"), ("internal", "true"), ("key", "k")]).await;
    program.get(&format!("/api/v1/tickets/{id}")).await.expect(200).hides("never delete");
    for (name, value) in [
        ("company_id", json!(one.cast.bluefin)),
        ("company_id", json!(uuid::Uuid::nil())),
        ("contact_id", json!(uuid::Uuid::nil())),
        ("subject", json!("")),
        ("category", json!("magic")),
    ] {
        let mut bad = wish.clone();
        bad[name] = value;
        program.post("/api/v1/tickets", None, &bad).await.expect(422);
    }
    let mut other = Program::of(&one, "eve", &["tickets:write"]).await;
    other.post("/api/v1/tickets", None, &wish).await.expect(422);
    other.post(&format!("/api/v1/tickets/{id}/comments"), None, &words).await.expect(404);
}
