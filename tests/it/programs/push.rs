//! Another installation pushes a document: it waits where the client's own do, is signed as they are, and who pushed it hears.

use serde_json::{Value, json};

use super::program::Program;
use crate::support::{Answer, Browser, Installation};

const KEY: &str = "push-key-push-key-push-key-push-key";

async fn push(one: &Installation, key: &str, body: &Value) -> Answer {
    let mut other = Browser::new(&one.url);
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let request = client.post(format!("{}/internal/signing/push", one.url)).header("x-integration-key", key).json(body);
    other.send(request).await
}

fn document(one: &Installation) -> Value {
    json!({
        "tenant": "harbor",
        "company_id": one.cast.acme,
        "external_id": "nw-7",
        "title": "Data Sharing Terms",
        "text_html": "<h2>Scope</h2><p>Northwind shares the door log.</p><script>alert(1)</script>",
        "signers": [{ "email": one.cast.person("cleo").email.to_uppercase() }],
        "issuer": "Northwind IT",
    })
}

#[actix_web::test]
async fn a_pushed_document_is_signed_like_any_other_and_its_sender_hears_of_it() {
    let one = Installation::with(&[("PORTAL_INTEGRATION_KEY", KEY)]).await;
    let mut program = Program::of(&one, "mira", &["events:read"]).await;
    let first = push(&one, KEY, &document(&one)).await.expect(201).json();
    let again = push(&one, KEY, &document(&one)).await.expect(200).json();
    assert_eq!(first["id"], again["id"]);
    assert_eq!(first["status"], "sent");
    let mut other = document(&one);
    other["text_html"] = json!("<p>Something else.</p>");
    assert_eq!(push(&one, KEY, &other).await.expect(409).code(), "external_id_reused");
    let id = first["id"].as_str().expect("an id").to_owned();
    let mut cleo = one.browser("cleo").await;
    cleo.get("/portal/documents").await.expect(200).shows("Data Sharing Terms").shows("Northwind IT");
    let sign = format!("/portal/documents/{id}/sign");
    cleo.get(&sign).await.expect(200).shows("shares the door log").hides("alert(1)");
    let acknowledge = json!({ "policy_id": id, "typed_name": "Cleo Vance", "title": "Office Manager", "consent": true,
                              "consent_version": one_legal::signing::CONSENT.version });
    assert_eq!(cleo.post_json("/portal/signing/acknowledge", &acknowledge).await.expect(409).code(), "not_read_to_end");
    let reading = json!({ "document_sha256": first["sha256"], "furthest": 1000, "parts": {} });
    cleo.post_json(&format!("/portal/documents/{id}/reading"), &reading).await.expect(200);
    let record = cleo.post_json("/portal/signing/acknowledge", &acknowledge).await.expect(201).json();
    assert_eq!(record["policy_id"], first["id"]);
    cleo.post_json("/portal/signing/acknowledge", &acknowledge).await.expect(200);
    cleo.get("/portal/documents?tab=signed").await.expect(200).shows("Data Sharing Terms");
    cleo.get(&sign).await.expect(200).shows("Download");
    let done = program.get("/api/v1/feed?type=envelope.completed").await.expect(200).json();
    assert_eq!(done["items"][0]["data"]["external_id"], "nw-7");
    assert_eq!(push(&one, KEY, &document(&one)).await.expect(200).json()["status"], "completed");
    let mut mira = one.browser("mira").await;
    mira.get("/legal/pushed").await.expect(200).shows("Data Sharing Terms").shows("1 of 1");
    mira.get(&format!("/legal/pushed/{id}")).await.expect(200).shows("nw-7").shows("Signed document");
    mira.get("/legal/notifications").await.expect(200).shows(&format!("/legal/pushed/{id}"));
    for (person, status) in [("eve", 404), ("gus", 404), ("cleo", 404), ("nils", 404), ("sam", 200)] {
        one.browser(person).await.get(&format!("/legal/pushed/{id}")).await.expect(status);
    }
    one.browser("gus").await.get(&sign).await.expect(404);
    one.browser("eve").await.get(&sign).await.expect(404);
}

#[actix_web::test]
async fn what_is_wrong_with_a_push_is_named() {
    let one = Installation::with(&[("PORTAL_INTEGRATION_KEY", KEY)]).await;
    for (name, value, code) in [
        ("tenant", json!("nowhere"), "unknown_tenant"),
        ("tenant", json!("pine"), "unknown_company"),
        ("company_id", json!(uuid::Uuid::nil()), "unknown_company"),
        ("company_id", json!(one.cast.bluefin), "unknown_contact"),
        ("signers", json!([{ "email": "nobody@acme.example" }]), "unknown_contact"),
        ("signers", json!([]), "invalid"),
        ("title", json!(" "), "invalid"),
        ("text_html", json!("<script>x</script>"), "invalid"),
        ("external_id", json!(""), "invalid"),
        ("deadline", json!("soon"), "invalid"),
        ("company_id", json!("acme"), "invalid"),
    ] {
        let mut bad = document(&one);
        bad[name] = value.clone();
        let answer = push(&one, KEY, &bad).await.expect(422);
        assert_eq!(answer.code(), code, "{name} = {value}: {}", answer.text);
    }
    let mut cleo = one.browser("cleo").await;
    cleo.get("/portal/documents").await.expect(200).hides("Data Sharing Terms");
    push(&one, KEY, &document(&one)).await.expect(201);
}

