//! From draft to withdrawn: who is told when, and what stays as it is.

use entity::Moment;

use super::write;
use crate::support::Installation;

#[actix_web::test]
async fn what_is_published_now_is_told_marked_unread_and_read_by_a_click() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let address = write(&mut mira, "New hours", &[]).await.expect(303).location().to_owned();
    let mut cleo = one.browser("cleo").await;
    let dashboard = cleo.get("/portal/dashboard").await.expect(200);
    dashboard.shows("Waiting for you").shows("New hours");
    cleo.get("/portal/notifications").await.expect(200).shows("Harbor IT announces: New hours");
    let list = cleo.get("/portal/announcements").await.expect(200).shows("is-unread").shows("<strong>so</strong>");
    assert!(list.text.contains("side-count\">1<"), "the number beside the menu");
    let own = address.replace("/admin/", "/portal/");
    // By script: 204, and again the same.
    for _ in 0..2 {
        cleo.post_json(&format!("{own}/read"), &serde_json::json!({})).await.expect(204);
    }
    cleo.get("/portal/announcements").await.expect(200).hides("is-unread").hides("side-count\">1<");
    // Without script its title is a button.
    let mut ben = one.browser("ben").await;
    assert_eq!(ben.post(&own, &[]).await.expect(303).location(), own);
    ben.get(&own).await.expect(200).shows("New hours").hides("Mark as read");
    // The admin sees who, of which company, and who not.
    let page = mira.get(&address).await.expect(200);
    page.shows("Cleo Vance").shows("Ben Marsh").shows("2 of 4").shows("Not yet").shows("Bluefin Freight");
    mira.get("/admin/announcements").await.expect(200).shows("2 of 4");
    // No mail was asked for.
    one.run_jobs().await;
    assert_eq!(one.mails().len(), 0);
}

#[actix_web::test]
async fn it_comes_by_mail_where_that_was_asked_for_and_the_person_takes_such_mail() {
    let one = Installation::new().await;
    let mut dora = one.browser("dora").await;
    dora.post("/portal/settings", &[("mail", "envelope")]).await.expect(303);
    let mut mira = one.browser("mira").await;
    write(&mut mira, "Power cut on Friday", &[("by_mail", "true")]).await.expect(303);
    one.run_jobs().await;
    let mails = one.mails();
    let to =
        |address: &str| mails.iter().filter(|mail| mail.contains(&format!("<{address}>")) && mail.contains("Power cut")).count();
    assert_eq!([to("cleo@acmedental.example"), to("gus@bluefin.example"), to("dora@acmedental.example")], [1, 1, 0]);
    assert!(mails.iter().all(|mail| !mail.contains("It is **so**")), "a mail tells of it, the text stays in the portal");
}

#[actix_web::test]
async fn what_is_scheduled_publishes_itself_at_its_time_in_the_msps_zone() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    // 10:00 UTC is 04:00 in Chicago: half past four is in half an hour.
    let when = [("when", "at"), ("publish_at", "2026-03-02T04:30")];
    let address = write(&mut mira, "In half an hour", &when).await.expect(303).location().to_owned();
    mira.get(&address).await.expect(200).shows("Scheduled").shows("2026-03-02, 04:30 in America/Chicago");
    one.platform.clock.advance(29 * Moment::MINUTE);
    one.run_jobs().await;
    let mut cleo = one.browser("cleo").await;
    cleo.get("/portal/announcements").await.expect(200).hides("In half an hour");
    // Put off by an hour: the first time comes and nothing happens.
    let later =
        [("title", "In half an hour"), ("body", "Later."), ("whom", "all"), ("when", "at"), ("publish_at", "2026-03-02T05:30")];
    mira.post(&format!("{address}/edit"), &later).await.expect(303);
    one.platform.clock.advance(2 * Moment::MINUTE);
    one.run_jobs().await;
    cleo.get("/portal/announcements").await.expect(200).hides("In half an hour");
    one.platform.clock.advance(Moment::HOUR);
    one.run_jobs().await;
    cleo.get("/portal/announcements").await.expect(200).shows("In half an hour").shows("Later.");
    mira.get(&address).await.expect(200).shows("Published");
}

