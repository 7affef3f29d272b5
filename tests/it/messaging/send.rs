//! Sending: acknowledged once on disk, once whatever is repeated, in one order for all.

use serde_json::json;

use super::socket::{Socket, client_id, conversation};
use crate::support::Installation;

#[actix_web::test]
async fn what_is_acknowledged_reaches_everybody_with_the_same_number() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "tom", "cleo"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    let mut cleo = Socket::as_person(&one, "cleo").await;
    let (history, head) = cleo.subscribe(id, Some(0)).await;
    assert_eq!(history.iter().map(|e| e["kind"].as_str().unwrap()).collect::<Vec<_>>(), ["joined", "joined", "joined"]);
    assert_eq!(head, 3);
    ada.subscribe(id, None).await;
    let seq = ada.sent(id, "**Hello** <b>Cleo</b>").await;
    assert_eq!(seq, 4);
    let heard = cleo.next_message().await;
    assert_eq!(heard["seq"], 4);
    assert_eq!(heard["body"], "**Hello** <b>Cleo</b>");
    assert_eq!(heard["actor"]["name"], one.cast.person("ada").name);
    let html = heard["body_html"].as_str().unwrap();
    assert!(html.contains("<strong>Hello</strong>") && !html.contains("<b>"), "{html}");
}

#[actix_web::test]
async fn the_same_client_id_again_is_the_same_message_in_every_way_of_sending() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let mut browser = one.browser("ada").await;
    let mut ada = Socket::of(&one, &browser).await;
    let mut tab = Socket::of(&one, &browser).await;
    let again = client_id();
    for _ in 0..5 {
        ada.send_as(id, again, "once").await;
        tab.send_as(id, again, "once").await;
    }
    for _ in 0..5 {
        assert_eq!(ada.next_of("ack").await["seq"], 3);
        assert_eq!(tab.next_of("ack").await["seq"], 3);
    }
    let path = format!("/api/v1/conversations/{id}/messages");
    let repeated = browser.post_json(&path, &json!({ "client_id": again, "body": "once" })).await.expect(200);
    assert_eq!(repeated.json()["seq"], 3);
    let new = browser.post_json(&path, &json!({ "client_id": client_id(), "body": "another" })).await.expect(201);
    assert_eq!(new.json()["seq"], 4);
    let events = browser.get_json(&format!("/api/v1/conversations/{id}/events?after=2")).await.expect(200).json();
    assert_eq!(events["events"].as_array().unwrap().len(), 2);
    assert_eq!(events["head"], 4);
}

