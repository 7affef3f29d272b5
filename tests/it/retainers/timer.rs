//! One running timer a person, kept in the database.

use std::sync::Arc;

use super::desk::{meter, running};
use crate::{matters::desk as matters, support::Installation};

#[actix_web::test]
async fn a_timer_runs_until_it_is_stopped_and_logs_what_ran() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut tom = one.browser("tom").await;
    let mut ada = one.browser("ada").await;
    let matter = matters::open(&one, &mut tom, &[]).await;
    ada.post(&format!("{matter}/claim"), &[]).await.expect(303);
    ada.post(&format!("{matter}/timer"), &[]).await.expect(303);
    one.platform.clock.advance(80 * entity::Moment::MINUTE);
    for page in [retainer.clone(), "/legal/retainers".to_owned(), format!("{matter}/hours"), "/legal/timer".to_owned()] {
        ada.get(&page).await.expect(200).shows("1 h 20 min").shows("Disputed invoice 4711");
    }
    // In every page's top bar, with what it runs on; nobody else's.
    for page in ["/legal/dashboard", "/legal/policies", "/legal/vault", "/legal/profile"] {
        ada.get(page)
            .await
            .expect(200)
            .shows("data-timer=\"4800\"")
            .shows("1:20")
            .shows("Disputed invoice 4711")
            .shows("Stop and log");
        tom.get(page).await.expect(200).hides("data-timer");
    }
    // One a person.
    ada.post(&format!("{retainer}/timer"), &[]).await.expect(409).shows("running already");
    // Without words it is not logged, and goes on.
    ada.post("/legal/timer", &[("description", " ")]).await.expect(422).shows("Say what was done").shows("1 h 20 min");
    ada.post("/legal/timer", &[("description", "Drafted the answer")]).await.expect(303);
    assert_eq!(meter(&mut ada).await["used_minutes"], 84);
    ada.get(&format!("{matter}/hours")).await.expect(200).shows("Drafted the answer").hides("Your timer runs");
    ada.post("/legal/timer", &[("description", "again")]).await.expect(409).shows("No timer of yours is running");
}

#[actix_web::test]
async fn a_timer_survives_a_restart() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut ada = one.browser("ada").await;
    ada.post(&format!("{retainer}/timer"), &[]).await.expect(303);
    one.platform.clock.advance(6 * entity::Moment::MINUTE);
    // What is in memory goes with the process; another one over the same database still has the timer.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = one_legal::app::server::server(Arc::clone(&one.platform), listener, 1).expect("a server");
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let request =
        client.get(format!("http://{address}/legal/timer")).header("accept", "text/html").header("cookie", ada.cookie_header());
    let text = request.send().await.expect("an answer").text().await.expect("a page");
    assert!(text.contains("6 min"), "{text}");
    handle.stop(false).await;
}

#[actix_web::test]
async fn a_timer_is_discarded_and_is_nobody_elses() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut ada = one.browser("ada").await;
    ada.post(&format!("{retainer}/timer"), &[]).await.expect(303);
    let mut sam = one.browser("sam").await;
    sam.get("/legal/timer").await.expect(200).shows("No timer runs");
    sam.post("/legal/timer/discard", &[]).await.expect(409);
    one.browser("tom").await.get("/legal/timer").await.expect(403);
    one.browser("cleo").await.get("/legal/timer").await.expect(404);
    ada.post("/legal/timer/discard", &[]).await.expect(303);
    ada.get("/legal/timer").await.expect(200).shows("No timer runs");
    assert_eq!(meter(&mut ada).await["used_minutes"], 0);
}
