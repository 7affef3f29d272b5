//! What waits for me, for each kind of person; an MSP without a policy is led to its first one.

use crate::support::{Installation, World};

#[actix_web::test]
async fn the_first_screen_is_the_firms_alone() {
    let one = Installation::new().await;
    for key in ["mira", "tom", "vik", "ada", "sam", "lou", "nils"] {
        one.browser(key).await.get("/legal/dashboard").await.expect(200).shows("Waiting for you");
    }
    for key in ["ben", "dora", "joy", "olga"] {
        one.browser(key).await.get("/legal/dashboard").await.expect(404);
    }
    one.stranger().get("/legal/dashboard").await.expect(303);
}

#[actix_web::test]
async fn an_msp_without_a_policy_is_led_to_its_first_one() {
    let one = Installation::new().await;
    let page = one.browser("mira").await.get("/legal/dashboard").await.expect(200);
    page.shows("Your first policy in three steps")
        .shows("/admin/clients")
        .shows("/legal/policies/templates")
        .shows("Nothing waits for you.");
    one.browser("ada").await.get("/legal/dashboard").await.expect(200).hides("three steps");
}

#[actix_web::test]
async fn the_start_leads_home_or_to_the_door_of_the_host() {
    let one = Installation::with(&[("PORTAL_HOST", "127.0.0.1")]).await;
    assert_eq!(one.browser("mira").await.get("/").await.expect(303).location(), "/legal/dashboard");
    assert_eq!(one.browser("cleo").await.get("/").await.expect(303).location(), "/portal/dashboard");
    assert_eq!(one.stranger().get("/").await.expect(303).location(), "/portal/login");
    let firm = Installation::new().await;
    assert_eq!(firm.stranger().get("/").await.expect(303).location(), "/login");
}

#[actix_web::test]
async fn outside_counsel_reads_no_figures_of_the_whole() {
    let one = Installation::new().await;
    one.browser("nils").await.get("/legal/dashboard").await.expect(200).hides("Unclaimed matters").hides("fully signed");
    one.browser("ada").await.get("/legal/dashboard").await.expect(200).shows("Unclaimed matters");
}

#[actix_web::test]
async fn nobody_is_offered_what_their_role_may_not_do() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let unclaimed = format!("/legal/matters/{}", world.story.unclaimed);
    one.browser("sam").await.get("/legal/dashboard").await.expect(200).shows("Claim: ").shows(&unclaimed);
    one.browser("lou").await.get("/legal/dashboard").await.expect(200).hides("Claim: ");
    let offers = ["href=\"/legal/matters/new\"", "href=\"/legal/policies/new\""];
    let tom = one.browser("tom").await.get("/legal/dashboard").await.expect(200);
    let vik = one.browser("vik").await.get("/legal/dashboard").await.expect(200);
    let (tom, vik) =
        (offers.iter().fold(tom, |page, offer| page.shows(offer)), offers.iter().fold(vik, |page, offer| page.hides(offer)));
    tom.hides("Claim: ");
    vik.hides("Remind who has not signed").hides("Confirm: ");
    for key in ["vik", "sam", "lou"] {
        one.browser(key).await.get("/legal/compliance").await.expect(200).hides("Send a reminder");
    }
}
