//! Another authenticator app, while the old one still works.

use one_legal::identity::totp;

use crate::support::{Answer, Installation};

const PASSWORD: &str = "harbor-lights-over-quiet-water";
const MINUTE: i64 = 60_000;

fn between<'a>(page: &'a Answer, before: &str, after: &str) -> &'a str {
    let at = page.text.find(before).unwrap_or_else(|| panic!("no {before}")) + before.len();
    page.text[at..].split(after).next().expect("a piece")
}

#[actix_web::test]
async fn a_new_app_needs_a_fresh_proof_and_holds_from_its_first_code() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut other = one.browser("ada").await;
    let mut ada = one.stranger();
    one.sign_in(&mut ada, "ada").await.expect(303);
    one.platform.clock.advance(5 * MINUTE + 1_000);
    ada.post("/legal/profile/authenticator", &[]).await.expect(422);
    ada.post("/legal/profile/authenticator", &[("current_password", PASSWORD), ("code", "000000")]).await.expect(422);
    let code = one.code("ada");
    let page = ada
        .post("/legal/profile/authenticator", &[("current_password", PASSWORD), ("code", &code)])
        .await
        .expect(200)
        .shows("<svg");
    let secret = between(&page, "<code>", "</code>").replace(' ', "");
    let sealed = between(&page, "name=\"sealed\" value=\"", "\"").to_owned();
    let confirm = "/legal/profile/authenticator/confirm";
    ada.post(confirm, &[("sealed", &sealed), ("code", "000000")]).await.expect(422).shows("<svg");
    // Of this session alone, and nothing has changed so far.
    let fresh = totp::code_of_base32(&secret, one.platform.clock.now()).expect("a code");
    other.post(confirm, &[("sealed", &sealed), ("code", &fresh)]).await.expect(409);
    one.next_code();
    let mut door = one.stranger();
    one.sign_in(&mut door, "ada").await.expect(303);
    let before = ada.cookie("session").map(str::to_owned).expect("a session");
    let fresh = totp::code_of_base32(&secret, one.platform.clock.now()).expect("a code");
    ada.post(confirm, &[("sealed", &sealed), ("code", &fresh)]).await.expect(303);
    assert_ne!(ada.cookie("session"), Some(before.as_str()));
    ada.get("/legal/profile").await.expect(200).shows("Set up another authenticator app");
    other.get_json("/legal/profile").await.expect(401);
    one.run_jobs().await;
    assert!(one.letters_to("ada@whitfield.example").iter().any(|letter| letter.subject == "Your authenticator app was set up"));
    // The old app is dead, and so is the code that confirmed the new one.
    one.password(&mut door, "ada", PASSWORD).await.expect(303);
    door.post("/login/totp", &[("code", &one.code("ada"))]).await.expect(422);
    door.post("/login/totp", &[("code", &fresh)]).await.expect(422);
    one.next_code();
    let fresh = totp::code_of_base32(&secret, one.platform.clock.now()).expect("a code");
    door.post("/login/totp", &[("code", &fresh)]).await.expect(303);
    // What was shown is no use to a session that came after.
    ada.post(confirm, &[("sealed", &sealed), ("code", &fresh)]).await.expect(409);
}

#[actix_web::test]
async fn what_was_shown_works_for_ten_minutes_and_clients_have_no_app() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut ada = one.stranger();
    one.sign_in(&mut ada, "ada").await.expect(303);
    let page = ada.post("/legal/profile/authenticator", &[]).await.expect(200);
    let secret = between(&page, "<code>", "</code>").replace(' ', "");
    let sealed = between(&page, "name=\"sealed\" value=\"", "\"").to_owned();
    one.platform.clock.advance(10 * MINUTE + 1_000);
    let fresh = totp::code_of_base32(&secret, one.platform.clock.now()).expect("a code");
    let confirm = "/legal/profile/authenticator/confirm";
    ada.post(confirm, &[("sealed", &sealed), ("code", &fresh)]).await.expect(409).shows("Begin again");
    ada.post(confirm, &[("sealed", "nonsense"), ("code", &fresh)]).await.expect(409);
    let mut cleo = one.browser("cleo").await;
    cleo.post("/legal/profile/authenticator", &[]).await.expect(404);
    cleo.post(confirm, &[("sealed", &sealed), ("code", &fresh)]).await.expect(404);
}
