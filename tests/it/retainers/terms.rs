//! Offer, acceptance, pause, end.

use super::desk::{TERMS, offer, running};
use crate::support::Installation;

#[actix_web::test]
async fn ada_offers_and_mira_accepts() {
    let one = Installation::new().await;
    let mut ada = one.browser("ada").await;
    let mut mira = one.browser("mira").await;
    let retainer = offer(&mut ada).await;
    mira.get("/legal/notifications").await.expect(200).shows("Ada Whitfield offers you a retainer");
    mira.get("/legal/retainers").await.expect(200).shows("Ada Whitfield").shows("Read and accept");
    mira.get(&retainer)
        .await
        .expect(200)
        .shows("$1,500.00")
        .shows("10.0 h a month")
        .shows("$250.00")
        .shows("1 Mar 2026")
        .shows("Accept Retainer")
        .hides("Left this month")
        .hides("Next billing");
    mira.get("/legal/dashboard").await.expect(200).shows("$1,500.00 a month with 10 h included").hides("10.0 h included");
    mira.post(&format!("{retainer}/accept"), &[("terms_version", "1")]).await.expect(303);
    mira.get(&retainer)
        .await
        .expect(200)
        .shows("Active")
        .shows("by Mira Castellan")
        .shows("Left this month")
        .hides("Accept Retainer");
    ada.get("/legal/notifications").await.expect(200).shows("Mira Castellan accepted your retainer");
    ada.get(&format!("{retainer}/history")).await.expect(200).shows("$1,500.00 a month with 10 h included").shows("accepted it");
}

#[actix_web::test]
async fn only_owner_or_admin_accepts_and_only_the_primary_attorney_offers() {
    let one = Installation::new().await;
    let mut ada = one.browser("ada").await;
    let retainer = offer(&mut ada).await;
    let accept = format!("{retainer}/accept");
    for (key, sees) in [
        ("vik", true),
        ("tom", true),
        ("sam", false),
        ("lou", false),
        ("nils", false),
        ("eve", false),
        ("cleo", false),
        ("olga", false),
    ] {
        let mut browser = one.browser(key).await;
        let refused = if sees { 403 } else { 404 };
        browser.get(&retainer).await.expect(if sees { 200 } else { 404 }).hides("Accept Retainer");
        browser.post(&accept, &[("terms_version", "1")]).await.expect(refused);
        for step in ["offer", "withdraw", "pause", "resume", "cancel", "timer", "edit", "hours"] {
            browser.post(&format!("{retainer}/{step}"), &[]).await.expect(refused);
        }
        for tab in ["/hours", "/history", "/hours/export"] {
            browser.get(&format!("{retainer}{tab}")).await.expect(if sees { 200 } else { 404 });
        }
        // Another tenant's staff have a page of their own, with nothing of this on it.
        if key != "eve" {
            browser.get("/legal/retainers").await.expect(if sees { 200 } else { 404 });
            browser.get("/legal/retainers/new").await.expect(refused);
        }
    }
    one.browser("eve").await.get("/legal/retainers").await.expect(200).hides("Ada Whitfield");
    ada.post(&accept, &[("terms_version", "1")]).await.expect(403);
    one.browser("mira").await.post(&accept, &[("terms_version", "1")]).await.expect(303);
}

