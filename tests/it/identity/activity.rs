//! People see their own trail, all of it, and nobody else's.

use entity::Moment;

use crate::support::Installation;

#[actix_web::test]
async fn everybody_sees_what_they_did_when_and_from_where() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    mira.get("/legal/profile/activity").await.expect(200).shows("Nothing yet");
    mira.post("/legal/settings", &[("mail", "policy")]).await.expect(303);
    one.platform.clock.advance(2 * Moment::DAY);
    let mut mira = one.browser("mira").await;
    mira.get("/admin/audit/export").await.expect(200);
    mira.get("/legal/profile/activity")
        .await
        .expect(200)
        .shows("Changed which mails come")
        .shows("Took the audit log out")
        .shows("127.0.0.1");
    mira.get("/legal/profile/activity?to=2026-03-02").await.expect(200).shows("Changed which").hides("Took the audit");
    mira.get("/legal/profile/activity?from=2026-03-03").await.expect(200).hides("Changed which").shows("Took the audit");
    mira.get("/legal/profile/activity?from=2027-01-01").await.expect(200).shows("Nothing in these days").shows("Show everything");
    mira.get("/legal/profile/activity?from=never&to=%27&page=x").await.expect(200).shows("Took the audit");
    // A denied try stands there too; what others did does not.
    one.browser("tom").await.get("/admin/audit").await.expect(403);
    one.browser("tom").await.get("/legal/profile/activity").await.expect(200).shows("without the right to").hides("Took the audit");
    mira.get("/legal/profile/activity").await.expect(200).hides("without the right to");
}

#[actix_web::test]
async fn the_portal_has_the_same_page_and_a_long_trail_has_pages() {
    let one = Installation::new().await;
    let mut cleo = one.browser("cleo").await;
    for _ in 0..51 {
        cleo.post("/portal/settings", &[]).await.expect(303);
    }
    let first = cleo.get("/portal/profile/activity?from=2026-03-01").await.expect(200);
    assert_eq!(first.text.matches("Changed which mails come").count(), 50);
    let second = cleo.get("/portal/profile/activity?from=2026-03-01&page=2").await.expect(200);
    assert_eq!(second.text.matches("Changed which mails come").count(), 1);
    cleo.get("/legal/profile/activity").await.expect(404);
    cleo.get("/portal/profile").await.expect(200).shows("All your activity");
    assert!(one.stranger().get("/portal/profile/activity").await.expect(303).location().contains("/portal/login"));
}
