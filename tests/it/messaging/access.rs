//! Who gets in: a full session, from our own page, and only where they take part.

use entity::{Reach, identity::SessionStage};
use one_legal::{identity, platform::Actor};
use serde_json::json;

use super::socket::{Socket, client_id, conversation, open};
use crate::support::Installation;

#[actix_web::test]
async fn a_socket_opens_only_from_our_own_origin() {
    let one = Installation::new().await;
    let cookie = one.browser("ada").await.cookie_header();
    let port = one.url.rsplit_once(':').unwrap().1;
    let host = one.url.trim_start_matches("http://");
    for (origin, allowed) in [
        (Some(one.url.clone()), true),
        (None, false),
        (Some("null".to_owned()), false),
        (Some("http://evil.example".to_owned()), false),
        (Some(format!("http://sub.{host}")), false),
        (Some(format!("{}.evil.example", one.url)), false),
        (Some(format!("http://127.0.0.1.evil.example:{port}")), false),
        (Some("http://127.0.0.1".to_owned()), false),
        (Some("http://127.0.0.1:1".to_owned()), false),
        (Some(format!("https://{host}")), false),
        (Some(format!("{}/", one.url)), false),
    ] {
        let opened = open(&one.url, &cookie, origin.as_deref()).await;
        match opened {
            Ok(_) => assert!(allowed, "{origin:?} got in"),
            Err(status) => assert!(!allowed && status == 403, "{origin:?}: {status}"),
        }
    }
}

#[actix_web::test]
async fn a_socket_needs_a_full_session() {
    let one = Installation::new().await;
    assert_eq!(open(&one.url, "", Some(&one.url)).await.err(), Some(401));
    assert_eq!(open(&one.url, "session=nonsense", Some(&one.url)).await.err(), Some(401));
    let mut work = one.platform.work(Actor::program("test"), Reach::Everything("a test signs in")).await.unwrap();
    let half = identity::OpenSession { account: one.cast.person("ada").account, stage: SessionStage::Password, method: "password" };
    let (_, token) = identity::open_session(&mut work, half).await.unwrap();
    work.counts_as_audited("a test signs in");
    work.commit().await.unwrap();
    assert_eq!(open(&one.url, &format!("session={token}"), Some(&one.url)).await.err(), Some(401));
}

#[actix_web::test]
async fn a_person_has_at_most_twenty_connections() {
    let one = Installation::new().await;
    let browser = one.browser("ada").await;
    let mut sockets = Vec::new();
    for _ in 0..20 {
        sockets.push(Socket::of(&one, &browser).await);
    }
    assert_eq!(open(&one.url, &browser.cookie_header(), Some(&one.url)).await.err(), Some(429));
    sockets.pop();
    let hub = one_legal::messaging::hub(&one.platform);
    while hub.feeds() >= 20 {
        tokio::task::yield_now().await;
    }
    Socket::of(&one, &browser).await;
}

#[actix_web::test]
async fn a_conversation_is_not_there_for_who_takes_no_part_in_it() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    ada.subscribe(id, None).await;
    ada.sent(id, "canary of the conversation").await;
    // Mira owns the MSP, Eve another one, Gus is another client, Olga runs the machine.
    for key in ["mira", "eve", "gus", "olga", "ben"] {
        let mut browser = one.browser(key).await;
        let mut socket = Socket::of(&one, &browser).await;
        let unknown = client_id();
        for conversation in [id.to_string(), unknown.to_string(), "nonsense".to_owned()] {
            socket.say(&json!({ "type": "subscribe", "conversation": conversation, "after": 0 })).await;
            let nack = socket.next().await;
            assert_eq!((nack["type"].as_str(), nack["code"].as_str()), (Some("nack"), Some("not_found")), "{key}");
            socket.say(&json!({ "type": "send", "conversation": conversation, "client_id": client_id(), "body": "hi" })).await;
            assert_eq!(socket.next().await["code"], "not_found", "{key}");
            socket.say(&json!({ "type": "read", "conversation": conversation, "seq": 1 })).await;
            assert_eq!(socket.next().await["code"], "not_found", "{key}");
        }
        socket.say(&json!({ "type": "ping" })).await;
        assert_eq!(socket.next().await["type"], "pong");
        for path in ["events", "search?q=canary"] {
            browser.get_json(&format!("/api/v1/conversations/{id}/{path}")).await.expect(404).hides("canary");
        }
        browser.get_json(&format!("/api/v1/events?conversation={id}")).await.expect(404);
        browser.post_json(&format!("/api/v1/conversations/{id}/messages"), &json!({ "body": "hi" })).await.expect(404);
        browser.post_json(&format!("/api/v1/conversations/{id}/read"), &json!({ "seq": 1 })).await.expect(404);
    }
    one.stranger().get_json(&format!("/api/v1/conversations/{id}/events")).await.expect(401);
    let mut cleo = one.browser("cleo").await;
    let found = cleo.get_json(&format!("/api/v1/conversations/{id}/search?q=CANARY")).await.expect(200).json();
    assert_eq!(found["messages"][0]["seq"], 3);
}

#[actix_web::test]
async fn no_word_of_a_message_lies_readable_on_the_disk() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    ada.sent(id, "xylophone-canary-word").await;
    for entry in std::fs::read_dir(one.data_dir.path()).unwrap().filter_map(Result::ok).filter(|e| e.path().is_file()) {
        let bytes = std::fs::read(entry.path()).unwrap();
        assert!(!bytes.windows(9).any(|part| part == b"xylophone"), "{}", entry.path().display());
    }
}
