//! Frames that are wrong: each has its answer, and the connection goes on where it can.

use futures_util::SinkExt;
use serde_json::json;
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

use super::socket::{Socket, client_id, conversation};
use crate::support::Installation;

#[actix_web::test]
async fn malformed_frames_are_named_and_unknown_ones_ignored() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    let mine = client_id();
    for (text, expected) in [
        ("{", json!(null)),
        ("[]", json!(null)),
        ("42", json!(null)),
        ("{\"type\": 7}", json!(null)),
        ("{\"no\": \"type\"}", json!(null)),
        (&format!("{{\"type\":\"send\",\"client_id\":\"{mine}\",\"conversation\":\"{id}\"}}"), json!(mine)),
        (&format!("{{\"type\":\"send\",\"client_id\":\"{mine}\",\"conversation\":\"{id}\",\"body\":[]}}"), json!(mine)),
        ("{\"type\":\"send\",\"client_id\":\"x\",\"conversation\":\"y\",\"body\":\"z\"}", json!("x")),
        (&"[".repeat(60_000), json!(null)),
    ] {
        ada.say_text(text).await;
        let nack = ada.next().await;
        assert_eq!((nack["type"].as_str(), nack["code"].as_str()), (Some("nack"), Some("malformed")), "{text}");
        assert_eq!(nack["client_id"], expected);
    }
    ada.ws.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(ada.next().await["code"], "malformed");
    ada.say(&json!({ "type": "dance", "with": "me" })).await;
    ada.say(&json!({ "type": "ping", "t": 12, "unknown": true })).await;
    assert_eq!(ada.next().await, json!({ "type": "pong", "t": 12 }));
    assert_eq!(ada.sent(id, "still here").await, 2);
}

#[actix_web::test]
async fn sixteen_thousand_characters_go_and_one_more_does_not() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    ada.sent(id, &"é".repeat(16_000)).await;
    let too_long = ada.send(id, &"é".repeat(16_001)).await;
    let nack = ada.next_of("nack").await;
    assert_eq!((nack["code"].as_str(), nack["client_id"].clone()), (Some("too_long"), json!(too_long)));
    ada.send(id, "  \n ").await;
    assert_eq!(ada.next_of("nack").await["code"], "empty");
    let mut browser = one.browser("ada").await;
    let path = format!("/api/v1/conversations/{id}/messages");
    let refused = browser.post_json(&path, &json!({ "body": "x".repeat(16_001) })).await.expect(422);
    assert_eq!(refused.code(), "too_long");
}

#[actix_web::test]
async fn frames_too_big_and_not_utf8_close_with_their_codes() {
    let one = Installation::new().await;
    conversation(&one, &["ada"]).await;
    let mut big = Socket::as_person(&one, "ada").await;
    let _ = big.ws.send(Message::text("x".repeat(65 * 1024))).await;
    assert_eq!(big.closed().await, 1009);
    let mut crooked = Socket::as_person(&one, "ada").await;
    let bad = Frame::message(vec![0xff, 0xfe, 0x41], OpCode::Data(Data::Text), true);
    crooked.ws.send(Message::Frame(bad)).await.unwrap();
    assert_eq!(crooked.closed().await, 1007);
    let mut parts = Socket::as_person(&one, "ada").await;
    let first = Frame::message(vec![b'x'; 40_000], OpCode::Data(Data::Text), false);
    parts.ws.send(Message::Frame(first)).await.unwrap();
    let second = Frame::message(vec![b'x'; 40_000], OpCode::Data(Data::Continue), false);
    let _ = parts.ws.send(Message::Frame(second)).await;
    assert_eq!(parts.closed().await, 1009);
}

#[actix_web::test]
async fn a_flood_of_frames_is_closed() {
    let one = Installation::new().await;
    let mut ada = Socket::as_person(&one, "ada").await;
    for _ in 0..400 {
        if ada.ws.send(Message::text("{\"type\":\"ping\"}")).await.is_err() {
            break;
        }
    }
    assert_eq!(ada.closed().await, 1008);
}
