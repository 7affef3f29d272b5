//! E-mail, password, code: the way in, and what it refuses.

use crate::support::Installation;

#[actix_web::test]
async fn ada_signs_in_with_password_and_code_and_lands_on_her_dashboard() {
    let one = Installation::new().await;
    let mut ada = one.stranger();
    ada.get("/login")
        .await
        .expect(200)
        .shows("Sign in")
        .shows("autocomplete=\"username\"")
        .shows("autocomplete=\"current-password\"");
    let first = one.password(&mut ada, "ada", "harbor-lights-over-quiet-water").await.expect(303);
    assert_eq!(first.location(), "/login/totp");
    ada.get("/login/totp").await.expect(200).shows("one-time-code").shows("ada@whitfield.example");
    let half = ada.cookie("session").map(str::to_owned).expect("a half session");
    let code = one.code("ada");
    let last = ada.post("/login/totp", &[("code", &code)]).await.expect(303);
    assert_eq!(last.location(), "/");
    assert_eq!(ada.get("/").await.expect(303).location(), "/legal/dashboard");
    ada.get("/legal/profile").await.expect(200).shows("ada@whitfield.example");
    let mut old = one.stranger();
    old.set_cookie("session", &half);
    old.get("/login/totp").await.expect(303);
    old.get_json("/legal/profile").await.expect(401);
}

#[actix_web::test]
async fn a_client_signs_in_with_a_password_at_the_tenants_door_in_its_colours() {
    let one = Installation::new().await;
    let mut cleo = one.stranger();
    cleo.get("/portal/login?tenant=harbor").await.expect(200).shows("Harbor IT Client Portal").shows("#0e7490");
    let answer = one.sign_in(&mut cleo, "cleo").await.expect(303);
    assert_eq!(answer.location(), "/portal/dashboard");
    cleo.get("/portal/profile").await.expect(200).shows("Cleo Vance");
    let mut joy = one.stranger();
    one.sign_in(&mut joy, "joy").await.expect(303);
}

#[actix_web::test]
async fn every_person_of_the_cast_can_sign_in() {
    let one = Installation::new().await;
    for person in &one.cast.people {
        let mut browser = one.stranger();
        one.sign_in(&mut browser, person.key).await.expect(303);
        let profile = if person.portal { "/portal/profile" } else { "/legal/profile" };
        browser.get(profile).await.expect(200).shows(&person.email);
        one.platform.clock.advance(60_000);
    }
}

#[actix_web::test]
async fn an_unknown_portal_gets_a_page_that_says_so() {
    let one = Installation::new().await;
    let mut stranger = one.stranger();
    stranger.get("/portal/login?tenant=nowhere").await.expect(404).shows("There is no portal of that name").shows("nowhere");
    stranger.get("/portal/login").await.expect(200).shows("Which portal?");
    stranger.post("/portal/login?tenant=nowhere", &[("email", "a@b.example"), ("password", "x")]).await.expect(404);
    stranger.get("/portal/login?tenant=harbor").await.expect(200);
    stranger.get("/portal/login").await.expect(200).shows("Harbor IT Client Portal");
}

#[actix_web::test]
async fn a_person_of_one_portal_does_not_exist_at_another() {
    let one = Installation::new().await;
    let mut finn = one.stranger();
    let finn_mail = one.cast.person("finn").email.clone();
    let fields = [("email", finn_mail.as_str()), ("password", "harbor-lights-over-quiet-water")];
    finn.post("/portal/login?tenant=harbor", &fields).await.expect(422).shows("Invalid credentials");
    finn.post("/login", &fields).await.expect(422).shows("Invalid credentials");
    finn.post("/portal/login?tenant=pine", &fields).await.expect(303);
}

#[actix_web::test]
async fn a_half_done_sign_in_opens_nothing_but_the_code_page_and_sign_out() {
    let one = Installation::new().await;
    let mut ada = one.stranger();
    one.password(&mut ada, "ada", "harbor-lights-over-quiet-water").await.expect(303);
    for path in [
        "/legal/profile",
        "/legal/dashboard",
        "/legal/policies",
        "/legal/matters",
        "/legal/vault",
        "/legal/retainers",
        "/legal/notifications",
        "/admin",
        "/operator",
        "/portal/profile",
        "/portal/dashboard",
        "/login/setup",
        "/ws",
        "/api/v1/events",
    ] {
        let answer = ada.get_json(path).await;
        assert!([401, 404].contains(&answer.status), "{path} answered {}: {}", answer.status, answer.text);
    }
    ada.post("/legal/profile/name", &[("name", "X")]).await.expect(401);
    ada.get("/login/totp").await.expect(200);
    ada.post("/logout", &[]).await.expect(303);
    ada.get("/login/totp").await.expect(303);
}

#[actix_web::test]
async fn signing_out_ends_the_session_on_the_server() {
    let one = Installation::new().await;
    let mut mira = one.stranger();
    one.sign_in(&mut mira, "mira").await.expect(303);
    let token = mira.cookie("session").map(str::to_owned).expect("a session");
    mira.post("/logout", &[]).await.expect(303);
    assert!(mira.cookie("session").is_none());
    let mut thief = one.stranger();
    thief.set_cookie("session", &token);
    thief.get_json("/legal/profile").await.expect(401);
    // Without a session it only leads to the door.
    mira.post("/logout", &[]).await.expect(303);
}

