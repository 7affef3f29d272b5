//! What a member sees, and that it is theirs alone.

use entity::Moment;

use super::standin::Mission;
use crate::{causes, support::Installation};

const PAGES: [&str; 6] = ["dashboard", "giving", "events", "groups", "directory", "prayer"];

#[actix_web::test]
async fn giving_is_shown_by_year_and_fund_and_a_years_statement_is_a_pdf() {
    let mission = Mission::start();
    let one = Installation::with(&mission.settings()).await;
    let mut joy = one.browser("joy").await;
    let all = joy.get("/portal/mission/giving").await.expect(200);
    all.shows("$245.50").shows("Check 1042").shows("24 Dec 2025").shows("Not deductible").shows("Statement 2026");
    joy.get("/portal/mission/giving?year=2025").await.expect(200).shows("$170.00").hides("$75.50").shows("Statement 2025");
    joy.get("/portal/mission/giving?fund=Missions").await.expect(200).shows("$100.00").hides("Check 1042");
    joy.get("/portal/mission/giving?year=1999").await.expect(200).shows("No gift fits");
    let pdf = joy.get("/portal/mission/giving/statement?year=2025").await.expect(200);
    assert!(pdf.text.starts_with("%PDF"));
    assert!(pdf.headers["content-disposition"].to_str().expect("text").contains("giving-2025.pdf"));
    joy.get("/portal/mission/giving/statement?year=1999").await.expect(404);
    joy.get("/portal/mission/giving/statement").await.expect(404);
    // What is asked is what Mission needs, and asked once in five minutes.
    assert_eq!(mission.asked(), ["giving?tenant=grace&email=joy%40grace.example"]);
    one.platform.clock.advance(5 * Moment::MINUTE);
    joy.get("/portal/mission/giving").await.expect(200);
    assert_eq!(mission.asked().len(), 1);
}

#[actix_web::test]
async fn events_groups_and_the_directory_are_there_to_be_looked_through() {
    let mission = Mission::start();
    let one = Installation::with(&mission.settings()).await;
    let mut joy = one.browser("joy").await;
    let coming = joy.get("/portal/mission/events").await.expect(200);
    coming.shows("Spring picnic").shows("Registered").shows("Choir rehearsal").shows("Full").hides("Christmas eve");
    joy.get("/portal/mission/events?when=past").await.expect(200).shows("Christmas eve").hides("Spring picnic");
    joy.get("/portal/mission/events/e-1")
        .await
        .expect(200)
        .shows("Bring a blanket.")
        .shows("Lincoln Park")
        .shows("2026-05-09T16:00:00Z");
    joy.get("/portal/mission/events/e-9").await.expect(404);
    let groups = joy.get("/portal/mission/groups").await.expect(200);
    groups.shows("12 members / 12 max").shows("1 member").shows("You are in").shows("Tuesdays, 7 pm");
    joy.get("/portal/mission/groups?kind=Ministry").await.expect(200).shows("Choir").hides("Tuesday table");
    joy.get("/portal/mission/groups?q=read").await.expect(200).shows("Tuesday table").hides(">Choir<");
    let people = joy.get("/portal/mission/directory").await.expect(200);
    people.shows("Ruth Adler").shows("ruth@grace.example").shows("Björn Ek");
    joy.get("/portal/mission/directory?q=björn").await.expect(200).shows("Björn Ek").hides("Ruth Adler");
    joy.get("/portal/mission/directory?q=nobody").await.expect(200).shows("Nobody of that name");
    let home = joy.get("/portal/mission/dashboard").await.expect(200);
    home.shows("Hello Joy").shows("$75.50").shows("Choir rehearsal").shows("#e11d48");
    for page in PAGES {
        joy.get(&format!("/portal/mission/{page}?year=x&page=999999999999&q=%25&category=x&when=x&fund=%00x")).await;
    }
}

#[actix_web::test]
async fn the_wall_shows_what_is_for_this_member_and_no_name_that_shall_not_be_known() {
    let mission = Mission::start();
    let one = Installation::with(&mission.settings()).await;
    let mut joy = one.browser("joy").await;
    let wall = joy.get("/portal/mission/prayer").await.expect(200);
    wall.shows("For my mother")
        .shows("Ruth Adler")
        .shows("4 people have prayed")
        .shows("All came home well.")
        .shows("For peace at home");
    joy.get("/portal/mission/prayer").await.expect(200).hides("CANARY").shows("Somebody").shows("Private");
    joy.get("/portal/mission/prayer?category=financial").await.expect(200).shows("For a new job").hides("For the trip");
    joy.get("/portal/mission/prayer?state=answered").await.expect(200).shows("For the trip").hides("For a new job");
}

