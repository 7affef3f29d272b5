//! `/portal/messages`: what a client finds of the matters they take part in.

use super::desk;
use crate::support::Installation;

#[actix_web::test]
async fn cleo_finds_her_conversations_with_what_is_unread() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let mut cleo = one.browser("cleo").await;
    cleo.get("/portal/messages").await.expect(200).shows("No messages yet");
    let form = desk::form(&one, &[("description", "internal-canary")]).part("files", desk::file("invoice.pdf", desk::pdf("4711")));
    let matter = desk::send(&mut tom, "/legal/matters/new", form).await.expect(303).location().to_owned();
    let portal = matter.replace("/legal/matters/", "/portal/messages/");
    cleo.get(&portal).await.expect(404);
    desk::put_on(&one, &mut tom, &matter, "cleo").await;
    let list = tom.get_json("/api/v1/matters").await.expect(200).json();
    let conversation = list["items"][0]["conversation_id"].as_str().expect("an id").to_owned();
    let message = serde_json::json!({ "client_id": "0193e5a0-0000-7000-8000-000000000002", "body": "Hello Cleo" });
    tom.post_json(&format!("/api/v1/conversations/{conversation}/messages"), &message).await.expect(201);
    cleo.get("/portal/messages").await.expect(200).shows("Disputed invoice 4711").shows("1 new").shows("Tom Okafor");
    let page = cleo.get(&portal).await.expect(200).shows("Hello Cleo").shows("invoice.pdf").hides("internal-canary");
    assert!(page.text.contains("/portal/files/"), "documents are downloaded in the portal");
    // Nothing of the firm's side opens to a client.
    for tab in ["", "/documents", "/activity", "/people", "/hours", "/edit"] {
        cleo.get(&format!("{matter}{tab}")).await.expect(404);
    }
    cleo.get("/legal/matters").await.expect(404);
    cleo.get_json("/api/v1/matters").await.expect(404);
    // And nothing of the portal to staff.
    tom.get(&portal).await.expect(404);
}
