//! A small client of `/ws`, and a conversation to talk in.

use std::time::Duration;

use entity::{Reach, ids::ConversationId};
use futures_util::{SinkExt, StreamExt};
use one_legal::{messaging, platform::Actor};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::HeaderValue},
};
use uuid::Uuid;

use crate::support::{Browser, Installation};

pub struct Socket {
    pub ws: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// Tries to open a socket with these headers; the status where it was refused.
pub async fn open(url: &str, cookie: &str, origin: Option<&str>) -> Result<Socket, u16> {
    let mut request = format!("{}/ws", url.replacen("http", "ws", 1)).into_client_request().expect("an address");
    let headers = request.headers_mut();
    headers.insert("cookie", HeaderValue::from_str(cookie).expect("a cookie"));
    headers.insert("sec-websocket-protocol", HeaderValue::from_static("one-legal.v1"));
    if let Some(origin) = origin {
        headers.insert("origin", HeaderValue::from_str(origin).expect("an origin"));
    }
    match connect_async(request).await {
        Ok((ws, response)) => {
            assert_eq!(response.headers()["sec-websocket-protocol"], "one-legal.v1");
            Ok(Socket { ws })
        }
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("the server does not answer: {error}"),
    }
}

impl Socket {
    /// This browser's socket, past the hello.
    pub async fn of(one: &Installation, browser: &Browser) -> Self {
        let mut socket = open(&one.url, &browser.cookie_header(), Some(&one.url)).await.expect("the socket opens");
        let hello = socket.next().await;
        assert_eq!((hello["type"].as_str(), hello["protocol"].as_i64()), (Some("hello"), Some(1)));
        socket
    }

    /// Signed in as this person of the cast.
    pub async fn as_person(one: &Installation, key: &str) -> Self {
        Self::of(one, &one.browser(key).await).await
    }

    pub async fn say(&mut self, frame: &Value) {
        self.say_text(&frame.to_string()).await;
    }

    pub async fn say_text(&mut self, text: &str) {
        self.ws.send(Message::text(text)).await.expect("the frame goes out");
    }

    async fn message(&mut self) -> Option<Result<Message, Error>> {
        tokio::time::timeout(Duration::from_secs(20), self.ws.next()).await.expect("something comes within 20 seconds")
    }

    /// The next frame but presence and the bell.
    pub async fn next(&mut self) -> Value {
        loop {
            match self.message().await.expect("the socket is open").expect("a frame") {
                Message::Text(text) => {
                    let frame: Value = serde_json::from_str(&text).expect("JSON");
                    if frame["type"] != "presence" && frame["type"] != "notification" {
                        return frame;
                    }
                }
                Message::Close(reason) => panic!("closed: {reason:?}"),
                _ => {}
            }
        }
    }

    /// The next frame of this type; others are skipped.
    pub async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await;
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// The next message said by somebody.
    pub async fn next_message(&mut self) -> Value {
        loop {
            let frame = self.next_of("event").await;
            if frame["kind"] == "message" {
                return frame;
            }
        }
    }

    /// Reads on until the server closes; the code.
    pub async fn closed(&mut self) -> u16 {
        loop {
            match self.message().await {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(Message::Close(None))) | None => return 0,
                Some(Ok(_)) => {}
                Some(Err(error)) => panic!("cut without a close code: {error}"),
            }
        }
    }

    /// Subscribes and reads the replay: its events and the head.
    pub async fn subscribe(&mut self, conversation: ConversationId, after: Option<i64>) -> (Vec<Value>, i64) {
        self.say(&json!({ "type": "subscribe", "conversation": conversation, "after": after })).await;
        let mut events = Vec::new();
        loop {
            let frame = self.next().await;
            match frame["type"].as_str() {
                Some("event") => events.push(frame),
                Some("subscribed") => return (events, frame["head"].as_i64().expect("a head")),
                _ => panic!("not part of a replay: {frame}"),
            }
        }
    }

    /// Sends a text and does not wait.
    pub async fn send(&mut self, conversation: ConversationId, body: &str) -> Uuid {
        let client_id = client_id();
        self.send_as(conversation, client_id, body).await;
        client_id
    }

    pub async fn send_as(&mut self, conversation: ConversationId, client_id: Uuid, body: &str) {
        self.say(&json!({ "type": "send", "conversation": conversation, "client_id": client_id, "body": body })).await;
    }

    /// Sends a text and waits for the ack: its number.
    pub async fn sent(&mut self, conversation: ConversationId, body: &str) -> i64 {
        let client_id = self.send(conversation, body).await;
        loop {
            let frame = self.next().await;
            match frame["type"].as_str() {
                Some("ack") if frame["client_id"] == json!(client_id) => return frame["seq"].as_i64().expect("a number"),
                Some("nack") => panic!("{frame}"),
                _ => {}
            }
        }
    }
}

pub fn client_id() -> Uuid {
    Uuid::from_bytes(one_legal::platform::random::bytes::<16>())
}

/// A conversation of Harbor IT with these people in it; so many events are in it already.
pub async fn conversation(one: &Installation, people: &[&str]) -> ConversationId {
    let mut work = one.platform.work(Actor::program("test"), Reach::Tenants(vec![one.cast.harbor])).await.expect("a work");
    let id = messaging::open_conversation(&mut work, one.cast.harbor, "The disputed invoice").await.expect("opened");
    for key in people {
        let person = one.cast.person(key);
        messaging::join(&mut work, id, person.account, person.name).await.expect("joined");
    }
    work.commit().await.expect("committed");
    id
}

pub async fn leave(one: &Installation, id: ConversationId, key: &str) {
    let mut work = one.platform.work(Actor::program("test"), Reach::Tenants(vec![one.cast.harbor])).await.expect("a work");
    messaging::leave(&mut work, id, one.cast.person(key).account).await.expect("left");
    work.commit().await.expect("committed");
}
