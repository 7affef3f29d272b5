//! Those who may come all at once stand in a line of their own before the database.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use entity::Reach;
use tokio::sync::Semaphore;

use crate::support::Installation;

const CROWD: usize = 50;

#[actix_web::test]
async fn a_crowd_at_the_database_leaves_connections_to_everybody_else() {
    let one = Installation::new().await;
    let (inside, leave) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let mut crowd = Vec::new();
    for _ in 0..CROWD {
        let (platform, inside, leave) = (Arc::clone(&one.platform), Arc::clone(&inside), Arc::clone(&leave));
        crowd.push(actix_web::rt::spawn(async move {
            let tx = platform.read_in_line(Reach::Everything("a test")).await.expect("a place in the end");
            inside.fetch_add(1, Ordering::SeqCst);
            leave.acquire().await.expect("open").forget();
            drop(tx);
        }));
    }
    while inside.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    let _page = one.platform.read(Reach::Everything("a test")).await.expect("a connection is free");
    let _other = one.platform.read(Reach::Everything("a test")).await.expect("another one too");
    assert!(inside.load(Ordering::SeqCst) < CROWD);
    leave.add_permits(CROWD);
    for one_of_them in crowd {
        one_of_them.await.expect("came and went");
    }
    assert_eq!(inside.load(Ordering::SeqCst), CROWD);
}