#[actix_web::test]
async fn a_member_sees_no_page_of_an_msp_and_its_people_none_of_theirs() {
    let mission = Mission::start();
    let one = Installation::with(&mission.settings()).await;
    let mut joy = one.browser("joy").await;
    for page in ["tickets", "catalog", "invoices", "documents", "messages", "announcements", "team", "help"] {
        joy.get(&format!("/portal/{page}")).await.expect(404).shows("not part of your organisation").hides("data-help-button");
    }
    // What it points at is there: the menu.
    joy.get("/portal/tickets").await.expect(404).shows("pages in the menu").shows("href=\"/portal/mission/giving\"");
    joy.get("/portal/settings").await.expect(200).shows("nothing to choose").hides("Documents to sign").hides("Invoices to");
    assert_eq!(joy.get_json("/portal/tickets").await.expect(404).code(), "not_in_this_portal");
    for page in PAGES {
        let address = format!("/portal/mission/{page}");
        for key in ["ben", "cleo", "gus"] {
            let answer = one.browser(key).await.get(&address).await.expect(404);
            let answer = answer.shows("portal.theonemission.com");
            causes::named("P6.4", &answer.text);
        }
        for key in ["mira", "ada", "olga", "eve"] {
            one.browser(key).await.get(&address).await.expect(404).hides("of a mission organisation");
        }
        assert!(one.stranger().get(&address).await.expect(303).location().starts_with("/portal/login"));
    }
    assert_eq!(mission.asked(), Vec::<String>::new());
}

#[actix_web::test]
async fn what_a_member_gives_does_not_lie_readable_on_the_disk_and_is_no_other_members() {
    let mission = Mission::start();
    let one = Installation::with(&mission.settings()).await;
    one.browser("joy").await.get("/portal/mission/giving").await.expect(200).shows("Check 1042");
    let tx = one.tx().await;
    use entity::{mission::page, wall::Walled};
    use sea_orm::QuerySelect;
    let rows = page::Entity::within(tx.reach()).limit(10).all(&tx).await.expect("rows");
    assert_eq!(rows.len(), 1);
    assert!(!String::from_utf8_lossy(&rows[0].sealed).contains("Check 1042"));
    assert_eq!(rows[0].account_id, one.cast.person("joy").account);
}

#[actix_web::test]
async fn on_a_mission_host_stand_mission_organisations_alone() {
    let one = Installation::with(&[("MISSION_HOSTS", "members.example.org")]).await;
    let mut stranger = one.stranger();
    let at = |path: &str, host: &str| {
        stranger.request(reqwest::Method::GET, path).header("accept", "text/html").header("host", host.to_owned())
    };
    let requests = [
        at("/portal/login", "members.example.org"),
        at("/portal/login?tenant=grace", "members.example.org"),
        at("/portal/login", "grace.members.example.org"),
        at("/portal/login?tenant=harbor", "members.example.org"),
    ];
    let mut pages = Vec::new();
    for request in requests {
        pages.push(stranger.send(request).await);
    }
    for page in &pages[..3] {
        assert!(page.status == 200 && page.text.contains("Grace Chapel") && page.text.contains("#e11d48"), "{}", page.text);
    }
    assert_eq!(pages[3].status, 404);
}

#[actix_web::test]
async fn a_member_stays_signed_in_for_thirty_days_without_use_also_when_the_browser_is_closed() {
    let one = Installation::new().await;
    let mut joy = one.stranger();
    let entered = one.sign_in(&mut joy, "joy").await.expect(303);
    let cookies: Vec<&str> = entered.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).collect();
    assert!(cookies.iter().any(|cookie| cookie.starts_with("session=") && cookie.contains("Max-Age=15552000")), "{cookies:?}");
    let mut cleo = one.stranger();
    let entered = one.sign_in(&mut cleo, "cleo").await.expect(303);
    let cookies: Vec<&str> = entered.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).collect();
    assert!(cookies.iter().any(|cookie| cookie.starts_with("session=") && !cookie.contains("Max-Age")), "{cookies:?}");
    one.platform.clock.advance(29 * Moment::DAY);
    joy.get("/portal/mission/dashboard").await.expect(200);
    cleo.get("/portal/dashboard").await.expect(303);
    one.platform.clock.advance(31 * Moment::DAY);
    joy.get("/portal/mission/dashboard").await.expect(303);
}
