//! Files on their way into a conversation: nobody but their sender knows of them before they are sent.

use entity::{Moment, Reach, ids::ConversationId};
use one_legal::{messaging, platform::Actor, vault};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::json;

use super::socket::conversation;
use crate::support::{Answer, Browser, Installation};

/// Puts a file to a message that is not sent yet; the document's id.
async fn attach(browser: &mut Browser, id: ConversationId, name: &'static str) -> String {
    let form = Form::new().part("file", Part::bytes(b"between us".to_vec()).file_name(name));
    let path = format!("/api/v1/conversations/{id}/attachments");
    let request = browser.request(Method::POST, &path).header("accept", "application/json").multipart(form);
    let answer = browser.send(request).await.expect(201).json();
    answer["files"][0]["id"].as_str().expect("an id").to_owned()
}

async fn send(browser: &mut Browser, id: ConversationId, document: &str) -> Answer {
    browser.post_json(&format!("/api/v1/conversations/{id}/messages"), &json!({ "body": "Here", "attachments": [document] })).await
}

async fn take_off(browser: &mut Browser, id: ConversationId, document: &str) -> Answer {
    let path = format!("/api/v1/conversations/{id}/attachments/{document}");
    let request = browser.request(Method::DELETE, &path).header("accept", "application/json");
    browser.send(request).await
}

#[actix_web::test]
async fn a_file_that_was_not_sent_is_known_to_its_sender_alone() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "tom", "cleo"]).await;
    let (mut tom, mut cleo, mut dora) = (one.browser("tom").await, one.browser("cleo").await, one.browser("dora").await);
    let document = attach(&mut cleo, id, "draft-of-the-offer.txt").await;
    // Who comes in meanwhile gets what was sent, not this.
    let mut work = one.platform.work(Actor::program("test"), Reach::Tenants(vec![one.cast.harbor])).await.expect("a work");
    let mira = one.cast.person("mira");
    messaging::join(&mut work, id, mira.account, mira.name).await.expect("joined");
    work.commit().await.expect("committed");
    let mut mira = one.browser("mira").await;
    for browser in [&mut tom, &mut mira] {
        for list in ["/legal/vault", "/legal/vault?q=offer"] {
            browser.get(list).await.expect(200).hides("draft-of-the-offer.txt");
        }
        browser.get_json("/api/v1/documents").await.expect(200).hides("draft-of-the-offer.txt");
        browser.get(&format!("/legal/vault/{document}")).await.expect(404);
        browser.get(&format!("/legal/vault/{document}/download")).await.expect(404);
        browser.get_json(&format!("/api/v1/documents/{document}")).await.expect(404);
        browser.get_json(&format!("/api/v1/documents/{document}/content")).await.expect(404);
        assert_eq!(send(browser, id, &document).await.expect(422).code(), "unknown_file");
    }
    dora.get("/portal/files").await.expect(200).hides("draft-of-the-offer.txt");
    dora.get(&format!("/portal/files/{document}/download")).await.expect(404);
    // It may go again, so it is in no list of hers either; its address opens to her.
    cleo.get("/portal/files").await.expect(200).hides("draft-of-the-offer.txt");
    cleo.get(&format!("/portal/files/{document}/download")).await.expect(200).shows("between us");
    send(&mut cleo, id, &document).await.expect(201);
    for browser in [&mut tom, &mut mira] {
        browser.get("/legal/vault?q=offer").await.expect(200).shows("draft-of-the-offer.txt");
        browser.get(&format!("/legal/vault/{document}/download")).await.expect(200).shows("between us");
    }
    cleo.get("/portal/files").await.expect(200).shows("draft-of-the-offer.txt");
    dora.get(&format!("/portal/files/{document}/download")).await.expect(404);
}

#[actix_web::test]
async fn a_file_taken_off_before_it_was_sent_is_gone() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let (mut ada, mut cleo) = (one.browser("ada").await, one.browser("cleo").await);
    let document = attach(&mut cleo, id, "wrong-one.txt").await;
    take_off(&mut ada, id, &document).await.expect(404);
    take_off(&mut cleo, id, &document).await.expect(204);
    take_off(&mut cleo, id, &document).await.expect(404);
    cleo.get(&format!("/portal/files/{document}/download")).await.expect(404);
    assert_eq!(send(&mut cleo, id, &document).await.expect(422).code(), "unknown_file");
    // What was sent stays.
    let sent = attach(&mut cleo, id, "right-one.txt").await;
    send(&mut cleo, id, &sent).await.expect(201);
    take_off(&mut cleo, id, &sent).await.expect(404);
    ada.get(&format!("/legal/vault/{sent}/download")).await.expect(200).shows("between us");
}

#[actix_web::test]
async fn the_sweep_takes_what_was_not_sent_within_a_day_and_nothing_that_was() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let mut cleo = one.browser("cleo").await;
    let left = attach(&mut cleo, id, "left-behind.txt").await;
    let sent = attach(&mut cleo, id, "sent-on-its-way.txt").await;
    send(&mut cleo, id, &sent).await.expect(201);
    one.platform.clock.advance(23 * Moment::HOUR);
    vault::sweep(&one.platform).await.expect("swept");
    let mut cleo = one.browser("cleo").await;
    cleo.get(&format!("/portal/files/{left}/download")).await.expect(200);
    one.platform.clock.advance(2 * Moment::HOUR);
    vault::sweep(&one.platform).await.expect("swept");
    let mut cleo = one.browser("cleo").await;
    cleo.get(&format!("/portal/files/{left}/download")).await.expect(404);
    cleo.get(&format!("/portal/files/{sent}/download")).await.expect(200).shows("between us");
}