#[actix_web::test]
async fn next_leads_on_after_sign_in_but_never_to_another_origin() {
    let one = Installation::new().await;
    let mut ada = one.stranger();
    let asked = ada.get("/legal/profile?tab=1").await.expect(303);
    assert_eq!(asked.location(), "/login?next=%2Flegal%2Fprofile%3Ftab%3D1");
    ada.get(asked.location()).await.expect(200).shows("value=\"/legal/profile?tab=1\"");
    let fields =
        [("email", "ada@whitfield.example"), ("password", "harbor-lights-over-quiet-water"), ("next", "/legal/profile?tab=1")];
    let first = ada.post("/login", &fields).await.expect(303);
    assert_eq!(first.location(), "/login/totp?next=%2Flegal%2Fprofile%3Ftab%3D1");
    ada.get(first.location()).await.expect(200).shows("value=\"/legal/profile?tab=1\"");
    let code = one.code("ada");
    let last = ada.post("/login/totp", &[("code", &code), ("next", "/legal/profile?tab=1")]).await.expect(303);
    assert_eq!(last.location(), "/legal/profile?tab=1");
    for evil in ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "/\r\nx", "javascript:alert(1)"] {
        let encoded: String = url::form_urlencoded::byte_serialize(evil.as_bytes()).collect();
        let mut cleo = one.stranger();
        cleo.get(&format!("/portal/login?tenant=harbor&next={encoded}")).await.expect(200).hides("evil").hides("alert(");
        let fields = [("email", "cleo@acmedental.example"), ("password", "harbor-lights-over-quiet-water"), ("next", evil)];
        assert_eq!(cleo.post("/portal/login?tenant=harbor", &fields).await.expect(303).location(), "/portal/dashboard");
        one.platform.clock.advance(30_000);
    }
}

#[actix_web::test]
async fn one_source_that_guesses_fast_is_stopped_before_a_password_is_hashed() {
    let one = Installation::with(&[("LOGIN_RATE", "5")]).await;
    let mut stranger = one.stranger();
    for n in 0..5 {
        stranger.post("/login", &[("email", &format!("nobody{n}@x.example")), ("password", "wrong")]).await.expect(422);
    }
    let before = one_legal::identity::evaluations(&one.platform);
    let stopped = stranger
        .post("/login", &[("email", "nobody@x.example"), ("password", "wrong")])
        .await
        .expect(429)
        .shows("Too many attempts");
    assert!(stopped.headers.contains_key("retry-after"));
    assert_eq!(one_legal::identity::evaluations(&one.platform), before);
    one.platform.clock.advance(12_000);
    stranger.post("/login", &[("email", "nobody@x.example"), ("password", "wrong")]).await.expect(422);
}

#[actix_web::test]
async fn a_weak_hash_is_done_anew_at_the_next_right_password() {
    use argon2::password_hash::PasswordHasher;
    use entity::{identity::account, wall::Unwalled};
    use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, Set};
    let one = Installation::new().await;
    let cleo = one.cast.person("cleo").clone();
    let weak = argon2::Argon2::new(
        argon2::Algorithm::Argon2id,
        argon2::Version::V0x13,
        argon2::Params::new(8 * 1024, 1, 1, None).expect("params"),
    )
    .hash_password_with_salt(cleo.password.as_bytes(), &[7; 16])
    .expect("a hash");
    let weak: argon2::password_hash::phc::PasswordHash = weak;
    let reach = entity::Reach::Everything("a test plants a weak hash");
    let mut work = one.platform.work(one_legal::platform::Actor::program("test"), reach).await.expect("work");
    account::ActiveModel { id: Set(cleo.account), password_hash: Set(Some(weak.to_string())), ..Default::default() }
        .update(work.write())
        .await
        .expect("planted");
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
    let mut browser = one.stranger();
    one.sign_in(&mut browser, "cleo").await.expect(303);
    let rows =
        account::Entity::rows().filter(account::Column::PasswordHash.is_not_null()).all(&one.tx().await).await.expect("rows");
    for row in rows {
        assert!(!one_legal::identity::needs_rehash(&row.password_hash.expect("a hash")), "{}", row.email);
    }
}

#[actix_web::test]
async fn sessions_end_by_inactivity_and_at_the_latest_after_a_week() {
    const HOUR: i64 = 3_600_000;
    let one = Installation::new().await;
    let (mut ada, mut cleo) = (one.browser("ada").await, one.browser("cleo").await);
    one.platform.clock.advance(8 * HOUR);
    ada.get("/legal/profile").await.expect(200);
    one.platform.clock.advance(8 * HOUR + 1_000);
    ada.get("/legal/profile").await.expect(303);
    cleo.get("/portal/profile").await.expect(200);
    one.platform.clock.advance(24 * HOUR + 1_000);
    cleo.get("/portal/profile").await.expect(303);
    let mut busy = one.browser("ada").await;
    for _ in 0..24 {
        one.platform.clock.advance(7 * HOUR);
        busy.get("/legal/profile").await.expect(200);
    }
    one.platform.clock.advance(HOUR);
    busy.get("/legal/profile").await.expect(303);
}

#[actix_web::test]
async fn a_changing_request_from_another_origin_changes_nothing() {
    let one = Installation::new().await;
    let mut ada = one.browser("ada").await;
    for path in ["/logout", "/legal/profile/name", "/legal/profile/sessions/end-others"] {
        for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")]
        {
            let client = reqwest::Client::new();
            let request = client
                .post(format!("{}{path}", one.url))
                .header("cookie", ada.cookie_header())
                .header(name, value)
                .form(&[("name", "Taken over")]);
            assert_eq!(request.send().await.expect("an answer").status(), 403, "{path} {name}: {value}");
        }
    }
    ada.get("/legal/profile").await.expect(200).hides("Taken over");
}
