//! The server is killed five times while three people write 2,000 messages: what was acknowledged is there once, in one order.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use entity::ids::ConversationId;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};
use uuid::Uuid;

use super::socket::{client_id, conversation};
use crate::support::{
    Installation,
    process::{Process, free_port},
};

const PEOPLE: [&str; 3] = ["ada", "tom", "cleo"];
const TOTAL: usize = 2_000;
const KILLS: usize = 5;
/// Sent and not acknowledged, at most.
const WINDOW: usize = 25;

/// Writing is not held up by the rate that people are held to.
const SETTINGS: [(&str, &str); 1] = [("SENDS_PER_10S", "1000000")];

/// What one person knows at the end.
#[derive(Default)]
struct Told {
    /// Every event heard: number → client id (none for what is no message).
    heard: BTreeMap<i64, Option<Uuid>>,
    /// What the server acknowledged.
    acked: HashMap<Uuid, i64>,
    sent: HashSet<Uuid>,
}

/// Writes its share and listens, through every kill, until it has heard everybody's messages.
async fn client(url: String, cookie: String, id: ConversationId, share: usize, acks: Arc<AtomicUsize>) -> Told {
    let mut told = Told::default();
    let mut waiting: BTreeMap<usize, Uuid> = BTreeMap::new();
    let mut next = 0;
    let mut last = 0;
    loop {
        let mut request = format!("{}/ws", url.replacen("http", "ws", 1)).into_client_request().unwrap();
        request.headers_mut().insert("cookie", HeaderValue::from_str(&cookie).unwrap());
        request.headers_mut().insert("origin", HeaderValue::from_str(&url).unwrap());
        let Ok((mut ws, _)) = connect_async(request).await else {
            tokio::time::sleep(Duration::from_millis(30)).await;
            continue;
        };
        let subscribe = json!({ "type": "subscribe", "conversation": id, "after": last }).to_string();
        let frame = |n: usize, client_id: Uuid| {
            json!({ "type": "send", "conversation": id, "client_id": client_id, "body": format!("message {n}") }).to_string()
        };
        let mut alive = ws.send(Message::text(subscribe)).await.is_ok();
        for (n, client_id) in &waiting {
            alive = alive && ws.send(Message::text(frame(*n, *client_id))).await.is_ok();
        }
        while alive {
            while next < share && waiting.len() < WINDOW {
                let fresh = client_id();
                waiting.insert(next, fresh);
                told.sent.insert(fresh);
                alive = alive && ws.send(Message::text(frame(next, fresh))).await.is_ok();
                next += 1;
            }
            let message =
                tokio::time::timeout(Duration::from_secs(30), ws.next()).await.expect("something comes within 30 seconds");
            let Some(Ok(message)) = message else { break };
            let Message::Text(text) = message else { continue };
            let frame: Value = serde_json::from_str(&text).unwrap();
            match frame["type"].as_str() {
                Some("ack") => {
                    let client_id: Uuid = serde_json::from_value(frame["client_id"].clone()).unwrap();
                    let seq = frame["seq"].as_i64().unwrap();
                    waiting.retain(|_, waiting| *waiting != client_id);
                    match told.acked.insert(client_id, seq) {
                        None => {
                            acks.fetch_add(1, Ordering::SeqCst);
                        }
                        Some(before) => assert_eq!(before, seq, "the same ack again"),
                    }
                }
                Some("event") => {
                    let seq = frame["seq"].as_i64().unwrap();
                    assert_eq!(seq, last + 1, "no gap and no repeat");
                    last = seq;
                    told.heard.insert(seq, frame["client_id"].as_str().map(|id| id.parse().unwrap()));
                }
                Some("nack") => panic!("{frame}"),
                _ => {}
            }
            if waiting.is_empty() && next == share && told.heard.len() == TOTAL + PEOPLE.len() {
                return told;
            }
        }
    }
}

#[actix_web::test]
async fn five_kills_lose_and_double_nothing() {
    let one = Installation::on_real_time().await;
    let id = conversation(&one, &PEOPLE).await;
    let port = free_port();
    let mut server = Process::start(&one, port, &SETTINGS, None).await;
    let acks = Arc::new(AtomicUsize::new(0));
    let mut clients = Vec::new();
    for (n, key) in PEOPLE.into_iter().enumerate() {
        let share = TOTAL / PEOPLE.len() + usize::from(n < TOTAL % PEOPLE.len());
        let cookie = one.browser(key).await.cookie_header();
        clients.push(actix_web::rt::spawn(client(server.url.clone(), cookie, id, share, Arc::clone(&acks))));
    }
    for kill in 1..=KILLS {
        while acks.load(Ordering::SeqCst) < kill * TOTAL / (KILLS + 1) {
            assert!(!clients.iter().any(|client| client.is_finished()), "a client has given up");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server.kill();
        server = Process::start(&one, port, &SETTINGS, None).await;
    }
    let mut told = Vec::new();
    for client in clients {
        told.push(tokio::time::timeout(Duration::from_secs(120), client).await.expect("within two minutes").expect("a client"));
    }
    server.kill();
    let order = &told[0].heard;
    assert_eq!(order.keys().copied().collect::<Vec<_>>(), (1..=(TOTAL + PEOPLE.len()) as i64).collect::<Vec<_>>());
    let said: Vec<Uuid> = order.values().flatten().copied().collect();
    assert_eq!(said.len(), TOTAL);
    assert_eq!(said.iter().collect::<HashSet<_>>().len(), TOTAL, "nothing twice");
    for person in &told {
        assert_eq!(&person.heard, order, "the same order for all");
        assert_eq!(person.acked.len(), person.sent.len());
        for (client_id, seq) in &person.acked {
            assert_eq!(order[seq], Some(*client_id), "what was acknowledged is there under its number");
        }
    }
    assert_eq!(one_legal::messaging::first_broken(&one.tx().await, id).await.unwrap(), None);
}
