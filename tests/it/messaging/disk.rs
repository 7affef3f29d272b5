//! A disk that is full, and a stranger who holds the database: nothing is acknowledged that is not there, and it heals by itself.

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::socket::{Socket, client_id, conversation};
use crate::support::Installation;

async fn pragma(one: &Installation, sql: &str) -> i64 {
    let row = one.platform.db.whole().query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

#[actix_web::test]
async fn a_full_disk_refuses_with_words_and_takes_messages_again_without_a_restart() {
    let one = Installation::with(&[("SENDS_PER_10S", "1000")]).await;
    if one.platform.db.backend() != DbBackend::Sqlite {
        return;
    }
    let id = conversation(&one, &["ada", "cleo"]).await;
    let mut browser = one.browser("ada").await;
    let mut ada = Socket::of(&one, &browser).await;
    let mut cleo = Socket::as_person(&one, "cleo").await;
    cleo.subscribe(id, Some(0)).await;
    ada.sent(id, "before").await;
    let pages = pragma(&one, "PRAGMA page_count").await;
    pragma(&one, &format!("PRAGMA max_page_count = {pages}")).await;
    let long = "a long text. ".repeat(1_200);
    let refused = client_id();
    let mut acknowledged = 0;
    ada.send_as(id, refused, &long).await;
    loop {
        let frame = ada.next().await;
        match frame["type"].as_str() {
            Some("nack") => {
                assert_eq!(frame["code"], "storage_unavailable");
                break;
            }
            // The last free pages took it: another one.
            Some("ack") => {
                acknowledged += 1;
                ada.send_as(id, client_id(), &long).await;
            }
            _ => {}
        }
    }
    // Reading goes on, and a program is told to come again.
    browser.get_json(&format!("/api/v1/conversations/{id}/events")).await.expect(200);
    let body = serde_json::json!({ "body": long, "client_id": refused });
    let answer = browser.post_json(&format!("/api/v1/conversations/{id}/messages"), &body).await.expect(503);
    assert_eq!(answer.code(), "storage_unavailable");
    pragma(&one, "PRAGMA max_page_count = 1000000").await;
    ada.send_as(id, refused, &long).await;
    let ack = ada.next_of("ack").await;
    assert_eq!(ack["seq"], 4 + acknowledged);
    for seq in 3..=4 + acknowledged {
        assert_eq!(cleo.next_message().await["seq"], seq);
    }
    assert_eq!(one_legal::messaging::first_broken(&one.tx().await, id).await.unwrap(), None);
}

#[actix_web::test]
async fn a_stranger_who_holds_the_database_is_waited_for_and_then_named() {
    let one = Installation::new().await;
    if one.platform.db.backend() != DbBackend::Sqlite {
        return;
    }
    let id = conversation(&one, &["ada"]).await;
    let mut ada = Socket::as_person(&one, "ada").await;
    let stranger = sea_orm::Database::connect(one.platform.config.database_url.expose()).await.unwrap();
    stranger.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    let again = client_id();
    ada.send_as(id, again, "wait for me").await;
    // Longer than the busy timeout: refused, nothing half-written.
    assert_eq!(ada.next_of("nack").await["code"], "storage_unavailable");
    stranger.execute_unprepared("COMMIT").await.unwrap();
    ada.send_as(id, again, "wait for me").await;
    assert_eq!(ada.next_of("ack").await["seq"], 2);
}
