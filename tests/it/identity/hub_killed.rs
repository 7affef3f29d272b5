//! A link of the Hub before a server that is killed: used is used, and neither link nor session stands in what the server says.

use super::hub::{CLIENT, SECRET, client, signed};
use crate::support::{
    Browser, Installation,
    process::{Process, free_port},
};

#[actix_web::test]
async fn a_used_link_stays_used_after_a_kill_and_stands_in_no_log() {
    let one = Installation::on_real_time().await;
    let log = one.data_dir.path().join("serve.log");
    let settings = [("PORTAL_CLIENT_SSO_SECRET", SECRET), ("RUST_LOG", "debug")];
    let port = free_port();
    let server = Process::start(&one, port, &settings, Some(&log)).await;
    let token = signed(&client(&one, "hugo@acmedental.example", "killed"), SECRET);
    let address = format!("{CLIENT}?token={token}");
    let mut hugo = Browser::new(&server.url);
    hugo.get(&address).await.expect(200).shows("Hugo Lind");
    hugo.post(CLIENT, &[("token", &token)]).await.expect(303);
    server.kill();
    let server = Process::start(&one, port, &settings, Some(&log)).await;
    Browser::new(&server.url).post(CLIENT, &[("token", &token)]).await.expect(410).shows("This link has been used");
    Browser::new(&server.url).get(&address).await.expect(410);
    hugo.get("/portal/profile").await.expect(200).shows("hugo@acmedental.example");
    server.kill();
    let said = std::fs::read_to_string(&log).expect("the log");
    assert!(said.contains(CLIENT), "the requests are in the log: {said}");
    let session = hugo.cookie("session").expect("a session");
    for secret in token.split('.').skip(1).chain([session, SECRET]) {
        assert!(!said.contains(secret), "`{secret}` stands in the log");
    }
}
