//! Webhooks are signed, tried again, and go astray exactly as wished.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use stripe_stand_in::{DeliveryMode, DeliveryState, Endpoint, sign};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::stage::*;

type Heard = Arc<Mutex<Vec<(String, Value)>>>;

/// A receiver that answers with the statuses of this list, then with 200.
async fn receiver(mut statuses: Vec<u16>) -> (String, Heard) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let heard: Heard = Arc::default();
    let inner = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut bytes = Vec::new();
            let mut chunk = [0_u8; 65_536];
            let (head, body) = loop {
                let read = socket.read(&mut chunk).await.unwrap_or(0);
                bytes.extend_from_slice(&chunk[..read]);
                let text = String::from_utf8_lossy(&bytes).into_owned();
                if let Some((head, body)) = text.split_once("\r\n\r\n") {
                    let length = head.lines().find_map(|line| {
                        line.to_lowercase().strip_prefix("content-length:").and_then(|value| value.trim().parse::<usize>().ok())
                    });
                    if read == 0 || body.len() >= length.unwrap_or(0) {
                        break (head.to_owned(), body.to_owned());
                    }
                }
            };
            let signature = head.lines().find_map(|line| line.strip_prefix("stripe-signature: ")).unwrap_or("").to_owned();
            inner.lock().expect("a list").push((signature, serde_json::from_str(&body).unwrap_or_default()));
            let status = if statuses.is_empty() { 200 } else { statuses.remove(0) };
            let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            drop(socket.write_all(answer.as_bytes()).await);
        }
    });
    (url, heard)
}

fn heard(list: &Heard) -> Vec<(String, Value)> {
    list.lock().expect("a list").clone()
}

fn names(list: &Heard) -> Vec<String> {
    heard(list).iter().map(|(_, event)| event["data"]["object"]["name"].as_str().unwrap_or("").to_owned()).collect()
}

fn listen(one: &stripe_stand_in::StandIn, url: &str, secrets: &[&str]) {
    one.add_endpoint(&Endpoint {
        url: url.to_owned(),
        secrets: secrets.iter().map(|s| (*s).to_owned()).collect(),
        ..Endpoint::default()
    });
}

#[test]
fn the_signature_is_the_one_stripe_documents() {
    // Made with the official library: generateTestHeaderString({payload: '{"id":"evt_1"}', secret: 'whsec_test', timestamp: 1790812800}).
    let header = sign("{\"id\":\"evt_1\"}", &["whsec_test".into()], 1_790_812_800);
    assert_eq!(header, "t=1790812800,v1=3691c859209ec778c6ec815c29b2d0e27c12884b46e0c16049df0460ae4b097e");
    assert_eq!(sign("x", &["a".into(), "b".into()], 1).matches(",v1=").count(), 2);
}

#[tokio::test]
async fn every_change_is_told_in_order_and_verifiably() {
    let one = stand_in();
    let (url, list) = receiver(vec![]).await;
    listen(&one, &url, &["whsec_a", "whsec_b"]);
    let (customer, method) = payer(&one, "4242424242424242");
    post(&one, "/v1/payment_intents", &charge_form(&customer, &method, 5000));
    one.settled().await;
    let heard = heard(&list);
    let kinds: Vec<&str> = heard.iter().filter_map(|(_, event)| event["type"].as_str()).collect();
    let want =
        ["customer.created", "payment_method.attached", "payment_intent.created", "charge.succeeded", "payment_intent.succeeded"];
    assert_eq!(kinds, want);
    for (signature, event) in &heard {
        assert_eq!(*signature, sign(&event.to_string(), &["whsec_a".into(), "whsec_b".into()], START));
        assert_eq!((event["api_version"].as_str(), event["livemode"].as_bool()), (Some(stripe_stand_in::API_VERSION), Some(false)));
    }
    assert!(heard[2].1["request"]["id"].as_str().is_some_and(|id| id.starts_with("req_")));
}

