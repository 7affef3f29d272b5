//! A key is shown once, opens what it was made for, and is shut at once.

use std::path::Path;

use entity::{Moment, programs::key, wall::Walled};
use sea_orm::PaginatorTrait;
use serde_json::json;

use super::program::{Program, found};
use crate::support::Installation;

#[actix_web::test]
async fn a_key_opens_what_it_was_made_for_of_its_own_msp_and_nothing_else() {
    let one = Installation::new().await;
    let mut mine = Program::of(&one, "mira", &["clients:read"]).await;
    let names = |answer: crate::support::Answer| -> Vec<String> {
        answer.json()["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|item| item["name"].as_str().expect("a name").to_owned())
            .collect()
    };
    let seen = names(mine.get("/api/v1/clients").await.expect(200));
    assert!(seen.contains(&"Acme Dental".to_owned()) && seen.contains(&"Bluefin Freight".to_owned()), "{seen:?}");
    let mut theirs = Program::of(&one, "eve", &["clients:read"]).await;
    let others = names(theirs.get("/api/v1/clients").await.expect(200));
    assert!(others.iter().all(|name| !seen.contains(name)), "{others:?}");
    let acme = format!("/api/v1/clients/{}", one.cast.acme);
    assert_eq!(mine.get(&acme).await.expect(200).json()["name"], "Acme Dental");
    assert_eq!(theirs.get(&acme).await.expect(404).code(), "not_found");
    theirs.get(&format!("{acme}/contacts")).await.expect(404);
    for (path, status, code) in [
        ("/api/v1/policies", 403, "scope_missing"),
        ("/api/v1/audit", 403, "scope_missing"),
        ("/api/v1/clients?limit=0", 422, "invalid"),
        ("/api/v1/clients?after=yesterday", 422, "invalid"),
        // What people have for themselves is not there for a program.
        ("/api/v1/notifications", 401, "signed_out"),
        ("/api/v1/events", 401, "signed_out"),
    ] {
        assert_eq!(mine.get(path).await.expect(status).code(), code, "{path}");
    }
    let wish = json!({ "name": "New" });
    assert_eq!(mine.post("/api/v1/clients", None, &wish).await.expect(403).code(), "scope_missing");
    let mut mira = one.browser("mira").await;
    mira.get("/admin/audit?action=api_key.").await.expect(200).shows("api_key.created");
    mira.get("/admin/audit?action=access.denied").await.expect(200).shows("Dashboard (API key)");
}

#[actix_web::test]
async fn the_key_is_shown_once_and_lies_nowhere_but_as_a_hash() {
    let one = Installation::new().await;
    let mut program = Program::of(&one, "mira", &["clients:read", "audit:read"]).await;
    let token = program.token.clone();
    assert_eq!(token.len(), "olk_".len() + 43);
    program.get("/api/v1/clients").await.expect(200);
    let mut mira = one.browser("mira").await;
    mira.get("/admin/api-keys").await.expect(200).shows("Dashboard").shows(&token[..8]).hides(&token);
    program.get("/api/v1/audit").await.expect(200).hides(&token);
    let tx = one.tx().await;
    let rows = key::Entity::within(tx.reach());
    let row = sea_orm::QuerySelect::limit(rows, 1).one(&tx).await.expect("a reading").expect("the key");
    assert!(row.last_used_at.is_some());
    drop(tx);
    let holds = |path: &Path| std::fs::read(path).is_ok_and(|bytes| memchr::memmem::find(&bytes, token.as_bytes()).is_some());
    for entry in std::fs::read_dir(one.data_dir.path()).expect("the folder") {
        let path = entry.expect("an entry").path();
        assert!(!holds(&path), "the key lies in {}", path.display());
    }
}

#[actix_web::test]
async fn a_shut_expired_or_unknown_key_opens_nothing_and_the_cookie_beside_it_is_not_looked_at() {
    let one = Installation::new().await;
    let mut program = Program::of(&one, "mira", &["clients:read"]).await;
    let mut mira = one.browser("mira").await;
    let page = mira.get("/admin/api-keys").await.expect(200);
    let at = page.text.find("/admin/api-keys/").expect("a button");
    let action = page.text[at..].split('"').next().expect("an address").to_owned();
    program.get("/api/v1/clients").await.expect(200);
    mira.post(&action, &[]).await.expect(303);
    assert_eq!(program.get("/api/v1/clients").await.expect(401).code(), "api_key_revoked");
    let mut old = Program::of(&one, "mira", &["clients:read"]).await;
    one.platform.clock.advance(90 * Moment::DAY);
    assert_eq!(old.get("/api/v1/clients").await.expect(401).code(), "api_key_expired");
    for token in ["olk_nothing", "", "a b", &"x".repeat(300)] {
        assert_eq!(Program::with(&one, token).get("/api/v1/clients").await.expect(401).code(), "bad_api_key", "{token}");
    }
    let mut mira = one.browser("mira").await;
    mira.get_json("/api/v1/clients").await.expect(200);
    let beside = mira.request(reqwest::Method::GET, "/api/v1/clients").bearer_auth("olk_nothing");
    mira.send(beside).await.expect(401);
    // Nor does a made-up key get a write past the rule that pages are our own.
    let forged = mira
        .request(reqwest::Method::POST, "/api/v1/matters")
        .header("sec-fetch-site", "cross-site")
        .bearer_auth("x")
        .json(&json!({}));
    mira.send(forged).await.expect(401);
}

#[actix_web::test]
async fn only_owner_and_admin_make_keys_and_the_form_comes_back_with_what_is_wrong() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    mira.get("/admin/api-keys").await.expect(200).shows("No keys yet");
    let page = mira.post("/admin/api-keys", &[("name", "Sheet robot"), ("days", "7"), ("scopes", "everything")]).await.expect(422);
    page.shows("Sheet robot").shows("Choose what it may do").shows("Choose how long it lives");
    for (person, status) in [("tom", 403), ("vik", 403), ("ada", 404), ("cleo", 404), ("olga", 404)] {
        let mut browser = one.browser(person).await;
        browser.get("/admin/api-keys").await.expect(status);
        browser.post("/admin/api-keys", &[("name", "x"), ("days", "90"), ("scopes", "clients:read")]).await.expect(status);
    }
    // Making one asks for a fresh proof.
    one.platform.clock.advance(10 * Moment::MINUTE);
    mira.post("/admin/api-keys", &[("name", "x"), ("days", "90"), ("scopes", "clients:read")]).await.expect(409);
}

