//! Two nodes over one database (PostgreSQL): what happens on one is heard on the other at once, ends there at once, and nothing is
//! lost or doubled while the connection between them is away. On SQLite, which has one node, the same is tried within that one.

use std::time::{Duration, Instant};

use entity::ids::ConversationId;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::socket::{Socket, conversation, leave, open};
use crate::{
    causes,
    support::{Installation, node::Node},
};

/// This person's socket on the other node, past the hello.
async fn socket_at(node: &Node, one: &Installation, key: &str) -> Socket {
    let browser = one.browser(key).await;
    let mut socket = open(&node.url, &browser.cookie_header(), Some(&node.url)).await.expect("the socket opens");
    assert_eq!(socket.next().await["type"], "hello");
    socket
}

fn on_postgres(one: &Installation) -> bool {
    one.platform.db.backend() == DbBackend::Postgres
}

/// The connections that listen to the other nodes.
const LISTENING: &str = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'";

async fn count(one: &Installation, sql: String) -> i64 {
    let row = one.platform.db.whole().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
    row.expect("PostgreSQL answers").expect("a row").try_get::<i64>("", "n").expect("a number")
}

/// Until both nodes listen; on SQLite at once.
async fn both_listen(one: &Installation) {
    let began = Instant::now();
    while on_postgres(one) && count(one, format!("SELECT count(*) AS n {LISTENING}")).await < 2 {
        assert!(began.elapsed() < Duration::from_secs(5), "a node listens again within 5 seconds");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn two_nodes() -> (Installation, Node, ConversationId) {
    let one = Installation::with(&[("SENDS_PER_10S", "1000000")]).await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let node = one.another_node().await;
    one_legal::messaging::hub(&one.platform);
    one_legal::messaging::hub(&node.platform);
    both_listen(&one).await;
    (one, node, id)
}

#[actix_web::test]
async fn a_message_sent_on_one_node_arrives_on_the_other_at_once() {
    let (one, node, id) = two_nodes().await;
    let mut ada = Socket::as_person(&one, "ada").await;
    let mut cleo = socket_at(&node, &one, "cleo").await;
    cleo.subscribe(id, None).await;
    let mut times = Vec::new();
    for n in 0..20 {
        let began = Instant::now();
        ada.sent(id, &format!("number {n}")).await;
        let heard = cleo.next_message().await;
        times.push(began.elapsed());
        assert_eq!((heard["body"].as_str(), heard["seq"].as_i64()), (Some(format!("number {n}").as_str()), Some(3 + n)));
    }
    times.sort();
    // Looking once a second would take half a second in the middle.
    assert!(times[10] < Duration::from_millis(250), "told, not looked up: {times:?}");
    // And the other way round, in one order for both.
    ada.subscribe(id, None).await;
    assert_eq!(cleo.sent(id, "an answer").await, 23);
    assert_eq!(ada.next_message().await["seq"], 23);
}

#[actix_web::test]
async fn signing_out_and_being_removed_on_one_node_closes_the_socket_on_the_other_within_a_second() {
    let (one, node, id) = two_nodes().await;
    let mut browser = one.browser("ada").await;
    let mut ada = open(&node.url, &node.browser(&browser).cookie_header(), Some(&node.url)).await.expect("the socket opens");
    assert_eq!(ada.next().await["type"], "hello");
    let mut cleo = socket_at(&node, &one, "cleo").await;
    cleo.subscribe(id, None).await;

    let began = Instant::now();
    browser.post("/logout", &[]).await.expect(303);
    assert_eq!(ada.closed().await, 4401);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());

    let began = Instant::now();
    leave(&one, id, "cleo").await;
    assert_eq!(cleo.closed().await, 4403);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}

#[actix_web::test]
async fn while_the_listening_connections_are_cut_nothing_is_lost_or_doubled() {
    let (one, node, id) = two_nodes().await;
    let mut ada = Socket::as_person(&one, "ada").await;
    let mut cleo = socket_at(&node, &one, "cleo").await;
    let (_, head) = cleo.subscribe(id, None).await;
    let total = 60;
    for n in 0..total {
        if n % 20 == 10 && on_postgres(&one) {
            let cut = count(&one, format!("SELECT count(pg_terminate_backend(pid)) AS n {LISTENING}")).await;
            assert!(cut >= 1, "a listening connection was there to be cut");
        }
        ada.sent(id, &format!("number {n}")).await;
        if n % 20 == 19 {
            both_listen(&one).await;
        }
    }
    let began = Instant::now();
    for n in 0..total {
        let heard = cleo.next_message().await;
        assert_eq!(heard["seq"].as_i64(), Some(head + 1 + n), "in order, once");
        assert_eq!(heard["body"].as_str(), Some(format!("number {n}").as_str()));
    }
    assert!(began.elapsed() < Duration::from_secs(5), "caught up after {:?}", began.elapsed());
    // One more, told by the connection made anew: nothing else stands between.
    let last = ada.sent(id, "the last").await;
    assert_eq!(cleo.next_message().await["seq"].as_i64(), Some(last));
    causes::impossible("L5.4");
}
