//! The live door: knowing a conversation's id is not enough.

use serde_json::json;

use crate::{
    messaging::socket::Socket,
    support::{Installation, World},
};

#[actix_web::test]
async fn over_a_socket_a_conversation_is_there_for_those_who_take_part_alone() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let conversation = world.story.conversation;
    for key in ["eve", "finn", "gus", "ben", "vik", "sam", "joy", "olga"] {
        let browser = one.browser(key).await;
        let mut socket = Socket::of(&one, &browser).await;
        for frame in [
            json!({"type": "subscribe", "conversation": conversation, "after": 0}),
            json!({"type": "send", "conversation": conversation, "client_id": uuid::Uuid::now_v7(), "body": "let me in"}),
            json!({"type": "read", "conversation": conversation, "seq": 1}),
        ] {
            socket.say(&frame).await;
        }
        socket.say(&json!({"type": "ping", "t": 1})).await;
        loop {
            let frame = socket.next().await;
            let kind = frame["type"].as_str().unwrap_or_default().to_owned();
            assert!(!["subscribed", "event", "ack"].contains(&kind.as_str()), "{key} got {frame}");
            if kind == "pong" {
                break;
            }
        }
    }
}
