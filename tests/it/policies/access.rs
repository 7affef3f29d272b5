//! Who may not: other tenants, clients, viewers, and each role before each verb that is not theirs.

use entity::policies::PolicyStatus;

use super::support::*;
use crate::support::Installation;

const BUTTONS: [&str; 13] = [
    "submit",
    "recall",
    "approve",
    "send-back",
    "send",
    "final-approval",
    "cancel",
    "archive",
    "renew",
    "remind",
    "replace-signer",
    "people",
    "comments",
];

#[actix_web::test]
async fn another_tenant_and_every_client_get_the_same_404_as_for_nothing() {
    let one = Installation::new().await;
    let id = sent(&one, "nda").await;
    let template = template(&one, "nda").await;
    let nothing = entity::ids::PolicyId(one_legal::platform::random::id(one.platform.clock.now()));
    for key in ["eve", "finn", "ben", "cleo", "gus", "joy", "olga"] {
        let mut browser = one.browser(key).await;
        for id in [id, nothing] {
            let at = format!("/legal/policies/{id}");
            for page in ["", "?tab=review", "/wizard/1", "/wizard/2", "/wizard/4"] {
                assert_eq!(browser.get(&format!("{at}{page}")).await.status, 404, "{key} GET {page}");
            }
            for button in BUTTONS.iter().chain(&["wizard/2"]) {
                assert_eq!(browser.post(&format!("{at}/{button}"), &[]).await.status, 404, "{key} POST {button}");
            }
            assert_eq!(browser.get_json(&format!("/api/v1/policies/{id}")).await.status, 404, "{key} API");
        }
        for page in ["", "/edit"] {
            assert_eq!(
                browser.get(&format!("/legal/policies/templates/{template}{page}")).await.status,
                404,
                "{key} template{page}"
            );
        }
    }
    let mut eve = one.browser("eve").await;
    eve.get("/legal/policies").await.expect(200).hides("Acme").hides(&id.to_string());
    eve.get_json("/api/v1/policies").await.expect(200).hides(&id.to_string());
    eve.get(&format!("/legal/policies?company={}", one.cast.acme)).await.expect(200).hides("Non-Disclosure");
    let company = one.cast.acme.to_string();
    let stolen = [("company", company.as_str()), ("template", &template), ("effective", "2026-03-02")];
    eve.post("/legal/policies/new", &stolen).await.expect(422).shows("Choose the client.");
    assert_eq!(status(&one, id).await, PolicyStatus::ClientReview);
}

#[actix_web::test]
async fn a_viewer_reads_and_nothing_else() {
    let one = Installation::new().await;
    let id = submitted(&one, "nda").await;
    let mut vik = one.browser("vik").await;
    vik.get("/legal/policies").await.expect(200).shows("Non-Disclosure").hides("New policy");
    vik.get(&format!("/legal/policies/{id}")).await.expect(200);
    vik.get("/legal/policies/templates").await.expect(200).hides("Use for a client");
    vik.get("/legal/policies/new").await.expect(403);
    vik.get(&format!("/legal/policies/{id}/wizard/2")).await.expect(403);
    for button in BUTTONS {
        assert_eq!(press(&mut vik, id, button).await.status, 403, "{button}");
    }
}

#[actix_web::test]
async fn a_paralegal_may_send_back_but_not_approve_or_publish() {
    let one = Installation::new().await;
    let id = submitted(&one, "nda").await;
    let mut lou = one.browser("lou").await;
    press(&mut lou, id, "approve").await.expect(403).shows("Only an attorney");
    press(&mut lou, id, "final-approval").await.expect(403);
    press(&mut lou, id, "send").await.expect(403);
    lou.post(&format!("/legal/policies/{id}/send-back"), &[("note", "")]).await.expect(422).shows("Say what should change");
    lou.post(&format!("/legal/policies/{id}/send-back"), &[("note", "Wrong client name")]).await.expect(303);
    assert_eq!(status(&one, id).await, PolicyStatus::Draft);
    let template = template(&one, "nda").await;
    lou.get(&format!("/legal/policies/templates/{template}/edit")).await.expect(200);
    lou.post(&format!("/legal/policies/templates/{template}/publish"), &[]).await.expect(403);
    lou.post(&format!("/legal/policies/templates/{template}/archive"), &[]).await.expect(403);
}

#[actix_web::test]
async fn the_msp_cannot_approve_for_the_attorney_nor_the_attorney_send_for_the_msp() {
    let one = Installation::new().await;
    let id = submitted(&one, "nda").await;
    let mut mira = one.browser("mira").await;
    for button in ["approve", "send-back"] {
        press(&mut mira, id, button).await.expect(403);
    }
    let mut sam = one.browser("sam").await;
    press(&mut sam, id, "approve").await.expect(303);
    press(&mut sam, id, "send").await.expect(403);
    press(&mut sam, id, "final-approval").await.expect(403);
    let mut tom = one.browser("tom").await;
    press(&mut tom, id, "send").await.expect(303);
    tom.get("/legal/policies/templates").await.expect(200).hides("New template");
    let template = template(&one, "nda").await;
    tom.get(&format!("/legal/policies/templates/{template}/edit")).await.expect(403);
}

#[actix_web::test]
async fn outside_counsel_sees_only_what_they_are_put_on_and_only_comments() {
    let one = Installation::new().await;
    let id = submitted(&one, "nda").await;
    let mut nils = one.browser("nils").await;
    let at = format!("/legal/policies/{id}");
    nils.get(&at).await.expect(404);
    nils.get("/legal/policies").await.expect(200).hides("Non-Disclosure");
    nils.get("/legal/policies/templates").await.expect(404);
    let mut ada = one.browser("ada").await;
    let account = one.cast.person("nils").account.to_string();
    let gus = one.cast.person("gus").account.to_string();
    ada.post(&format!("{at}/people"), &[("account", &gus)]).await.expect(422);
    ada.post(&format!("{at}/people"), &[("account", &account)]).await.expect(303);
    nils.get("/legal/policies").await.expect(200).shows("Non-Disclosure");
    nils.get(&at).await.expect(200);
    nils.post(&format!("{at}/comments"), &[("anchor", ""), ("words", "Clause 4 is broad.")]).await.expect(303);
    for button in BUTTONS.iter().filter(|button| **button != "comments") {
        assert_eq!(press(&mut nils, id, button).await.status, 403, "{button}");
    }
    ada.get(&format!("{at}?tab=review")).await.expect(200).shows("Clause 4 is broad.");
    ada.post(&format!("{at}/people"), &[("account", &account), ("remove", "true")]).await.expect(303);
    nils.get(&at).await.expect(404);
}

#[actix_web::test]
async fn clients_see_no_draft_and_no_comment() {
    let one = Installation::new().await;
    let id = submitted(&one, "nda").await;
    let mut mira = one.browser("mira").await;
    mira.post(&format!("/legal/policies/{id}/comments"), &[("anchor", ""), ("words", "Canarybird remark")]).await.expect(303);
    for key in ["ben", "cleo", "dora"] {
        let mut browser = one.browser(key).await;
        browser.get("/portal/documents").await.expect(200).hides("Non-Disclosure").hides("Canarybird");
        browser.get(&format!("/portal/documents/{id}/sign")).await.expect(404);
    }
    press(&mut one.browser("ada").await, id, "approve").await.expect(303);
    press(&mut mira, id, "send").await.expect(303);
    let mut cleo = one.browser("cleo").await;
    cleo.get("/portal/documents").await.expect(200).shows("Non-Disclosure");
    cleo.get(&format!("/portal/documents/{id}/sign")).await.expect(200).hides("Canarybird");
}
