//! Hearing: replay without a gap, resync of the slow, removal and sign-out at once.

use entity::Reach;
use one_legal::{identity, messaging, platform::Actor};
use serde_json::json;

use super::socket::{Socket, conversation, leave};
use crate::{causes, support::Installation};

#[actix_web::test]
async fn a_connection_that_comes_back_hears_all_it_missed_once() {
    let one = Installation::with(&[("SENDS_PER_10S", "10000")]).await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    let mut expected = 3;
    let mut last = 2;
    for round in 0..5 {
        let mut cleo = Socket::as_person(&one, "cleo").await;
        // Writing goes on while the replay runs.
        for n in 0..60 {
            ada.send(id, &format!("{round}.{n}")).await;
        }
        cleo.say(&json!({ "type": "subscribe", "conversation": id, "after": last })).await;
        for _ in 0..60 {
            ada.next_of("ack").await;
        }
        let until = 2 + 60 * (round + 1);
        while last < until {
            let event = cleo.next_of("event").await;
            assert_eq!(event["seq"], expected, "no gap and no repeat");
            last = expected;
            expected += 1;
        }
        // Cut without a word.
        drop(cleo);
    }
    causes::impossible("L5.3");
}

#[actix_web::test]
async fn who_reads_too_slowly_is_told_to_come_again_and_the_others_are_not_held_up() {
    let one = Installation::with(&[("SENDS_PER_10S", "100000")]).await;
    let id = conversation(&one, &["ada", "tom", "cleo"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    let mut tom = Socket::as_person(&one, "tom").await;
    let mut cleo = Socket::as_person(&one, "cleo").await;
    tom.subscribe(id, None).await;
    cleo.subscribe(id, None).await;
    let long = "long words ".repeat(1_400);
    let total = 600_i64;
    let writing = async {
        for _ in 0..total {
            ada.sent(id, &long).await;
        }
    };
    // Cleo does not read while Ada writes 18 MB; Tom does.
    let reading = async {
        for n in 0..total {
            assert_eq!(tom.next_message().await["seq"], 4 + n);
        }
    };
    tokio::join!(writing, reading);
    let mut last = 3;
    loop {
        let frame = cleo.next().await;
        match frame["type"].as_str() {
            Some("event") => {
                assert_eq!(frame["seq"], last + 1, "no gap before the resync");
                last += 1;
            }
            Some("resync") => break,
            _ => panic!("{frame}"),
        }
    }
    assert!(last < 3 + total, "something was dropped");
    let (missed, head) = cleo.subscribe(id, Some(last)).await;
    assert_eq!(head, 3 + total);
    assert_eq!(missed.len() as i64, head - last);
    assert_eq!(missed[0]["seq"], last + 1);
}

#[actix_web::test]
async fn who_is_removed_hears_nothing_more_and_writes_nothing_more() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "tom", "cleo"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    let mut cleo = Socket::as_person(&one, "cleo").await;
    ada.subscribe(id, None).await;
    cleo.subscribe(id, None).await;
    ada.sent(id, "before").await;
    assert_eq!(cleo.next_message().await["body"], "before");
    leave(&one, id, "cleo").await;
    ada.sent(id, "canary after removal").await;
    loop {
        use futures_util::StreamExt;
        use tokio_tungstenite::tungstenite::Message;
        match cleo.ws.next().await {
            Some(Ok(Message::Close(Some(frame)))) => break assert_eq!(u16::from(frame.code), 4403),
            Some(Ok(Message::Text(text))) => assert!(!text.contains("canary"), "{text}"),
            Some(Ok(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    let mut cleo = Socket::as_person(&one, "cleo").await;
    cleo.say(&json!({ "type": "subscribe", "conversation": id, "after": 0 })).await;
    assert_eq!(cleo.next_of("nack").await["code"], "not_found");
    cleo.send(id, "may I?").await;
    assert_eq!(cleo.next_of("nack").await["code"], "not_found");
    let mut browser = one.browser("cleo").await;
    browser.get_json(&format!("/api/v1/conversations/{id}/events")).await.expect(404);
}

#[actix_web::test]
async fn what_other_slices_write_into_a_conversation_is_heard_live() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    ada.subscribe(id, Some(0)).await;
    let mut work = one.platform.work(Actor::program("test"), Reach::Tenants(vec![one.cast.harbor])).await.unwrap();
    messaging::post_status(&mut work, id, "Ada took the matter").await.unwrap();
    messaging::rename(&mut work, id, "The invoice").await.unwrap();
    work.commit().await.unwrap();
    let status = ada.next_of("event").await;
    assert_eq!(
        (status["seq"].as_i64(), status["kind"].as_str(), status["body"].as_str()),
        (Some(2), Some("status"), Some("Ada took the matter"))
    );
    let renamed = ada.next_of("event").await;
    assert_eq!((renamed["seq"].as_i64(), renamed["kind"].as_str()), (Some(3), Some("renamed")));
}

#[actix_web::test]
async fn signing_out_closes_every_socket_of_the_session_and_no_other() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada"]).await;
    let browser = one.browser("ada").await;
    let mut here = Socket::of(&one, &browser).await;
    let mut tab = Socket::of(&one, &browser).await;
    let mut elsewhere = Socket::as_person(&one, "ada").await;
    let token = browser.cookie("session").unwrap().to_owned();
    let session = identity::signed_in(&one.platform, &one.tx().await, &token).await.unwrap().unwrap().session.id;
    let mut work = one.platform.work(Actor::program("test"), Reach::Everything("a test signs out")).await.unwrap();
    identity::end_session(&mut work, session).await.unwrap();
    work.counts_as_audited("a test signs out");
    work.commit().await.unwrap();
    assert_eq!(here.closed().await, 4401);
    assert_eq!(tab.closed().await, 4401);
    elsewhere.sent(id, "still here").await;
}

#[actix_web::test]
async fn a_missed_heartbeat_closes_and_a_stopping_server_says_so() {
    let one = Installation::new().await;
    let hub = messaging::hub(&one.platform);
    hub.set_heartbeat_ms(150);
    let id = conversation(&one, &["ada"]).await;
    let mut silent = Socket::as_person(&one, "ada").await;
    let mut awake = Socket::as_person(&one, "ada").await;
    // Who reads answers the pings; who does not is closed.
    let listening = tokio::time::timeout(std::time::Duration::from_millis(900), awake.next_of("event")).await;
    assert!(listening.is_err(), "the one who answers stays");
    assert_eq!(silent.closed().await, 4408);
    awake.sent(id, "here").await;
    hub.close_all(1012);
    assert_eq!(awake.closed().await, 1012);
}

#[actix_web::test]
async fn typing_and_presence_reach_the_others_and_are_not_kept() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    let mut cleo = Socket::as_person(&one, "cleo").await;
    ada.subscribe(id, None).await;
    cleo.subscribe(id, None).await;
    cleo.say(&json!({ "type": "typing", "conversation": id })).await;
    let typing = ada.next_of("typing").await;
    assert_eq!(typing["person"]["name"], one.cast.person("cleo").name);
    let mut eve = Socket::as_person(&one, "eve").await;
    eve.say(&json!({ "type": "typing", "conversation": id })).await;
    assert_eq!(ada.sent(id, "seen").await, 3);
}

#[actix_web::test]
async fn the_same_events_come_without_a_websocket() {
    use futures_util::StreamExt;
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    ada.sent(id, "first").await;
    let browser = one.browser("cleo").await;
    let request = browser.request(reqwest::Method::GET, &format!("/api/v1/events?conversation={id}&after=2"));
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.bytes_stream();
    let mut text = String::new();
    let mut sent_second = false;
    while !text.contains("second") {
        if text.contains("subscribed") && !sent_second {
            sent_second = true;
            ada.sent(id, "second").await;
        }
        let chunk = tokio::time::timeout(std::time::Duration::from_secs(20), stream.next()).await.unwrap().unwrap().unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert!(text.contains("first"));
    let last_id = text.lines().rfind(|line| line.starts_with("id: ") && line.len() > 4).unwrap()[4..].to_owned();
    drop(stream);
    ada.sent(id, "third").await;
    let request =
        browser.request(reqwest::Method::GET, &format!("/api/v1/events?conversation={id}")).header("last-event-id", last_id);
    let mut stream = request.send().await.unwrap().bytes_stream();
    let mut text = String::new();
    while !text.contains("subscribed") {
        let chunk = tokio::time::timeout(std::time::Duration::from_secs(20), stream.next()).await.unwrap().unwrap().unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert!(text.contains("third") && !text.contains("second"), "{text}");
}
