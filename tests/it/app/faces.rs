//! Two faces: each person finds their own pages, all that the sidebar names, and the frame around a form that is shown again.

use crate::support::Installation;

#[actix_web::test]
async fn a_form_shown_again_keeps_the_navigation_and_the_portals_look() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    mira.post("/admin/clients/new", &[("name", "")]).await.expect(422).shows("Audit log").shows("Mira Castellan");
    let mut cleo = one.browser("cleo").await;
    cleo.post("/portal/profile/name", &[("name", "")])
        .await
        .expect(422)
        .shows("Harbor IT Client Portal")
        .shows("/portal/documents");
}

#[actix_web::test]
async fn a_page_that_both_faces_have_is_there_on_ones_own_face_alone() {
    let one = Installation::new().await;
    for (key, own, other) in
        [("cleo", "portal", "legal"), ("joy", "portal", "legal"), ("mira", "legal", "portal"), ("ada", "legal", "portal")]
    {
        let mut browser = one.browser(key).await;
        for page in ["notifications", "settings", "profile"] {
            browser.get(&format!("/{own}/{page}")).await.expect(200);
            browser.get(&format!("/{other}/{page}")).await.expect(404);
        }
        browser.post(&format!("/{other}/profile/name"), &[("name", "Somebody")]).await.expect(404);
    }
}

#[actix_web::test]
async fn whatever_the_sidebar_names_opens() {
    let one = Installation::new().await;
    for key in ["olga", "mira", "tom", "vik", "ada", "sam", "lou", "nils", "ben", "cleo", "dora", "joy"] {
        let mut browser = one.browser(key).await;
        let home = browser.get("/").await.expect(303).location().to_owned();
        let page = browser.get(&home).await.expect(200).text;
        let links: Vec<String> =
            page.split("class=\"side-link\" href=\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect();
        assert!(links.len() >= 2, "{key} has a sidebar");
        for link in links {
            let status = browser.get(&link).await.status;
            assert_eq!(status, 200, "{key} is led to {link}");
        }
    }
}

#[actix_web::test]
async fn a_member_begins_on_a_page_of_what_there_is() {
    let one = Installation::new().await;
    let mut joy = one.browser("joy").await;
    assert_eq!(joy.get("/").await.expect(303).location(), "/portal/mission/dashboard");
    assert_eq!(joy.get("/portal/dashboard").await.expect(303).location(), "/portal/mission/dashboard");
    let page = joy.get("/portal/mission/dashboard").await.expect(200);
    page.shows("Hello Joy").shows("/portal/mission/giving").shows("Prayer Wall").hides("/portal/messages").hides("/portal/tickets");
}

#[actix_web::test]
async fn outside_counsel_has_no_timer() {
    let one = Installation::new().await;
    let mut nils = one.browser("nils").await;
    nils.get("/legal/timer").await.expect(403);
    nils.post("/legal/timer", &[("description", "Reading")]).await.expect(403);
    nils.post("/legal/timer/discard", &[]).await.expect(403);
    one.browser("sam").await.get("/legal/timer").await.expect(200);
}

#[actix_web::test]
async fn clients_choose_only_mails_that_concern_them() {
    let one = Installation::new().await;
    one.browser("cleo").await.get("/portal/settings").await.expect(200).shows("Documents to sign").hides("Retainers");
    one.browser("mira").await.get("/legal/settings").await.expect(200).shows("Retainers");
}
