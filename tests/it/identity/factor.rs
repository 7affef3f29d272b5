//! The second factor: codes work once and nearly in time, recovery codes once, secrets are shown at set-up only.

use crate::{
    causes,
    support::{Browser, Installation},
};

const PASSWORD: &str = "harbor-lights-over-quiet-water";

async fn half(one: &Installation) -> Browser {
    let mut browser = one.stranger();
    one.password(&mut browser, "ada", PASSWORD).await.expect(303);
    browser
}

#[actix_web::test]
async fn exactly_one_step_before_and_after_now_is_accepted() {
    for steps in -3..=3_i64 {
        let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
        let mut ada = half(&one).await;
        let answer = ada.post("/login/totp", &[("code", &one.code_at("ada", steps))]).await;
        assert_eq!(answer.status, if steps.abs() <= 1 { 303 } else { 422 }, "step {steps}");
    }
}

#[actix_web::test]
async fn a_code_works_once_and_older_ones_are_dead_afterwards() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let (before, code) = (one.code_at("ada", -1), one.code("ada"));
    half(&one).await.post("/login/totp", &[("code", &code)]).await.expect(303);
    let mut again = half(&one).await;
    again.post("/login/totp", &[("code", &code)]).await.expect(422).shows("That code was used before");
    again.post("/login/totp", &[("code", &before)]).await.expect(422).shows("That code was used before");
    one.next_code();
    again.post("/login/totp", &[("code", &one.code("ada"))]).await.expect(303);
}

#[actix_web::test]
async fn of_two_posts_of_one_code_at_once_exactly_one_succeeds() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let (mut a, mut b) = (half(&one).await, half(&one).await);
    let code = one.code("ada");
    let (fields_a, fields_b) = ([("code", code.as_str())], [("code", code.as_str())]);
    let (first, second) = futures_util::future::join(a.post("/login/totp", &fields_a), b.post("/login/totp", &fields_b)).await;
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
}

#[actix_web::test]
async fn drift_is_measured_and_told_only_to_who_gave_the_right_password() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut ada = half(&one).await;
    let late = ada.post("/login/totp", &[("code", &one.code_at("ada", -4))]).await.expect(422);
    causes::named("L2.1", &late.text);
    causes::named("L2.2", &late.text);
    causes::named("L2.3", &late.text);
    ada.post("/login/totp", &[("code", &one.code_at("ada", 6))]).await.expect(422).shows("clock is about 3 minutes ahead");
    let mut stranger = one.stranger();
    let late = one.code_at("ada", -4);
    let answer = stranger.post("/login", &[("email", "ada@whitfield.example"), ("password", "wrong"), ("code", &late)]).await;
    answer.expect(422).hides("behind");
    stranger.post("/login/totp", &[("code", &late)]).await.expect(401).hides("behind");
}

#[actix_web::test]
async fn ten_recovery_codes_are_shown_once_and_each_signs_in_once_and_a_new_set_kills_the_old() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut ada = one.stranger();
    one.sign_in(&mut ada, "ada").await.expect(303);
    let codes = codes_on(&ada.post("/legal/profile/recovery-codes", &[]).await.expect(200).text);
    assert_eq!(codes.len(), 10);
    assert!(codes.iter().all(|code| code.len() == 19), "80 bits each: {codes:?}");
    ada.get("/legal/profile").await.expect(200).shows("10 of 10 recovery codes").hides(&codes[0]);
    let mut again = half(&one).await;
    again.get("/login/totp?way=recovery").await.expect(200).shows("Use a recovery code");
    let sloppy = codes[0].to_lowercase().replace('-', " ");
    again.post("/login/totp?way=recovery", &[("recovery_code", &sloppy)]).await.expect(303);
    again.get("/legal/profile").await.expect(200).shows("9 of 10 recovery codes").shows("Signed in with a recovery code");
    let mut third = half(&one).await;
    third
        .post("/login/totp?way=recovery", &[("recovery_code", &codes[0])])
        .await
        .expect(422)
        .shows("not one of your unused recovery codes");
    third.post("/login/totp?way=recovery", &[("recovery_code", &codes[1])]).await.expect(303);
    let fresh = codes_on(&ada.post("/legal/profile/recovery-codes", &[]).await.expect(200).text);
    let mut fourth = half(&one).await;
    fourth.post("/login/totp?way=recovery", &[("recovery_code", &codes[2])]).await.expect(422);
    fourth.post("/login/totp?way=recovery", &[("recovery_code", &fresh[2])]).await.expect(303);
    one.run_jobs().await;
    let subjects: Vec<_> = one.letters_to("ada@whitfield.example").into_iter().map(|letter| letter.subject).collect();
    assert_eq!(subjects.iter().filter(|subject| subject.contains("recovery code was used")).count(), 3, "{subjects:?}");
}

