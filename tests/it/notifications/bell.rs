//! The bell's list: open one, mark all, and what somebody else's id does (nothing).

use entity::Moment;
use one_legal::notifications::TOPIC;
use serde_json::json;

use super::{line, lines, tell};
use crate::support::Installation;

async fn ring_mira(one: &Installation, policy: &str, title: &str) -> entity::notifications::notification::Model {
    let data = json!({ "policy": policy, "title": title, "company": "Acme Dental" });
    let event = tell(one, one.cast.harbor, "policy.fully_signed", None, data).await;
    let mira = one.cast.person("mira").account;
    lines(one, event).await.into_iter().find(|line| line.account_id == mira).expect("Mira's line")
}

#[actix_web::test]
async fn an_empty_bell_says_what_will_come() {
    let one = Installation::new().await;
    one.browser("mira").await.get("/legal/notifications").await.expect(200).shows("Nothing new").shows("/legal/settings");
    one.browser("ben").await.get("/portal/notifications").await.expect(200).shows("Nothing new").shows("/portal/settings");
}

#[actix_web::test]
async fn opening_a_line_marks_it_read_and_leads_there() {
    let one = Installation::new().await;
    let first = ring_mira(&one, "P1", "MSA").await;
    ring_mira(&one, "P2", "DPA").await;
    let mut mira = one.browser("mira").await;
    mira.get("/legal/notifications").await.expect(200).shows("“MSA” for Acme Dental is fully signed").shows("“DPA” for");
    let id = first.id.to_string();
    let answer = mira.post("/legal/notifications", &[("id", &id), ("open", "/legal/policies/P1")]).await.expect(303);
    assert_eq!(answer.location(), "/legal/policies/P1");
    assert!(line(&one, first.id).await.read_at.is_some());
    assert_eq!(mira.get_json("/api/v1/notifications").await.expect(200).json()["unread"], 1);
}

#[actix_web::test]
async fn all_can_be_marked_at_once() {
    let one = Installation::new().await;
    ring_mira(&one, "P1", "MSA").await;
    ring_mira(&one, "P2", "DPA").await;
    let mut mira = one.browser("mira").await;
    mira.post("/legal/notifications", &[]).await.expect(303);
    assert_eq!(mira.get_json("/api/v1/notifications").await.expect(200).json()["unread"], 0);
}

#[actix_web::test]
async fn somebody_elses_line_is_neither_seen_nor_changed() {
    let one = Installation::new().await;
    let hers = ring_mira(&one, "P1", "Secret pact").await;
    let id = hers.id.to_string();
    for key in ["tom", "eve", "cleo", "olga"] {
        let mut browser = one.browser(key).await;
        let address = if one.cast.person(key).portal { "/portal/notifications" } else { "/legal/notifications" };
        let answer = browser.post(address, &[("id", &id)]).await;
        assert!(answer.status < 500, "{key}: {}", answer.status);
        browser.get(address).await.hides("Secret pact");
        browser.get_json("/api/v1/notifications").await.hides("Secret pact");
    }
    assert!(line(&one, hers.id).await.read_at.is_none());
    one.stranger().get_json("/api/v1/notifications").await.expect(401);
}

#[actix_web::test]
async fn a_line_leads_to_our_own_pages_only() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    for next in ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"] {
        let answer = mira.post("/legal/notifications", &[("open", next)]).await.expect(303);
        assert_eq!(answer.location(), "/legal/notifications", "{next}");
    }
}

#[actix_web::test]
async fn long_lists_are_paged() {
    let one = Installation::new().await;
    for n in 0..55 {
        one.platform.clock.advance(Moment::SECOND);
        ring_mira(&one, &format!("P{n}"), &format!("Agreement {n}.")).await;
    }
    let mut mira = one.browser("mira").await;
    mira.get("/legal/notifications").await.expect(200).shows("Agreement 54.").hides("Agreement 4.").shows("page=2");
    mira.get("/legal/notifications?page=2").await.expect(200).shows("Agreement 4.").hides("Agreement 54.");
}

#[actix_web::test]
async fn an_open_page_hears_of_it_after_the_commit() {
    let one = Installation::new().await;
    let mut bus = one.platform.bus.listen();
    ring_mira(&one, "P1", "MSA").await;
    let mira = one.cast.person("mira").account.0;
    let heard = std::iter::from_fn(|| bus.try_recv().ok()).any(|note| note.topic == TOPIC && note.id == mira);
    assert!(heard, "a note on the bus names the person");
}

#[actix_web::test]
async fn opening_the_page_a_line_leads_to_marks_ones_own_line_and_no_other() {
    let one = Installation::new().await;
    let named = |key: &str, href: &str| json!({ "account": one.cast.person(key).account, "title": "Late invoices", "href": href });
    let hers = tell(&one, one.cast.harbor, "message.mentioned", Some("ada"), named("mira", "/legal/matters")).await;
    let his = tell(&one, one.cast.harbor, "message.mentioned", Some("ada"), named("tom", "/legal/matters")).await;
    let (hers, his) = (lines(&one, hers).await.remove(0), lines(&one, his).await.remove(0));
    let mut mira = one.browser("mira").await;
    mira.get("/legal/vault").await.expect(200);
    assert!(line(&one, hers.id).await.read_at.is_none(), "another page");
    mira.get("/legal/matters?status=open").await.expect(200);
    assert!(line(&one, hers.id).await.read_at.is_some());
    assert_eq!(mira.get_json("/api/v1/notifications").await.expect(200).json()["unread"], 0);
    assert!(line(&one, his.id).await.read_at.is_none(), "Tom has not been there");
}

#[actix_web::test]
async fn who_signed_is_not_asked_to_any_more() {
    let one = Installation::new().await;
    let contact = one.cast.person("cleo").contact;
    let data = json!({ "source": "policy:P1", "signers": [contact], "title": "MSA", "issuer": "Harbor IT" });
    let reminded = tell(&one, one.cast.harbor, "envelope.reminded", None, data).await;
    let asked = lines(&one, reminded).await.remove(0);
    assert_eq!(asked.href, "/portal/documents/P1/sign");
    let data = json!({ "source": "policy:P2", "title": "DPA", "signer": { "name": "Cleo Vance" } });
    tell(&one, one.cast.harbor, "envelope.signed", Some("cleo"), data).await;
    assert!(line(&one, asked.id).await.read_at.is_none(), "that was another document");
    let data = json!({ "source": "policy:P1", "title": "MSA", "signer": { "name": "Cleo Vance" } });
    tell(&one, one.cast.harbor, "envelope.signed", Some("cleo"), data).await;
    assert!(line(&one, asked.id).await.read_at.is_some());
}
