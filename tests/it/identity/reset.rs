//! Forgotten passwords: once, for an hour, without skipping the second factor.

use crate::support::Installation;

const GOOD: &str = "violet trams climb slowly uphill";
const OLD: &str = "harbor-lights-over-quiet-water";

#[actix_web::test]
async fn a_reset_link_works_once_ends_other_sessions_and_skips_no_second_factor() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut live = one.browser("ada").await;
    let mut ada = one.stranger();
    ada.get("/forgot").await.expect(200);
    ada.post("/forgot", &[("email", "no address")]).await.expect(422).shows("That is no e-mail address");
    ada.post("/forgot", &[("email", " ADA@whitfield.example ")]).await.expect(200).shows("Look into your mailbox");
    one.run_jobs().await;
    let link = one.newest_link("ada@whitfield.example");
    assert!(link.starts_with("/reset?token="), "{link}");
    ada.get(&link).await.expect(200).shows("still need the code");
    ada.post(&link, &[("password", "password1234")]).await.expect(422).shows("attackers try first");
    let answer = ada.post(&link, &[("password", GOOD)]).await.expect(303);
    assert_eq!(answer.location(), "/login");
    live.get("/legal/profile").await.expect(303);
    ada.get("/legal/profile").await.expect(303);
    ada.get(&link).await.expect(410).shows("Already used");
    ada.post(&link, &[("password", OLD)]).await.expect(410);
    one.password(&mut ada, "ada", OLD).await.expect(422);
    let first = one.password(&mut ada, "ada", GOOD).await.expect(303);
    assert_eq!(first.location(), "/login/totp");
    one.run_jobs().await;
    let told = one.letters_to("ada@whitfield.example");
    assert!(told.iter().any(|letter| letter.subject == "Your password was changed"));
}

#[actix_web::test]
async fn a_reset_link_is_dead_after_an_hour_and_after_a_second_request() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let ask = || async {
        one.stranger().post("/portal/forgot?tenant=harbor", &[("email", "cleo@acmedental.example")]).await.expect(200);
        one.run_jobs().await;
        one.newest_link("cleo@acmedental.example")
    };
    let first = ask().await;
    assert!(first.starts_with("/portal/reset?token="), "{first}");
    let second = ask().await;
    one.stranger().get(&first).await.expect(410).shows("newer");
    one.stranger().post(&first, &[("password", GOOD)]).await.expect(410);
    one.stranger().get(&second).await.expect(200).shows("Harbor IT Client Portal");
    one.platform.clock.advance(3_600_000 + 1_000);
    one.stranger().post(&second, &[("password", GOOD)]).await.expect(410).shows("expired");
    let third = ask().await;
    // The portal's link is none at the firm's door.
    one.stranger().get(&third.replace("/portal/reset", "/reset")).await.expect(410);
    let answer = one.stranger().post(&third, &[("password", GOOD)]).await.expect(303);
    assert_eq!(answer.location(), "/portal/login?tenant=harbor");
    one.stranger()
        .post("/portal/login?tenant=harbor", &[("email", "cleo@acmedental.example"), ("password", GOOD)])
        .await
        .expect(303);
}

/// Whoever asks again and again in another's name fills no mailbox, and kills no link.
#[actix_web::test]
async fn at_most_three_reset_links_go_to_one_person_within_the_hour_and_the_newest_works() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    for _ in 0..6 {
        one.stranger().post("/portal/forgot?tenant=harbor", &[("email", "cleo@acmedental.example")]).await.expect(200);
        one.run_jobs().await;
        one.platform.clock.advance(60_000);
    }
    assert_eq!(one.letters_to("cleo@acmedental.example").len(), 3);
    let newest = one.newest_link("cleo@acmedental.example");
    one.stranger().post(&newest, &[("password", GOOD)]).await.expect(303);
}

#[actix_web::test]
async fn no_link_or_token_lies_readable_in_the_database() {
    use sea_orm::{ConnectionTrait, Statement};
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    one.stranger().post("/forgot", &[("email", "ada@whitfield.example")]).await.expect(200);
    one.run_jobs().await;
    let link = one.newest_link("ada@whitfield.example");
    let token = link.rsplit('=').next().expect("a token").to_owned();
    assert!(token.len() >= 43, "256 bits");
    let mut ada = one.stranger();
    one.sign_in(&mut ada, "ada").await.expect(303);
    let secrets = [token, ada.cookie("session").expect("a session").to_owned(), ada.cookie("device").expect("a device").to_owned()];
    let tx = one.tx().await;
    for table in ["identity_link", "identity_session", "identity_device", "identity_attempt", "audit_entry"] {
        let rows = tx
            .query_all_raw(Statement::from_string(tx.get_database_backend(), format!("SELECT * FROM {table}")))
            .await
            .expect("rows");
        let text = format!("{rows:?}");
        for secret in &secrets {
            assert!(!text.contains(secret), "{table} holds a token");
        }
    }
}

#[actix_web::test]
async fn a_used_reset_link_of_a_client_leads_back_into_the_portal_it_came_from_and_an_invented_one_nowhere() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    one.stranger().post("/portal/forgot?tenant=harbor", &[("email", "cleo@acmedental.example")]).await.expect(200);
    one.run_jobs().await;
    let link = one.newest_link("cleo@acmedental.example");
    one.stranger().post(&link, &[("password", GOOD)]).await.expect(303);
    one.stranger()
        .get(&link)
        .await
        .expect(410)
        .shows("Already used")
        .shows("Harbor IT Client Portal")
        .shows("href=\"/portal/forgot?tenant=harbor\"")
        .shows("href=\"/portal/login?tenant=harbor\"");
    one.stranger().get("/portal/reset?token=nonsense").await.expect(410).hides("Harbor").shows("href=\"/portal/forgot\"");
}
