//! Administrators see and end the sessions of the people they look after, and of nobody else.

use crate::support::{Answer, Browser, Installation};

fn ends(page: &Answer) -> Vec<String> {
    page.text.split('"').filter(|text| text.contains("/sessions/") && text.ends_with("/end")).map(str::to_owned).collect()
}

async fn alive(browsers: &mut [Browser], path: &str) -> Vec<bool> {
    let mut alive = Vec::new();
    for browser in browsers {
        alive.push(browser.get_json(path).await.status == 200);
    }
    alive
}

#[actix_web::test]
async fn an_admin_sees_and_ends_sessions_of_staff_and_clients_who_are_told() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    for (key, profile) in [("tom", "/legal/profile"), ("cleo", "/portal/profile")] {
        let person = one.cast.person(key);
        let page = format!("/admin/people/{}", person.account);
        mira.get(&page).await.expect(200).shows("Signed in nowhere");
        mira.post(&format!("{page}/sessions/end"), &[]).await.expect(409).shows("signed in nowhere");
        let mut browsers = [one.stranger(), one.stranger(), one.stranger()];
        for (n, browser) in browsers.iter_mut().enumerate() {
            *browser = one.browser(key).await;
            one.platform.clock.advance(61_000 * (n as i64 + 1));
            browser.get(profile).await.expect(200);
        }
        let shown = mira.get(&page).await.expect(200).shows("Unknown browser").shows("Last used").shows(&person.email);
        let ends_of = ends(&shown);
        assert_eq!(ends_of.len(), 4, "three and all: {ends_of:?}");
        let single = ends_of.iter().find(|end| !end.ends_with("/sessions/end")).expect("one of them");
        assert_eq!(mira.post(single, &[]).await.expect(303).location(), page);
        assert_eq!(alive(&mut browsers, profile).await.iter().filter(|alive| **alive).count(), 2);
        mira.post(single, &[]).await.expect(404);
        mira.post(&format!("{page}/sessions/end"), &[]).await.expect(303);
        assert_eq!(alive(&mut browsers, profile).await, [false, false, false]);
        one.run_jobs().await;
        let letters = one.letters_to(&person.email);
        assert_eq!(letters.iter().filter(|letter| letter.subject == "You were signed out by an administrator").count(), 2);
        assert!(letters.iter().any(|letter| letter.text.contains("Mira Castellan ended all your 2 sessions")));
    }
    mira.get("/admin/audit?action=session.ended").await.expect(200).shows("session.ended");
    mira.get("/admin/staff").await.expect(200).shows(&format!("/admin/people/{}", one.cast.person("tom").account));
    let clients = format!("/admin/clients/{}", one.cast.acme);
    mira.get(&clients).await.expect(200).shows(&format!("/admin/people/{}", one.cast.person("cleo").account));
}

#[actix_web::test]
async fn nobody_reaches_people_of_another_tenant_attorneys_or_their_own_sessions_there() {
    let one = Installation::new().await;
    let _cleo = one.browser("cleo").await;
    let address = |key: &str| format!("/admin/people/{}", one.cast.person(key).account);
    let mut mira = one.browser("mira").await;
    // Eve owns another MSP; attorneys and operators belong to no tenant.
    let mut eve = one.browser("eve").await;
    for key in ["tom", "cleo"] {
        eve.get(&address(key)).await.expect(404);
        eve.post(&format!("{}/sessions/end", address(key)), &[]).await.expect(404);
    }
    for key in ["ada", "olga", "eve", "finn"] {
        mira.get(&address(key)).await.expect(404);
        mira.post(&format!("{}/sessions/end", address(key)), &[]).await.expect(404);
    }
    for (key, status) in [("tom", 403), ("vik", 403), ("ada", 404), ("cleo", 404), ("olga", 404)] {
        let mut browser = one.browser(key).await;
        browser.get(&address("cleo")).await.expect(status);
        browser.post(&format!("{}/sessions/end", address("cleo")), &[]).await.expect(status);
    }
    assert_eq!(mira.get(&address("mira")).await.expect(303).location(), "/legal/profile");
    mira.post(&format!("{}/sessions/end", address("mira")), &[]).await.expect(409).shows("your own sessions");
    mira.get("/legal/profile").await.expect(200);
    // A session of Tom's does not end at Cleo's address.
    let _tom = one.browser("tom").await;
    let toms = ends(&mira.get(&address("tom")).await.expect(200));
    let session = toms.iter().find(|end| !end.ends_with("/sessions/end")).expect("one");
    mira.post(&session.replace(&address("tom"), &address("cleo")), &[]).await.expect(404);
    mira.get(&address("tom")).await.expect(200).hides("Signed in nowhere");
}

#[actix_web::test]
async fn an_owners_sessions_are_ended_by_owners_alone() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let seats = mira.get("/admin/staff").await.expect(200);
    let toms = seats.text.split("Role of Tom").next().and_then(|text| text.rsplit("/admin/staff/").next()).expect("Tom's row");
    let seat = toms.split('/').next().expect("an id").to_owned();
    mira.post(&format!("/admin/staff/{seat}/role"), &[("role", "admin")]).await.expect(303);
    let mut tom = one.browser("tom").await;
    let miras = format!("/admin/people/{}", one.cast.person("mira").account);
    tom.get(&miras).await.expect(200).shows("Only an owner can end").hides("/sessions/end");
    tom.post(&format!("{miras}/sessions/end"), &[]).await.expect(403);
    mira.get("/legal/profile").await.expect(200);
}

#[actix_web::test]
async fn the_operator_ends_an_attorneys_sessions_and_no_tenants() {
    let one = Installation::new().await;
    let mut ada = one.browser("ada").await;
    let mut olga = one.browser("olga").await;
    let person = one.cast.person("ada");
    let page = format!("/operator/attorneys/{}", person.account);
    olga.get("/operator/attorneys").await.expect(200).shows(&page);
    let shown = olga.get(&page).await.expect(200).shows("Ada").shows("Last used");
    olga.post(&ends(&shown)[0], &[]).await.expect(303);
    ada.get_json("/legal/profile").await.expect(401);
    one.run_jobs().await;
    assert!(one.letters_to(&person.email).iter().any(|letter| letter.subject == "You were signed out by an administrator"));
    for key in ["tom", "cleo"] {
        let page = format!("/operator/attorneys/{}", one.cast.person(key).account);
        olga.get(&page).await.expect(404);
        olga.post(&format!("{page}/sessions/end"), &[]).await.expect(404);
    }
    one.browser("mira").await.get(&page).await.expect(404);
}
