//! Time that is proposed from what an attorney did.

use super::desk::{meter, running};
use crate::{
    matters::desk as matters,
    support::{Browser, Installation},
};

/// Ada takes Tom's matter; its address.
async fn claimed(one: &Installation, ada: &mut Browser) -> String {
    let matter = matters::open(one, &mut one.browser("tom").await, &[]).await;
    ada.post(&format!("{matter}/claim"), &[]).await.expect(303);
    matter
}

/// Writes in the matter's conversation.
async fn write(one: &Installation, browser: &mut Browser, matter: &str, body: &str) {
    use entity::{matters::matter, wall::Walled};
    use sea_orm::{ColumnTrait, QueryFilter};
    let id: entity::ids::MatterId = matter.rsplit('/').next().expect("an id").parse().expect("an id");
    let tx = one.tx().await;
    let row = matter::Entity::within(tx.reach()).filter(matter::Column::Id.eq(id)).one(&tx).await.expect("a row").expect("it");
    drop(tx);
    let message = serde_json::json!({ "client_id": uuid::Uuid::now_v7(), "body": body });
    let path = format!("/api/v1/conversations/{}/messages", row.conversation_id);
    browser.post_json(&path, &message).await.expect(201);
}

/// The addresses of the proposals on a page, as they stand there.
fn proposals(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in page.split("action=\"/legal/proposals/").skip(1) {
        let id = part.split('/').next().unwrap_or_default();
        let address = format!("/legal/proposals/{id}");
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

#[actix_web::test]
async fn messages_of_a_day_in_a_matter_grow_one_proposal_until_it_is_logged() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut ada = one.browser("ada").await;
    let matter = claimed(&one, &mut ada).await;
    for _ in 0..2 {
        write(&one, &mut ada, &matter, "canary-of-a-message").await;
    }
    write(&one, &mut one.browser("tom").await, &matter, "Tom's time is not counted").await;
    let page = ada.get(&format!("{retainer}/hours")).await.expect(200);
    page.shows("Proposed from what you did").shows("Wrote 2 messages in the conversation").shows("value=\"12 min\"");
    assert!(!ada.get("/legal/proposals").await.text.contains("canary-of-a-message"));
    ada.get("/legal/dashboard").await.expect(200).shows("1 proposed entry of time");
    assert_eq!(meter(&mut ada).await["used_minutes"], 0, "nothing counts before it is accepted");
    let proposal = proposals(&ada.get("/legal/proposals").await.text).pop().expect("a proposal");
    // Another message meanwhile: what was on the page is not what would be logged.
    write(&one, &mut ada, &matter, "and one more").await;
    let accept = format!("{proposal}/accept");
    let fields = [("time", "12 min"), ("description", "Answered Tom"), ("seen", "2")];
    ada.post(&accept, &fields).await.expect(422).shows("More came to it").shows("Wrote 3 messages");
    let fields = [("time", "soon"), ("description", "Answered Tom"), ("seen", "3")];
    ada.post(&accept, &fields).await.expect(422).shows("value=\"soon\"").shows("Answered Tom").shows("A time such as");
    let fields = [("time", "20m"), ("description", "Answered Tom"), ("seen", "3"), ("back", &format!("{matter}/hours"))];
    assert_eq!(ada.post(&accept, &fields).await.expect(303).location(), format!("{matter}/hours"));
    assert_eq!(meter(&mut ada).await["used_minutes"], 24);
    ada.get(&format!("{matter}/hours")).await.expect(200).shows("Answered Tom").hides("Proposed from what you did");
    ada.post(&accept, &fields).await.expect(409).shows("logged or dismissed before");
    // What comes after is a proposal of its own.
    write(&one, &mut ada, &matter, "a new thought").await;
    ada.get(&format!("{matter}/hours")).await.expect(200).shows("Wrote a message in the conversation");
}

#[actix_web::test]
async fn a_dismissed_proposal_can_be_brought_back_and_is_nobody_elses() {
    let one = Installation::new().await;
    running(&one).await;
    let mut ada = one.browser("ada").await;
    let matter = claimed(&one, &mut ada).await;
    write(&one, &mut ada, &matter, "hello").await;
    let proposal = proposals(&ada.get("/legal/proposals").await.text).pop().expect("a proposal");
    for key in ["sam", "mira", "tom", "eve", "cleo"] {
        for step in ["accept", "dismiss", "bring-back"] {
            one.browser(key).await.post(&format!("{proposal}/{step}"), &[]).await.expect(404);
        }
    }
    one.browser("sam").await.get("/legal/proposals").await.expect(200).shows("Nothing is proposed");
    let away = [("back", "https://elsewhere.example/")];
    assert_eq!(ada.post(&format!("{proposal}/dismiss"), &away).await.expect(303).location(), "/legal/proposals");
    ada.get("/legal/proposals").await.expect(200).shows("Nothing is proposed").shows("Bring back");
    ada.post(&format!("{proposal}/bring-back"), &[]).await.expect(303);
    ada.get("/legal/proposals").await.expect(200).shows("Wrote a message").hides("Bring back");
}

#[actix_web::test]
async fn without_a_running_retainer_nothing_is_proposed() {
    let one = Installation::new().await;
    let mut ada = one.browser("ada").await;
    let matter = claimed(&one, &mut ada).await;
    write(&one, &mut ada, &matter, "hello").await;
    ada.get("/legal/proposals").await.expect(200).shows("Nothing is proposed");
    running(&one).await;
    write(&one, &mut ada, &matter, "hello again").await;
    ada.get("/legal/proposals").await.expect(200).shows("Wrote a message");
    // An associate's time is charged to the tenant's only retainer.
    let mut sam = one.browser("sam").await;
    sam.post(&format!("{matter}/join"), &[]).await.expect(303);
    write(&one, &mut sam, &matter, "I looked it up").await;
    sam.get("/legal/proposals").await.expect(200).shows("Wrote a message").shows("Disputed invoice 4711");
}

#[actix_web::test]
async fn a_document_of_a_matter_is_proposed_once_a_day_however_often_it_is_opened() {
    let one = Installation::new().await;
    running(&one).await;
    let mut ada = one.browser("ada").await;
    let matter = claimed(&one, &mut ada).await;
    let form = reqwest::multipart::Form::new().part("files", matters::file("Lease.pdf", matters::pdf("The lease")));
    matters::send(&mut one.browser("tom").await, &format!("{matter}/documents"), form).await.expect(303);
    let documents = ada.get(&format!("{matter}/documents")).await.expect(200).text;
    let id = documents.split("/legal/vault/").nth(1).and_then(|rest| rest.split(['/', '"']).next()).expect("a document").to_owned();
    for _ in 0..2 {
        ada.get(&format!("/legal/vault/{id}/download")).await.expect(200);
    }
    let page = ada.get("/legal/proposals").await.expect(200).shows("Reviewed the document “Lease");
    assert_eq!(proposals(&page.text).len(), 1);
    one.platform.clock.advance(entity::Moment::DAY);
    let mut ada = one.browser("ada").await;
    ada.get(&format!("/legal/vault/{id}/download")).await.expect(200);
    assert_eq!(proposals(&ada.get("/legal/proposals").await.text).len(), 2);
}

#[actix_web::test]
async fn three_proposals_stand_above_the_log_and_the_rest_is_folded_away() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let hours = format!("{retainer}/hours");
    let mut ada = one.browser("ada").await;
    let matter = claimed(&one, &mut ada).await;
    for day in 0..5 {
        if day > 0 {
            one.platform.clock.advance(entity::Moment::DAY);
            ada = one.browser("ada").await;
        }
        write(&one, &mut ada, &matter, "hello").await;
        let page = ada.get(&hours).await.expect(200).text;
        let above = page.split("<details class=\"proposed-further\">").next().expect("a page");
        assert_eq!((proposals(&page).len(), proposals(above).len()), (day + 1, (day + 1).min(3)), "day {day}");
        assert_eq!(page.contains(&format!("Show all {}", day + 1)), day >= 3, "day {day}");
    }
}
