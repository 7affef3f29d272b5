//! A person's own account: name, sessions, password, and what needs a fresh proof.

use crate::support::Installation;

const OLD: &str = "harbor-lights-over-quiet-water";
const GOOD: &str = "violet trams climb slowly uphill";
const MINUTE: i64 = 60_000;

#[actix_web::test]
async fn people_see_and_end_their_own_sessions_and_nobody_elses() {
    let one = Installation::new().await;
    let (mut here, mut there, mut third) = (one.browser("ada").await, one.browser("ada").await, one.browser("ada").await);
    let mut tom = one.browser("tom").await;
    let page = here.get("/legal/profile").await.expect(200).shows("This one");
    let ends: Vec<String> = page.text.split('"').filter(|text| text.ends_with("/end")).map(str::to_owned).collect();
    assert_eq!(ends.len(), 2, "{ends:?}");
    tom.post(&ends[0], &[]).await.expect(404);
    here.post(&ends[0], &[]).await.expect(303);
    let alive = [there.get_json("/legal/profile").await.status, third.get_json("/legal/profile").await.status];
    assert_eq!(alive.iter().filter(|status| **status == 401).count(), 1, "{alive:?}");
    here.post("/legal/profile/sessions/end-others", &[]).await.expect(303);
    there.get_json("/legal/profile").await.expect(401);
    third.get_json("/legal/profile").await.expect(401);
    here.get("/legal/profile").await.expect(200).shows("Signed out, or ended a session");
    tom.get("/legal/profile").await.expect(200);
}

#[actix_web::test]
async fn changing_the_password_needs_password_and_code_not_older_than_five_minutes() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut other = one.browser("ada").await;
    let mut ada = one.stranger();
    one.sign_in(&mut ada, "ada").await.expect(303);
    one.platform.clock.advance(5 * MINUTE + 1_000);
    ada.get("/legal/profile").await.expect(200).shows("Current password");
    ada.post("/legal/profile/password", &[("password", GOOD)]).await.expect(422).shows("not your current password");
    ada.post("/legal/profile/password", &[("current_password", OLD), ("code", "000000"), ("password", GOOD)])
        .await
        .expect(422)
        .shows("That code is not right");
    let token = ada.cookie("session").map(str::to_owned).expect("a session");
    let code = one.code("ada");
    let answer =
        ada.post("/legal/profile/password", &[("current_password", OLD), ("code", &code), ("password", GOOD)]).await.expect(303);
    assert_eq!(answer.location(), "/legal/profile");
    // This session goes on under a new id, the old id and the others are dead.
    assert_ne!(ada.cookie("session"), Some(token.as_str()));
    ada.get("/legal/profile").await.expect(200);
    other.get_json("/legal/profile").await.expect(401);
    let mut thief = one.stranger();
    thief.set_cookie("session", &token);
    thief.get_json("/legal/profile").await.expect(401);
    // Within five minutes of the proof nothing is asked again.
    ada.post("/legal/profile/recovery-codes", &[]).await.expect(200).shows("Keep these recovery codes");
    one.platform.clock.advance(6 * MINUTE);
    ada.post("/legal/profile/recovery-codes", &[]).await.expect(422);
    one.run_jobs().await;
    let subjects: Vec<_> = one.letters_to("ada@whitfield.example").into_iter().map(|letter| letter.subject).collect();
    assert!(subjects.contains(&"Your password was changed".to_owned()), "{subjects:?}");
}

#[actix_web::test]
async fn wrong_proofs_count_to_the_lock_but_the_live_session_goes_on() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut ada = one.browser("ada").await;
    one.platform.clock.advance(6 * MINUTE);
    for _ in 0..2 {
        ada.post("/legal/profile/prove", &[("current_password", "wrong"), ("code", "000000")]).await.expect(422);
    }
    ada.post("/legal/profile/prove", &[("current_password", OLD), ("code", "000000")])
        .await
        .expect(422)
        .shows("locked for 15 minutes");
    ada.get("/legal/profile").await.expect(200);
    let mut door = one.stranger();
    one.password(&mut door, "ada", OLD).await.expect(422).shows("locked for 15 minutes");
}

#[actix_web::test]
async fn a_client_changes_name_and_password_in_the_portal() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut cleo = one.stranger();
    one.sign_in(&mut cleo, "cleo").await.expect(303);
    cleo.get("/legal/profile").await.expect(404);
    cleo.post("/portal/profile/name", &[("name", "")]).await.expect(422).shows("Give your name");
    cleo.post("/portal/profile/name", &[("name", "Cleo <b>Vance</b>")]).await.expect(303);
    cleo.get("/portal/profile").await.expect(200).hides("<b>Vance").shows("Cleo &#60;b&#62;Vance");
    cleo.post("/portal/profile/recovery-codes", &[]).await.expect(404);
    cleo.post("/portal/profile/password", &[("password", "acme dental")]).await.expect(422).shows("at least 12");
    cleo.post("/portal/profile/password", &[("password", GOOD)]).await.expect(303);
    one.stranger()
        .post("/portal/login?tenant=harbor", &[("email", "cleo@acmedental.example"), ("password", GOOD)])
        .await
        .expect(303);
}

#[actix_web::test]
async fn an_address_that_takes_a_form_leads_to_the_page_of_the_form_when_it_is_opened_by_itself() {
    let one = Installation::new().await;
    let (mut ada, mut dora) = (one.browser("ada").await, one.browser("dora").await);
    for form in ["name", "password", "email", "prove", "recovery-codes"] {
        assert_eq!(ada.get(&format!("/legal/profile/{form}")).await.expect(303).location(), "/legal/profile");
        assert_eq!(dora.get(&format!("/portal/profile/{form}")).await.expect(303).location(), "/portal/profile");
        ada.get(&format!("/portal/profile/{form}")).await.expect(404);
    }
    assert_eq!(ada.get("/legal/prove").await.expect(303).location(), "/legal/dashboard");
    assert_eq!(dora.get("/portal/prove").await.expect(303).location(), "/portal/dashboard");
    assert_eq!(dora.get("/portal/help/answer").await.expect(303).location(), "/portal/help");
    let (cleo, gus) = (one.cast.person("cleo").contact.expect("a contact"), one.cast.person("gus").contact.expect("a contact"));
    assert_eq!(dora.get(&format!("/portal/team/{cleo}")).await.expect(303).location(), "/portal/team");
    dora.get(&format!("/portal/team/{gus}")).await.expect(404);
}
