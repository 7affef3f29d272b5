//! `/healthz`, `/readyz`, and the pages of errors.

use crate::support::Installation;

#[actix_web::test]
async fn a_fresh_installation_is_ready() {
    let one = Installation::new().await;
    let mut stranger = one.stranger();
    stranger.get_json("/healthz").await.expect(200);
    let ready = stranger.get_json("/readyz").await.expect(200);
    assert_eq!(ready.json()["status"], "ready");
    assert!(ready.headers.contains_key("x-request-id"));
}

#[actix_web::test]
async fn an_unknown_address_is_a_page_for_people_and_a_problem_for_programs() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    mira.get("/nothing-here").await.expect(404).shows("Not found");
    let problem = mira.get_json("/nothing-here").await.expect(404);
    assert_eq!(problem.code(), "not_found");
    assert!(!problem.json()["request_id"].as_str().unwrap_or_default().is_empty());
}

#[actix_web::test]
async fn a_compressed_body_is_refused_before_it_is_read() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let request = mira.request(reqwest::Method::POST, "/login").header("content-encoding", "br").body(vec![0_u8; 317]);
    mira.send(request).await.expect(415);
}