pub fn codes_on(page: &str) -> Vec<String> {
    let html = scraper::Html::parse_document(page);
    let selector = scraper::Selector::parse("#codes code").expect("a selector");
    html.select(&selector).map(|code| code.text().collect()).collect()
}

#[actix_web::test]
async fn recovery_codes_count_to_the_same_lock() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut ada = half(&one).await;
    ada.post("/login/totp", &[("code", "000000")]).await.expect(422);
    ada.post("/login/totp?way=recovery", &[("recovery_code", "AAAA-AAAA-AAAA-AAAA")]).await.expect(422);
    ada.post("/login/totp?way=recovery", &[("recovery_code", "BBBB-BBBB-BBBB-BBBB")])
        .await
        .expect(422)
        .shows("locked for 15 minutes");
    ada.get("/login/totp").await.expect(303);
}

#[actix_web::test]
async fn a_lost_device_is_reset_by_two_people_and_the_person_sets_up_a_new_one() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut old_session = one.browser("tom").await;
    let (mut olga, mut mira, mut eve, mut vik) =
        (one.browser("olga").await, one.browser("mira").await, one.browser("eve").await, one.browser("vik").await);
    olga.post("/operator/resets", &[("email", "tom@harbor.example"), ("verified", "short")])
        .await
        .expect(422)
        .shows("how you verified");
    let fields = [("email", "tom@harbor.example"), ("verified", "Video call, passport seen, called back")];
    olga.post("/operator/resets", &fields).await.expect(303);
    olga.post("/operator/resets", &fields).await.expect(422).shows("waits for its confirmation");
    let page = mira.get("/admin/resets").await.expect(200).shows("Tom Okafor").shows("passport seen");
    let at = page.text.find("/admin/resets/").expect("a form");
    let confirm = page.text[at..].split('"').next().expect("an address").to_owned();
    let id = confirm.split('/').nth(3).expect("an id").to_owned();
    // Not the starter, not another tenant, not a viewer; and until the second person says yes nothing changes.
    olga.post(&format!("/operator/resets/{id}/confirm"), &[]).await.expect(403);
    eve.get("/admin/resets").await.expect(200).hides("Tom Okafor");
    eve.post(&confirm, &[]).await.expect(404);
    vik.post(&confirm, &[]).await.expect(403);
    old_session.get("/legal/profile").await.expect(200);
    mira.post(&confirm, &[]).await.expect(303);
    mira.post(&confirm, &[]).await.expect(409);
    old_session.get("/legal/profile").await.expect(303);
    // The password alone opens nothing.
    let mut tom = one.stranger();
    one.password(&mut tom, "tom", PASSWORD).await.expect(422).shows("Invalid credentials");
    one.run_jobs().await;
    let link = one.newest_link("tom@harbor.example");
    assert!(link.starts_with("/setup/"), "{link}");
    tom.get(&link).await.expect(200).shows("Set up a new authenticator app");
    tom.post(&link, &[("password", "wrong")]).await.expect(422).shows("Invalid credentials");
    tom.post(&link, &[("password", PASSWORD)]).await.expect(303);
    let secret = secret_on(&tom.get("/login/setup").await.expect(200).shows("<svg").text);
    assert_ne!(Some(&secret), one.cast.person("tom").totp_secret.as_ref());
    let code = one_legal::identity::totp::code_of_base32(&secret, one.platform.clock.now()).expect("a code");
    let codes = tom.post("/login/setup", &[("code", &code)]).await.expect(200).shows("Keep these recovery codes");
    assert_eq!(codes_on(&codes.text).len(), 10);
    tom.get("/legal/profile").await.expect(200);
    one.stranger().get(&link).await.expect(410).shows("Already used");
}

pub fn secret_on(page: &str) -> String {
    let html = scraper::Html::parse_document(page);
    let selector = scraper::Selector::parse("#secret").expect("a selector");
    html.select(&selector).next().expect("a key").text().collect::<String>().replace(' ', "")
}

#[actix_web::test]
async fn nobody_resets_their_own_second_factor() {
    let one = Installation::new().await;
    let mut olga = one.browser("olga").await;
    let fields = [("email", "olga@one.example"), ("verified", "I know that it is me, I promise")];
    olga.post("/operator/resets", &fields).await.expect(403);
}

#[actix_web::test]
async fn the_secret_of_the_second_factor_is_sealed_and_on_no_page_after_set_up() {
    use entity::{identity::account, wall::Unwalled};
    let one = Installation::new().await;
    let secret = one.cast.person("ada").totp_secret.clone().expect("a secret");
    for row in account::Entity::rows().all(&one.tx().await).await.expect("rows") {
        let text = format!("{row:?}");
        assert!(!text.contains(&secret));
    }
    let mut ada = one.browser("ada").await;
    ada.get("/legal/profile").await.expect(200).hides(&secret);
    ada.get("/login/setup").await.expect(303);
}