#[actix_web::test]
async fn a_missing_or_wrong_key_is_named_by_doctor_also_after_a_restart() {
    let off = Installation::new().await;
    assert_eq!(push(&off, KEY, &document(&off)).await.expect(401).code(), "integration_not_set");
    let said = |findings: &[one_legal::admin::health::Finding], check: &str| {
        findings
            .iter()
            .find(|finding| finding.check == check)
            .map(|finding| (finding.word(), finding.what.clone(), finding.fix.clone()))
    };
    let findings = one_legal::admin::findings(&off.platform).await;
    let (word, what, fix) = said(&findings, "push").expect("a finding");
    assert_eq!(word, "warning");
    assert!(what.contains("PORTAL_INTEGRATION_KEY is not set") && fix.contains("openssl"), "{what} {fix}");
    let one = Installation::with(&[("PORTAL_INTEGRATION_KEY", KEY)]).await;
    assert!(said(&one_legal::admin::findings(&one.platform).await, "push_key").is_none());
    assert_eq!(push(&one, "another-key-another-key-another-key", &document(&one)).await.expect(401).code(), "bad_integration_key");
    // It is a row, so the command line sees it as well as the server that refused.
    let tx = one.tx().await;
    let rows = <entity::platform::refusal::Entity as entity::Unwalled>::rows().all(&tx).await.expect("rows");
    assert_eq!(rows.iter().map(|row| row.setting.as_str()).collect::<Vec<_>>(), ["PORTAL_INTEGRATION_KEY"]);
    drop(tx);
    let (word, what, _) = said(&one_legal::admin::findings(&one.platform).await, "push_key").expect("a finding");
    assert!(word == "warning" && what.contains("127.0.0.1"), "{what}");
}

#[actix_web::test]
async fn the_owner_withdraws_what_was_pushed() {
    let one = Installation::with(&[("PORTAL_INTEGRATION_KEY", KEY)]).await;
    let id = push(&one, KEY, &document(&one)).await.expect(201).json()["id"].as_str().expect("an id").to_owned();
    let path = format!("/legal/pushed/{id}/withdraw");
    one.browser("tom").await.post(&path, &[]).await.expect(403);
    one.browser("ada").await.post(&path, &[]).await.expect(403);
    one.browser("mira").await.post(&path, &[]).await.expect(303);
    one.browser("cleo").await.get(&format!("/portal/documents/{id}/sign")).await.expect(200).shows("withdrawn");
}

#[actix_web::test]
async fn the_crm_asks_for_a_clients_score_by_its_key() {
    let one = Installation::with(&[("CRM_INTEGRATION_KEY", KEY)]).await;
    let ask = async |key: &str, query: &str| {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let request = client.get(format!("{}/api/crm/compliance?{query}", one.url)).header("x-integration-key", key);
        Browser::new(&one.url).send(request).await
    };
    let acme = format!("tenantId={}&orgId={}", one.cast.harbor, one.cast.acme);
    let answer = ask(KEY, &acme).await.expect(200).json();
    assert_eq!((answer["score"].clone(), answer["open_matters"].clone()), (json!(null), json!(0)), "nothing is required yet");
    assert_eq!(answer["signed"], json!([]));
    assert_eq!(ask(KEY, &format!("tenantId=harbor&orgId={}", one.cast.acme)).await.expect(200).json()["company"], "Acme Dental");
    for wrong in [
        format!("tenantId={}&orgId={}", one.cast.pine, one.cast.acme),
        format!("tenantId=harbor&orgId={}", uuid::Uuid::nil()),
        "tenantId=nowhere&orgId=x".to_owned(),
    ] {
        ask(KEY, &wrong).await.expect(404);
    }
    assert_eq!(ask(KEY, "tenantId=harbor").await.expect(422).code(), "invalid");
    assert_eq!(ask("wrong-key-wrong-key-wrong-key-wrong-key", &acme).await.expect(401).code(), "bad_integration_key");
    let mut mira = one.browser("mira").await;
    mira.get("/admin/integrations")
        .await
        .expect(200)
        .shows("CRM_INTEGRATION_KEY")
        .shows("Somebody came with another key")
        .hides(KEY);
    one.browser("tom").await.get("/admin/integrations").await.expect(403);
}