#[actix_web::test]
async fn two_who_write_at_once_are_heard_in_one_order_without_a_gap() {
    let one = Installation::with(&[("SENDS_PER_10S", "1000")]).await;
    let id = conversation(&one, &["ada", "tom", "cleo"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    let mut tom = Socket::as_person(&one, "tom").await;
    let mut cleo = Socket::as_person(&one, "cleo").await;
    for socket in [&mut ada, &mut tom, &mut cleo] {
        socket.subscribe(id, Some(0)).await;
    }
    for n in 0..40 {
        ada.send(id, &format!("ada {n}")).await;
        tom.send(id, &format!("tom {n}")).await;
    }
    let mut heard = Vec::new();
    for socket in [&mut ada, &mut tom, &mut cleo] {
        let mut bodies = Vec::new();
        for n in 0..80 {
            let event = socket.next_message().await;
            assert_eq!(event["seq"], 4 + n);
            bodies.push(event["body"].as_str().unwrap().to_owned());
        }
        heard.push(bodies);
    }
    assert_eq!(heard[0], heard[1]);
    assert_eq!(heard[0], heard[2]);
    let of_ada: Vec<&String> = heard[0].iter().filter(|body| body.starts_with("ada")).collect();
    assert_eq!(of_ada, (0..40).map(|n| format!("ada {n}")).collect::<Vec<_>>().iter().collect::<Vec<_>>());
    let tx = one.tx().await;
    assert_eq!(one_legal::messaging::first_broken(&tx, id).await.unwrap(), None);
}

#[actix_web::test]
async fn only_the_author_edits_and_deletes_and_what_is_deleted_is_not_shown_again() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    let mut cleo = Socket::as_person(&one, "cleo").await;
    cleo.subscribe(id, None).await;
    let seq = ada.sent(id, "a first word").await;
    cleo.say(&json!({ "type": "edit", "conversation": id, "client_id": client_id(), "seq": seq, "body": "mine now" })).await;
    assert_eq!(cleo.next_of("nack").await["code"], "forbidden");
    cleo.say(&json!({ "type": "delete", "conversation": id, "client_id": client_id(), "seq": seq })).await;
    assert_eq!(cleo.next_of("nack").await["code"], "forbidden");
    ada.say(&json!({ "type": "edit", "conversation": id, "client_id": client_id(), "seq": seq, "body": "a better word" })).await;
    let edited = cleo.next_of("event").await;
    assert_eq!(
        (edited["kind"].as_str(), edited["target"].as_i64(), edited["body"].as_str()),
        (Some("edited"), Some(seq), Some("a better word"))
    );
    let gone = client_id();
    for _ in 0..2 {
        ada.say(&json!({ "type": "delete", "conversation": id, "client_id": gone, "seq": seq })).await;
    }
    let deleted = cleo.next_of("event").await;
    assert_eq!((deleted["kind"].as_str(), deleted["target"].as_i64()), (Some("deleted"), Some(seq)));
    let mut late = Socket::as_person(&one, "cleo").await;
    let (history, head) = late.subscribe(id, Some(2)).await;
    assert_eq!(head, 5);
    assert_eq!(history[0]["withdrawn"], true);
    assert!(!format!("{history:?}").contains("word"), "{history:?}");
    ada.say(&json!({ "type": "edit", "conversation": id, "client_id": client_id(), "seq": seq, "body": "again" })).await;
    assert_eq!(ada.next_of("nack").await["code"], "deleted");
}

#[actix_web::test]
async fn more_than_thirty_in_ten_seconds_are_told_to_wait_and_then_go() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    for n in 0..31 {
        ada.send(id, &format!("{n}")).await;
    }
    let nack = ada.next_of("nack").await;
    assert_eq!((nack["code"].as_str(), nack["retry_after_ms"].as_i64()), (Some("rate_limited"), Some(10_000)));
    let path = format!("/api/v1/conversations/{id}/messages");
    let mut browser = one.browser("ada").await;
    let refused = browser.post_json(&path, &json!({ "body": "by another way" })).await.expect(429);
    assert_eq!(refused.headers["retry-after"], "10");
    one.platform.clock.advance(10_000);
    ada.sent(id, "after a while").await;
}

#[actix_web::test]
async fn reading_is_an_event_once_and_counts_what_is_unread() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    ada.subscribe(id, None).await;
    ada.sent(id, "one").await;
    let last = ada.sent(id, "two").await;
    let cleo = one.cast.person("cleo").account;
    assert_eq!(one_legal::messaging::unread(&one.tx().await, cleo).await.unwrap(), [(id, 2)]);
    let mut socket = Socket::as_person(&one, "cleo").await;
    for seq in [last, last, last - 1, last + 100] {
        socket.say(&json!({ "type": "read", "conversation": id, "seq": seq })).await;
    }
    let read = loop {
        let event = ada.next_of("event").await;
        if event["kind"] == "read" {
            break event;
        }
    };
    assert_eq!((read["target"].as_i64(), read["actor"]["id"].as_str()), (Some(last), Some(cleo.to_string().as_str())));
    let marker = ada.sent(id, "after").await;
    assert_eq!(marker, last + 2);
    assert_eq!(one_legal::messaging::unread(&one.tx().await, cleo).await.unwrap(), [(id, 1)]);
}

