//! Each cause that keeps a page empty: calm words for the member, the cause and the fix for whoever runs the installation.

use entity::Moment;
use one_legal::admin;

use super::standin::{KEY, Mission, Mood};
use crate::{causes, support::Installation};

async fn health(one: &Installation, check: &str) -> Vec<(String, String)> {
    admin::findings(&one.platform)
        .await
        .into_iter()
        .filter(|found| found.check == check)
        .map(|found| (found.what, found.fix))
        .collect()
}

#[actix_web::test]
async fn a_missing_address_a_missing_key_and_a_wrong_key_are_told_apart() {
    let mission = Mission::start();
    let url = mission.url.clone();
    for (settings, what, fix) in [
        (vec![], "Grace Chapel", "MISSION_API_URL"),
        (vec![("MISSION_SERVICE_KEY", KEY)], "MISSION_API_URL is not set", "Set MISSION_API_URL"),
        (vec![("MISSION_API_URL", url.as_str())], "MISSION_SERVICE_KEY is not set", "Set MISSION_SERVICE_KEY"),
    ] {
        let one = Installation::with(&settings).await;
        let mut joy = one.browser("joy").await;
        for page in ["giving", "events", "groups", "directory", "prayer", "dashboard"] {
            joy.get(&format!("/portal/mission/{page}"))
                .await
                .expect(200)
                .shows("Grace Chapel has not connected its records here yet")
                .hides("MISSION_");
        }
        let (said, todo) = health(&one, "mission").await.remove(0);
        assert!(said.contains(what) && todo.contains(fix), "{said} {todo}");
        match settings.first().map(|(name, _)| *name) {
            Some("MISSION_SERVICE_KEY") => causes::named("P6.1", &said),
            Some("MISSION_API_URL") => causes::named("P6.2", &said),
            _ => {}
        }
    }
    let wrong =
        Installation::with(&[("MISSION_API_URL", &url), ("MISSION_SERVICE_KEY", "another-key-another-key-another-1")]).await;
    let mut joy = wrong.browser("joy").await;
    joy.get("/portal/mission/giving").await.expect(200).shows("cannot be reached at the moment").hides("refused");
    let (said, todo) = health(&wrong, "mission").await.remove(0);
    assert!(said.contains("refused our key") && todo.contains("MISSION_SERVICE_KEY"), "{said} {todo}");
}

#[actix_web::test]
async fn on_a_bad_day_the_last_good_page_stays_with_its_age_and_health_says_what_is_the_matter() {
    let mission = Mission::start();
    let one = Installation::with(&mission.settings()).await;
    let mut joy = one.browser("joy").await;
    joy.get("/portal/mission/giving").await.expect(200).shows("Check 1042").hides("cannot be reached");
    assert_eq!(health(&one, "mission").await, [("Mission answers.".to_owned(), String::new())]);
    for (mood, named) in [
        (Mood::Garbage, "not in its contract"),
        (Mood::Wrong, "gift g-77 cannot be read"),
        (Mood::Slow, "did not answer in time"),
        (Mood::Down, "it failed with 503"),
    ] {
        mission.feels(mood);
        one.platform.clock.advance(6 * Moment::MINUTE);
        joy.get("/portal/mission/giving")
            .await
            .expect(200)
            .shows("Check 1042")
            .shows("cannot be reached at the moment")
            .shows("These are its records of")
            .hides(named);
        let (said, todo) = health(&one, "mission").await.remove(0);
        assert!(said.contains(named) && !todo.is_empty(), "{said} {todo}");
        causes::named("P6.3", &said);
        if mood == Mood::Garbage {
            // Nothing was seen of this page before: an empty state, calmly.
            joy.get("/portal/mission/groups").await.expect(200).shows("Groups are not here at the moment").hides(named);
        }
    }
    let pdf = joy.get("/portal/mission/giving/statement?year=2025").await.expect(200);
    assert!(pdf.text.starts_with("%PDF"), "also the statement of what was known");
    mission.feels(Mood::Well);
    one.platform.clock.advance(Moment::MINUTE);
    joy.get("/portal/mission/giving").await.expect(200).hides("cannot be reached");
    assert_eq!(health(&one, "mission").await, [("Mission answers.".to_owned(), String::new())]);
}

#[actix_web::test]
async fn who_is_not_on_file_is_told_whom_to_ask_and_sees_nothing_of_before() {
    let mission = Mission::start();
    let one = Installation::with(&mission.settings()).await;
    let mut joy = one.browser("joy").await;
    joy.get("/portal/mission/giving").await.expect(200).shows("Check 1042");
    mission.forgets_everybody();
    one.platform.clock.advance(6 * Moment::MINUTE);
    for _ in 0..2 {
        let page = joy.get("/portal/mission/giving").await.expect(200);
        page.shows("does not know joy@grace.example yet").hides("Check 1042");
    }
    assert_eq!(health(&one, "mission").await, [("Mission answers.".to_owned(), String::new())]);
}

#[actix_web::test]
async fn somebody_who_looks_in_an_msps_portal_is_named_in_health() {
    let one = Installation::new().await;
    assert_eq!(health(&one, "mission_host").await, []);
    one.browser("gus").await.get("/portal/mission/giving").await.expect(404);
    let (said, todo) = health(&one, "mission_host").await.remove(0);
    assert!(said.contains("Harbor IT") && said.contains("127.0.0.1") && todo.contains("portal.theonemission.com"), "{said} {todo}");
    one.platform.clock.advance(15 * Moment::DAY);
    assert_eq!(health(&one, "mission_host").await, []);
}

#[actix_web::test]
async fn books_and_the_psa_are_not_asked_about_a_mission_organisation() {
    let findings = {
        let one = Installation::with(&[("BOOKS_API_URL", "http://127.0.0.1:9"), ("BOOKS_SERVICE_KEY", KEY)]).await;
        one_legal::invoices::jobs::sync_due(&one.platform).await.expect("a look");
        let tx = one.tx().await;
        let asked = one_legal::invoices::sync_of(&tx, one.cast.grace).await.expect("a reading");
        assert!(asked.is_none(), "Grace Chapel has no bills at Books");
        assert!(one_legal::invoices::sync_of(&tx, one.cast.harbor).await.expect("a reading").is_some());
        drop(tx);
        admin::findings(&one.platform).await
    };
    assert!(findings.iter().filter(|found| found.check.starts_with("books")).all(|found| !found.what.contains("Grace Chapel")));
}
