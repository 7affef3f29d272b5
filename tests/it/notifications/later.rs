//! A message to somebody who is not there: the bell at once, a mail after some minutes unless they have looked.

use entity::{Moment, Reach, ids::ConversationId};
use one_legal::{messaging, platform::Actor};
use serde_json::json;

use super::{fresh_mails, line, lines, tell};
use crate::support::Installation;

#[actix_web::test]
async fn the_mail_waits_five_minutes_and_comes_once() {
    let one = Installation::new().await;
    let mut known = Vec::new();
    let first =
        post(&one, json!({ "absent": [one.cast.person("mira").account], "title": "Late invoices", "href": "/legal/matters/M" }))
            .await;
    assert_eq!(lines(&one, first).await.len(), 1, "the bell rings at once");
    assert!(fresh_mails(&one, &mut known).await.is_empty());
    one.platform.clock.advance(5 * Moment::MINUTE);
    let mails = fresh_mails(&one, &mut known).await;
    assert_eq!(mails.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), ["mira@harbor.example"]);
    one.platform.clock.advance(Moment::DAY);
    assert!(fresh_mails(&one, &mut known).await.is_empty());
}

#[actix_web::test]
async fn who_looked_at_the_bell_gets_no_mail() {
    let one = Installation::new().await;
    post(&one, json!({ "absent": [one.cast.person("mira").account], "title": "Late invoices", "href": "/legal/matters/M" })).await;
    one.browser("mira").await.post("/legal/notifications", &[]).await.expect(303);
    one.platform.clock.advance(6 * Moment::MINUTE);
    assert!(fresh_mails(&one, &mut Vec::new()).await.is_empty());
}

#[actix_web::test]
async fn who_read_the_conversation_elsewhere_gets_no_mail() {
    let one = Installation::new().await;
    let conversation = quiet_conversation(&one).await;
    let data = json!({ "absent": [one.cast.person("mira").account], "conversation": conversation, "title": "Late invoices", "href": "/x" });
    post(&one, data).await;
    one.platform.clock.advance(6 * Moment::MINUTE);
    assert!(fresh_mails(&one, &mut Vec::new()).await.is_empty(), "nothing is unread there");
}

#[actix_web::test]
async fn a_newer_message_takes_the_place_of_the_older_line() {
    let one = Installation::new().await;
    let data = json!({ "absent": [one.cast.person("mira").account], "title": "Late invoices", "href": "/legal/matters/M" });
    let older = post(&one, data.clone()).await;
    one.platform.clock.advance(Moment::MINUTE);
    let newer = post(&one, data).await;
    let older = lines(&one, older).await.remove(0);
    assert!(line(&one, older.id).await.read_at.is_some());
    assert!(lines(&one, newer).await[0].read_at.is_none());
    one.platform.clock.advance(10 * Moment::MINUTE);
    assert_eq!(fresh_mails(&one, &mut Vec::new()).await.len(), 1, "one mail for both");
}

#[actix_web::test]
async fn who_takes_no_mail_about_messages_gets_none() {
    let one = Installation::new().await;
    one.browser("mira").await.post("/legal/settings", &[("mail", "policy")]).await.expect(303);
    post(&one, json!({ "absent": [one.cast.person("mira").account], "title": "Late invoices", "href": "/legal/matters/M" })).await;
    one.platform.clock.advance(6 * Moment::MINUTE);
    assert!(fresh_mails(&one, &mut Vec::new()).await.is_empty());
}

async fn post(one: &Installation, data: serde_json::Value) -> uuid::Uuid {
    tell(one, one.cast.harbor, "message.posted", Some("ada"), data).await
}

/// A conversation of Mira's in which nothing is unread.
async fn quiet_conversation(one: &Installation) -> ConversationId {
    let mut work = one.platform.work(Actor::program("test"), Reach::Everything("a test")).await.expect("a unit of work");
    let id = messaging::open_conversation(&mut work, one.cast.harbor, "Late invoices").await.expect("opened");
    messaging::join(&mut work, id, one.cast.person("mira").account, "Mira Castellan").await.expect("joined");
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
    id
}
