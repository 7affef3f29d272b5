//! The page of a conversation, without script: it shows, it takes what is typed, it loses nothing on an error.

use serde_json::json;

use super::socket::{Socket, client_id, conversation};
use crate::support::Installation;

/// A form with text fields and files, as a browser sends it.
fn form(fields: &[(&'static str, &str)], files: &[(&'static str, &'static [u8])]) -> reqwest::multipart::Form {
    let mut form = reqwest::multipart::Form::new();
    for (name, value) in fields {
        form = form.text(*name, (*value).to_owned());
    }
    for (name, bytes) in files {
        form = form.part("file", reqwest::multipart::Part::bytes(*bytes).file_name(*name));
    }
    form
}

#[actix_web::test]
async fn the_composer_works_without_script_and_sends_a_form_twice_once() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let mut ada = one.browser("ada").await;
    let page = ada.get(&format!("/conversations/{id}")).await.expect(200).shows("The disputed invoice").shows("Cleo Vance");
    let client_id = page.text.split("name=\"client_id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for _ in 0..2 {
        let form = form(
            &[("client_id", &client_id), ("back", "/legal/matters/7"), ("body", "Hello **Cleo**\r\n<script>alert(1)</script>")],
            &[],
        );
        let request = ada
            .request(reqwest::Method::POST, &format!("/conversations/{id}/messages"))
            .header("accept", "text/html")
            .multipart(form);
        assert_eq!(ada.send(request).await.expect(303).location(), "/legal/matters/7#m3");
    }
    let mut cleo = one.browser("cleo").await;
    let page = cleo.get(&format!("/conversations/{id}")).await.expect(200);
    assert_eq!(page.text.matches("<strong>Cleo</strong>").count(), 1);
    page.hides("<script>alert").shows("New messages");
    cleo.get(&format!("/conversations/{id}?q=hello")).await.expect(200).shows("Messages with “hello”");
    cleo.get(&format!("/conversations/{id}?q=goodbye")).await.expect(200).shows("Nothing found");
    one.browser("mira").await.get(&format!("/conversations/{id}")).await.expect(404);
}

#[actix_web::test]
async fn what_is_too_long_comes_back_with_the_reason() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada"]).await;
    let mut ada = one.browser("ada").await;
    let text = format!("{}END", "x".repeat(15_998));
    let request = ada.request(reqwest::Method::POST, &format!("/conversations/{id}/messages")).header("accept", "text/html");
    let request = request.multipart(form(&[("body", &text)], &[]));
    ada.send(request).await.expect(422).shows("at most 16000 characters").shows("xxEND");
}

#[actix_web::test]
async fn an_attachment_goes_to_those_who_take_part_and_to_nobody_else() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let mut ada = one.browser("ada").await;
    let mut socket = Socket::as_person(&one, "cleo").await;
    socket.subscribe(id, None).await;
    let path = format!("/conversations/{id}/messages");
    let sent = form(&[("body", "See the file")], &[("invoice.txt", b"1,200 USD for nothing")]);
    let request = ada.request(reqwest::Method::POST, &path).header("accept", "text/html").multipart(sent);
    ada.send(request).await.expect(303);
    let heard = socket.next_message().await;
    assert_eq!(heard["files"][0]["name"], "invoice.txt");
    let document = heard["attachments"][0].as_str().unwrap().to_owned();
    assert_eq!(heard["files"][0]["id"], json!(document));
    ada.get(&format!("/conversations/{id}")).await.expect(200).shows(&format!("/legal/vault/{document}/download"));
    // Somebody else's document cannot be hung on a message.
    let other = conversation(&one, &["ada"]).await;
    let path = format!("/api/v1/conversations/{other}/messages");
    let refused = ada.post_json(&path, &json!({ "body": "", "attachments": [document] })).await.expect(422);
    assert_eq!(refused.code(), "unknown_file");
    let refused = ada.post_json(&path, &json!({ "body": "", "attachments": [client_id()] })).await.expect(422);
    assert_eq!(refused.code(), "unknown_file");
    // Who comes later reads it too; who leaves does not any more.
    let mut work = one
        .platform
        .work(one_legal::platform::Actor::program("test"), entity::Reach::Tenants(vec![one.cast.harbor]))
        .await
        .unwrap();
    let tom = one.cast.person("tom");
    one_legal::messaging::join(&mut work, id, tom.account, tom.name).await.unwrap();
    one_legal::messaging::leave(&mut work, id, one.cast.person("cleo").account).await.unwrap();
    work.commit().await.unwrap();
    for (key, readable) in [("ada", true), ("tom", true), ("cleo", false), ("mira", false), ("eve", false)] {
        let caller = caller(&one, key).await;
        let tx = one.platform.read(caller.reach()).await.unwrap();
        let document = document.parse().unwrap();
        assert_eq!(one_legal::vault::can_read(&tx, &caller, document).await.unwrap(), readable, "{key}");
    }
}

async fn caller(one: &Installation, key: &str) -> one_legal::tenancy::Caller {
    let token = one.browser(key).await.cookie("session").unwrap().to_owned();
    let tx = one.tx().await;
    let signed_in = one_legal::identity::signed_in(&one.platform, &tx, &token).await.unwrap().unwrap();
    one_legal::tenancy::caller_of(&tx, &signed_in.account, &signed_in.session).await.unwrap().unwrap()
}

#[actix_web::test]
async fn a_long_conversation_shows_its_end_and_the_way_back() {
    let one = Installation::with(&[("SENDS_PER_10S", "1000")]).await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    for n in 1..=120 {
        ada.sent(id, &format!("word {n}.")).await;
    }
    let mut cleo = one.browser("cleo").await;
    let page = cleo.get(&format!("/conversations/{id}")).await.expect(200).shows("word 120.").hides("word 70.").shows("word 71.");
    page.shows(&format!("/conversations/{id}?before=73"));
    cleo.get(&format!("/conversations/{id}?before=73"))
        .await
        .expect(200)
        .shows("word 70.")
        .shows("word 21.")
        .shows("Back to the newest");
    let earlier = cleo.get_json(&format!("/api/v1/conversations/{id}/events?before=73&limit=10")).await.expect(200).json();
    assert_eq!(earlier["events"][9]["body"], "word 70.");
}