#[actix_web::test]
async fn nobody_accepts_terms_they_have_not_seen() {
    let one = Installation::new().await;
    let mut ada = one.browser("ada").await;
    let mut mira = one.browser("mira").await;
    let retainer = offer(&mut ada).await;
    ada.post(&format!("{retainer}/edit"), &TERMS).await.expect(409).shows("Withdraw the offer to change it");
    ada.post(&format!("{retainer}/withdraw"), &[]).await.expect(303);
    mira.get(&retainer).await.expect(404);
    let mut dearer = TERMS.to_vec();
    dearer[0] = ("fee", "2000");
    dearer.push(("then", "offer"));
    ada.post(&format!("{retainer}/edit"), &dearer).await.expect(303);
    mira.post(&format!("{retainer}/accept"), &[("terms_version", "1")]).await.expect(409).shows("terms have changed");
    mira.get(&retainer).await.expect(200).shows("$2,000.00").shows(r#"name="terms_version" value="2""#);
    mira.post(&format!("{retainer}/accept"), &[("terms_version", "2")]).await.expect(303);
    mira.post(&format!("{retainer}/accept"), &[("terms_version", "2")]).await.expect(409);
    // A second one with the same attorney cannot run beside it.
    let second = offer(&mut ada).await;
    mira.post(&format!("{second}/accept"), &[("terms_version", "1")])
        .await
        .expect(409)
        .shows("running retainer with this attorney");
}

#[actix_web::test]
async fn a_draft_is_the_attorneys_own() {
    let one = Installation::new().await;
    let mut ada = one.browser("ada").await;
    let draft = ada.post("/legal/retainers/new", &TERMS).await.expect(303).location().to_owned();
    ada.get(&draft).await.expect(200).shows("Only you see this draft");
    one.browser("mira").await.get(&draft).await.expect(404);
    ada.post(&format!("{draft}/offer"), &[]).await.expect(303);
    one.browser("mira").await.get(&draft).await.expect(200);
}

#[actix_web::test]
async fn a_wrong_form_shows_what_was_typed() {
    let one = Installation::new().await;
    let mut ada = one.browser("ada").await;
    let wrong = [("fee", "lots"), ("included", "ten"), ("rate", "250"), ("starts_on", "2026-02-30"), ("billing_day", "31")];
    let page = ada.post("/legal/retainers/new", &wrong).await.expect(422);
    page.shows("value=\"lots\"")
        .shows("An amount such as")
        .shows("Hours a month")
        .shows("A date such as")
        .shows("A day from 1 to 28");
}

#[actix_web::test]
async fn both_sides_pause_resume_and_end_it() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut ada = one.browser("ada").await;
    let mut mira = one.browser("mira").await;
    mira.post(&format!("{retainer}/pause"), &[]).await.expect(303);
    let hours = [("time", "1h"), ("worked_on", "2026-03-02"), ("description", "Call")];
    ada.post(&format!("{retainer}/hours"), &hours).await.expect(409).shows("paused");
    ada.post(&format!("{retainer}/timer"), &[]).await.expect(409);
    ada.post(&format!("{retainer}/resume"), &[]).await.expect(303);
    ada.post(&format!("{retainer}/hours"), &hours).await.expect(303);
    ada.post(&format!("{retainer}/cancel"), &[]).await.expect(303);
    mira.post(&format!("{retainer}/resume"), &[]).await.expect(409).shows("has ended");
    ada.post(&format!("{retainer}/hours"), &hours).await.expect(409);
    mira.get(&format!("{retainer}/history")).await.expect(200).shows("cancelled it").shows("resumed it").hides("drafted it");
    mira.get(&format!("{retainer}/hours")).await.expect(200).shows("Call");
}

#[actix_web::test]
async fn extra_fields_change_nothing() {
    let one = Installation::new().await;
    let mut ada = one.browser("ada").await;
    let pine = one.cast.pine.to_string();
    let eve = one.cast.person("eve").account.to_string();
    let mut fields = TERMS.to_vec();
    fields.extend([
        ("status", "active"),
        ("tenant", pine.as_str()),
        ("tenant_id", pine.as_str()),
        ("attorney_id", eve.as_str()),
        ("accepted_by", eve.as_str()),
        ("terms_version", "99"),
        ("currency", "XXX"),
        ("id", "x"),
    ]);
    ada.post("/legal/retainers/new", &fields).await.expect(303);
    let items = ada.get_json("/api/v1/retainers").await.expect(200).json()["items"].clone();
    assert_eq!(items[0]["status"], "draft");
    assert_eq!(items[0]["currency"], "USD");
    assert_eq!(items[0]["tenant_id"], one.cast.harbor.to_string());
    assert_eq!(items[0]["monthly_fee"], 150_000);
}