#[actix_web::test]
async fn who_is_named_is_told_and_who_is_away_is_told_once() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "tom", "cleo"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    let mut tom = Socket::as_person(&one, "tom").await;
    tom.subscribe(id, None).await;
    ada.sent(id, "a word for those away").await;
    ada.sent(id, "and another").await;
    ada.sent(id, "look here, @Tom").await;
    let bells = |key: &'static str| {
        let account = one.cast.person(key).account;
        let one = &one;
        async move {
            use entity::Walled;
            use sea_orm::{ColumnTrait, QueryFilter};
            let tx = one.tx().await;
            let rows = entity::notifications::notification::Entity::within(tx.reach())
                .filter(entity::notifications::notification::Column::AccountId.eq(account))
                .all(&tx)
                .await
                .unwrap();
            rows.into_iter().map(|row| (row.event, row.words)).collect::<Vec<_>>()
        }
    };
    let cleo = bells("cleo").await;
    assert_eq!(cleo.len(), 1, "{cleo:?}");
    assert_eq!(cleo[0].0, "message.posted");
    assert!(cleo[0].1.starts_with("Ada Whitfield"), "{cleo:?}");
    let tom = bells("tom").await;
    assert_eq!(tom.iter().map(|bell| bell.0.as_str()).collect::<Vec<_>>(), ["message.mentioned"]);
}

#[actix_web::test]
async fn who_reads_what_they_were_told_of_has_no_line_about_it_left() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "tom"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    let mut tom = Socket::as_person(&one, "tom").await;
    tom.subscribe(id, None).await;
    let seq = ada.sent(id, "look here, @Tom").await;
    assert_eq!(unread_lines(&one, "tom").await, 1);
    tom.say(&json!({ "type": "read", "conversation": id, "seq": seq })).await;
    while tom.next_of("event").await["kind"] != "read" {}
    assert_eq!(unread_lines(&one, "tom").await, 0);
}

async fn unread_lines(one: &Installation, key: &str) -> u64 {
    let account = one.cast.person(key).account;
    let tx = one.tx().await;
    one_legal::notifications::unread(&tx, account).ask(&tx).await.expect("a count")
}

#[actix_web::test]
async fn nothing_before_ones_own_answer_is_unread_and_no_receipt_is_given_for_it() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    let mut cleo = Socket::as_person(&one, "cleo").await;
    ada.sent(id, "one").await;
    ada.sent(id, "two").await;
    let account = one.cast.person("cleo").account;
    assert_eq!(one_legal::messaging::unread(&one.tx().await, account).await.unwrap(), [(id, 2)]);
    cleo.sent(id, "an answer").await;
    assert!(one_legal::messaging::unread(&one.tx().await, account).await.unwrap().is_empty());
    let people = one_legal::messaging::participants(&one.tx().await, id).await.unwrap();
    assert!(people.iter().all(|person| person.read_seq == 0), "nobody said that they have read: {people:?}");
    ada.sent(id, "three").await;
    assert_eq!(one_legal::messaging::unread(&one.tx().await, account).await.unwrap(), [(id, 1)]);
}

#[actix_web::test]
async fn what_was_said_before_somebody_came_is_not_unread_for_them() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "tom"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    ada.sent(id, "before Cleo came").await;
    let actor = one_legal::platform::Actor::program("test");
    let mut work = one.platform.work(actor, entity::Reach::Tenants(vec![one.cast.harbor])).await.unwrap();
    let cleo = one.cast.person("cleo");
    one_legal::messaging::join(&mut work, id, cleo.account, cleo.name).await.unwrap();
    work.commit().await.unwrap();
    assert!(one_legal::messaging::unread(&one.tx().await, cleo.account).await.unwrap().is_empty());
    one.browser("cleo")
        .await
        .get(&format!("/conversations/{id}"))
        .await
        .expect(200)
        .shows("before Cleo came")
        .hides("data-new-marker");
    ada.sent(id, "after Cleo came").await;
    assert_eq!(one_legal::messaging::unread(&one.tx().await, cleo.account).await.unwrap(), [(id, 1)]);
}