#[actix_web::test]
async fn a_reload_after_making_a_key_makes_no_second_one() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let page = mira.get("/admin/api-keys").await.expect(200);
    let word = page.text.split("name=\"key\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("the form's word");
    let fields = [("key", word), ("name", "Sheet robot"), ("days", "90"), ("scopes", "clients:read")];
    let made = mira.post("/admin/api-keys", &fields).await.expect(201);
    let token = found(&made.text, "olk_").expect("the key is on the page");
    let again = mira.post("/admin/api-keys", &fields).await.expect(409);
    let again = again.shows("This key has been made already").shows("shown once only").hides(&token);
    let tx = one.tx().await;
    assert_eq!(key::Entity::within(tx.reach()).count(&tx).await.expect("a reading"), 1);
    drop(tx);
    // The form that came with the answer makes another; so does one without a word.
    for word in [again.text.split("name=\"key\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a word"), ""] {
        let fields = [("key", word), ("name", "Second"), ("days", "90"), ("scopes", "clients:read")];
        mira.post("/admin/api-keys", &fields).await.expect(201);
    }
}

#[actix_web::test]
async fn a_key_that_comes_too_often_waits_and_another_does_not() {
    let one = Installation::with(&[("API_RATE", "3")]).await;
    let mut busy = Program::of(&one, "mira", &["clients:read"]).await;
    let mut calm = Program::of(&one, "mira", &["clients:read"]).await;
    for _ in 0..3 {
        busy.get("/api/v1/clients").await.expect(200);
    }
    let refused = busy.get("/api/v1/clients").await.expect(429);
    assert_eq!(refused.code(), "rate_limited");
    let wait: i64 = refused.headers["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((1..=20).contains(&wait), "{wait}");
    calm.get("/api/v1/clients").await.expect(200);
    one.platform.clock.advance(wait * Moment::SECOND);
    busy.get("/api/v1/clients").await.expect(200);
}

#[actix_web::test]
async fn the_same_write_again_gets_the_same_answer_and_does_nothing() {
    let one = Installation::new().await;
    let mut program = Program::of(&one, "mira", &["clients:read", "clients:write"]).await;
    let wish = json!({ "name": "Cedar Clinic" });
    // What was refused may be put right and sent under the same word.
    program.post("/api/v1/clients", Some("w-1"), &json!({ "name": "" })).await.expect(422);
    let first = program.post("/api/v1/clients", Some("w-1"), &wish).await.expect(201);
    let again = program.post("/api/v1/clients", Some("w-1"), &wish).await.expect(201);
    assert_eq!(first.json(), again.json());
    assert_eq!(again.headers["idempotent-replay"], "true");
    let other = json!({ "name": "Dune Clinic" });
    assert_eq!(program.post("/api/v1/clients", Some("w-1"), &other).await.expect(422).code(), "idempotency_key_reused");
    program.post("/api/v1/clients", None, &wish).await.expect(422);
    let twenty: Vec<_> =
        (0..20)
            .map(|_| {
                let mut one_of_many = Program::with(&one, &program.token);
                async move {
                    one_of_many.post("/api/v1/clients", Some("w-2"), &json!({ "name": "Elm Clinic" })).await.expect(201).json()
                }
            })
            .collect();
    let answers = futures_util::future::join_all(twenty).await;
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    one.platform.clock.advance(25 * Moment::HOUR);
    // After a day the word is forgotten; the client is there all the same.
    program.post("/api/v1/clients", Some("w-1"), &wish).await.expect(422);
}