#[actix_web::test]
async fn one_that_is_set_for_a_time_can_be_stopped() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let when = [("when", "at"), ("publish_at", "2026-03-02T04:30")];
    let address = write(&mut mira, "Not after all", &when).await.expect(303).location().to_owned();
    mira.post(&format!("{address}/withdraw"), &[]).await.expect(303);
    one.platform.clock.advance(Moment::HOUR);
    one.run_jobs().await;
    one.browser("cleo").await.get("/portal/announcements").await.expect(200).hides("Not after all");
    mira.get(&address).await.expect(200).shows("Draft");
}

#[actix_web::test]
async fn a_published_one_keeps_whom_it_is_for_its_words_can_be_mended_and_it_can_be_withdrawn() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let bluefin = one.cast.bluefin.to_string();
    let chosen = [("whom", "chosen"), ("companies", bluefin.as_str())];
    let address = write(&mut mira, "For Bluefin", &chosen).await.expect(303).location().to_owned();
    let mended = [("title", "For Bluefin"), ("body", "Corrected text."), ("whom", "all"), ("when", "draft")];
    mira.post(&format!("{address}/edit"), &mended).await.expect(303);
    let mut gus = one.browser("gus").await;
    gus.get("/portal/announcements").await.expect(200).shows("Corrected text.").shows("corrected");
    let bell = gus.get("/portal/notifications").await.expect(200).text;
    assert_eq!(bell.matches("announces: For Bluefin").count(), 1, "nobody is told twice");
    one.browser("cleo").await.get("/portal/announcements").await.expect(200).hides("For Bluefin");
    let refused = mira.post(&format!("{address}/delete"), &[]).await.expect(409);
    refused.shows("Only a draft can be deleted").shows("Withdraw it instead");
    mira.post(&format!("{address}/withdraw"), &[]).await.expect(303);
    let own = address.replace("/admin/", "/portal/");
    gus.get("/portal/announcements").await.expect(200).hides("For Bluefin");
    gus.get(&own).await.expect(404);
    gus.get("/portal/notifications").await.expect(200).hides("For Bluefin");
    gus.get_json("/api/v1/notifications").await.expect(200).hides("For Bluefin");
    // Written anew as a draft it is still one that clients have seen.
    let anew =
        [("title", "For Bluefin"), ("body", "Not yet."), ("whom", "chosen"), ("companies", bluefin.as_str()), ("when", "draft")];
    mira.post(&format!("{address}/edit"), &anew).await.expect(303);
    mira.post(&format!("{address}/delete"), &[]).await.expect(409);
    gus.get(&own).await.expect(404);
    // Published again it is there again, and so is its line: one.
    let again =
        [("title", "For Bluefin"), ("body", "Again."), ("whom", "chosen"), ("companies", bluefin.as_str()), ("when", "now")];
    mira.post(&format!("{address}/edit"), &again).await.expect(303);
    gus.get(&own).await.expect(200).shows("Again.");
    let bell = gus.get("/portal/notifications").await.expect(200).text;
    assert_eq!(bell.matches("announces: For Bluefin").count(), 1);
}

#[actix_web::test]
async fn a_form_that_is_wrong_says_where_and_keeps_what_was_typed() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let page = write(&mut mira, "", &[("body", ""), ("whom", "chosen"), ("when", "at"), ("publish_at", "2025-01-01T10:00")]).await;
    page.expect(422).shows("Give it a title").shows("at least one client").shows("Choose a time to come").shows("2025-01-01T10:00");
    write(&mut mira, "T", &[("when", "at"), ("publish_at", "soon")]).await.expect(422).shows("Choose the day and the time");
    // Another MSP's client is none of the list.
    let fir = one.cast.fir.to_string();
    write(&mut mira, "T", &[("whom", "chosen"), ("companies", &fir)]).await.expect(422).shows("Choose clients from the list");
    let preview = write(&mut mira, "Seen before", &[("preview", "1")]).await.expect(200);
    preview.shows("Preview, not saved").shows("<strong>so</strong>");
    mira.get("/admin/announcements").await.expect(200).shows("No announcements yet");
    // A draft may be unfinished, and goes without a trace for clients.
    let address = write(&mut mira, "Half", &[("body", ""), ("when", "draft")]).await.expect(303).location().to_owned();
    mira.post(&format!("{address}/delete"), &[]).await.expect(303);
    mira.get(&address).await.expect(404);
}