#[tokio::test]
async fn what_was_not_taken_comes_again_after_growing_pauses() {
    let one = stand_in();
    let (url, list) = receiver(vec![500, 404]).await;
    listen(&one, &url, &["whsec_a"]);
    post(&one, "/v1/customers", "name=Ada");
    one.settled().await;
    assert_eq!(heard(&list).len(), 1);
    for (seconds, attempts) in [(59, 1), (1, 2), (299, 2), (1, 3), (DAY, 3)] {
        one.advance(seconds);
        one.settled().await;
        assert_eq!(heard(&list).len(), attempts);
    }
    assert_eq!(one.deliveries()[0].state, DeliveryState::Delivered);
    let ids: Vec<String> = heard(&list).iter().map(|(_, event)| id(event)).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "the same event each time");
}

#[tokio::test]
async fn deliveries_can_be_held_released_in_any_order_doubled_and_lost() {
    let one = stand_in();
    let (url, list) = receiver(vec![]).await;
    listen(&one, &url, &["whsec_a"]);
    one.delivery_mode(DeliveryMode { hold: true, ..DeliveryMode::default() });
    for name in ["a", "b", "c"] {
        post(&one, "/v1/customers", &format!("name={name}"));
    }
    one.settled().await;
    assert!(heard(&list).is_empty());
    let held: Vec<u64> = one.deliveries().iter().map(|d| d.id).collect();
    one.deliver(json!({ "ids": [held[2], held[0]] })).await;
    assert_eq!(names(&list), ["c", "a"]);
    one.deliver(json!({})).await;
    one.deliver(json!({ "ids": [held[0]] })).await;
    assert_eq!(names(&list), ["c", "a", "b", "a"]);
    one.delivery_mode(DeliveryMode { drop: 1.0, ..DeliveryMode::default() });
    post(&one, "/v1/customers", "name=d");
    one.settled().await;
    assert_eq!(names(&list).len(), 4);
    one.deliver(json!({ "ids": [], "dropped": true })).await;
    assert_eq!(names(&list).last().map(String::as_str), Some("d"));
    one.delivery_mode(DeliveryMode { duplicate: 1.0, delay_from: 3 * DAY, delay_to: 3 * DAY, ..DeliveryMode::default() });
    post(&one, "/v1/customers", "name=e");
    one.settled().await;
    assert_eq!(names(&list).len(), 5);
    one.advance(3 * DAY);
    one.settled().await;
    assert_eq!(names(&list)[5..], ["e", "e"]);
    one.delivery_mode(DeliveryMode { at_once: 8, shuffle: true, ..DeliveryMode::default() });
    for n in 0..40 {
        post(&one, "/v1/customers", &format!("name=p{n}"));
    }
    one.settled().await;
    assert_eq!(names(&list).len(), 47);
}

#[test]
fn a_test_can_carry_deliveries_itself() {
    let one = stand_in();
    listen(&one, "http://127.0.0.1:9/never", &["whsec_a"]);
    one.delivery_mode(DeliveryMode { hold: true, ..DeliveryMode::default() });
    post(&one, "/v1/customers", "name=a");
    let delivery = one.deliveries().remove(0);
    assert_eq!(one.signature(&delivery), sign(&delivery.payload, &["whsec_a".into()], START));
    one.carried(delivery.id);
    assert_eq!(one.deliveries()[0].state, DeliveryState::Delivered);
}

#[tokio::test]
async fn thousands_go_in_random_order_a_third_of_them_twice() {
    let one = stand_in();
    let (url, list) = receiver(vec![]).await;
    listen(&one, &url, &["whsec_a"]);
    one.delivery_mode(DeliveryMode { hold: true, duplicate: 0.3, at_once: 16, ..DeliveryMode::default() });
    for n in 0..1_000 {
        post(&one, "/v1/customers", &format!("name={n}"));
    }
    let released = one.deliver(json!({ "shuffle": true })).await;
    assert!((1_200..1_400).contains(&released), "{released}");
    let names = names(&list);
    assert_eq!(names.len(), released);
    let distinct: std::collections::BTreeSet<&String> = names.iter().collect();
    assert_eq!(distinct.len(), 1_000);
    assert!(names.windows(2).filter(|pair| pair[0].parse::<u32>().ok() > pair[1].parse::<u32>().ok()).count() > 300, "shuffled");
}
