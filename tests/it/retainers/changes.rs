//! New terms from a later month, hours that roll over, and the warning before they run out.

use entity::Moment;

use super::desk::{TERMS, meter, running};
use crate::support::{Browser, Installation};

const DEARER: [(&str, &str); 5] =
    [("fee", "2,000"), ("included", "12"), ("rate", "300"), ("rolls_over", "true"), ("effective_on", "2026-04-01")];

/// The id of the offer on a page.
fn change(page: &str) -> String {
    let rest = page.split("name=\"change\" value=\"").nth(1).expect("an offer on the page");
    rest.split('"').next().expect("an id").to_owned()
}

async fn log(browser: &mut Browser, retainer: &str, day: &str, time: &str) {
    let hours = [("worked_on", day), ("time", time), ("description", "Worked")];
    browser.post(&format!("{retainer}/hours"), &hours).await.expect(303);
}

#[actix_web::test]
async fn new_terms_hold_from_their_day_and_the_old_ones_for_the_months_before() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut ada = one.browser("ada").await;
    log(&mut ada, &retainer, "2026-03-02", "11h").await;
    ada.get(&format!("{retainer}/change")).await.expect(200).shows("value=\"2026-04-01\"").shows("$1,500.00 a month");
    ada.post(&format!("{retainer}/change"), &DEARER).await.expect(303);
    let mut mira = one.browser("mira").await;
    mira.get("/legal/notifications").await.expect(200).shows("offers new terms for your retainer");
    mira.get("/legal/dashboard").await.expect(200).shows("Accept or decline the new terms Ada Whitfield offers");
    let page = mira.get(&retainer).await.expect(200);
    let id = change(&page.text);
    page.shows("New terms from 1 Apr 2026").shows("$2,000.00 a month with 12 h included (unused ones roll over)");
    // A technician reads, the attorney does not accept their own offer.
    one.browser("tom").await.get(&retainer).await.expect(200).shows("New terms from").hides("Accept the new terms");
    for key in ["ada", "tom", "vik"] {
        one.browser(key).await.post(&format!("{retainer}/change/accept"), &[("change", &id)]).await.expect(403);
    }
    one.browser("eve").await.post(&format!("{retainer}/change/accept"), &[("change", &id)]).await.expect(404);
    mira.post(&format!("{retainer}/change/accept"), &[("change", &id)]).await.expect(303);
    mira.post(&format!("{retainer}/change/accept"), &[("change", &id)]).await.expect(409);
    ada.get("/legal/notifications").await.expect(200).shows("accepted your new terms");
    // March stays what it was.
    for person in ["ada", "mira"] {
        let page = one.browser(person).await.get(&retainer).await.expect(200);
        page.shows("$1,750.00 so far").shows("11.0 of 10.0 h").shows("From 1 Apr 2026").shows("accepted by Mira Castellan");
    }
    one.platform.clock.advance(31 * Moment::DAY);
    let mut ada = one.browser("ada").await;
    ada.get(&retainer).await.expect(200).shows("$2,000.00 so far").shows("0.0 of 12.0 h").hides("From 1 Apr 2026");
    // The bill of March is still March's, and its lines add up.
    let file = ada.get(&format!("{retainer}/hours/ledes?from=2026-03-15")).await.expect(200).shows("|1750.00|20260301|20260331|");
    assert_eq!(one_legal::retainers::check_ledes(&file.text), Vec::<String>::new());
    let history = ada.get(&format!("{retainer}/history")).await.expect(200);
    history.shows("offered new terms").shows("accepted the new terms").shows("from 1 Apr 2026: $2,000.00 a month");
}

#[actix_web::test]
async fn an_offer_of_new_terms_is_taken_back_declined_or_comes_too_late() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut ada = one.browser("ada").await;
    let mut mira = one.browser("mira").await;
    let address = format!("{retainer}/change");
    ada.post(&address, &DEARER).await.expect(303);
    ada.post(&address, &DEARER).await.expect(409).shows("wait for the MSP already");
    let first = change(&mira.get(&retainer).await.text);
    ada.post(&format!("{address}/withdraw"), &[("change", &first)]).await.expect(303);
    mira.post(&format!("{address}/accept"), &[("change", &first)]).await.expect(409).shows("do not wait any more");
    ada.post(&address, &DEARER).await.expect(303);
    let second = change(&mira.get(&retainer).await.text);
    // What was seen is what is accepted.
    mira.post(&format!("{address}/accept"), &[("change", &first)]).await.expect(409);
    mira.post(&format!("{address}/decline"), &[("change", &second)]).await.expect(303);
    ada.get("/legal/notifications").await.expect(200).shows("declined your new terms");
    ada.get(&retainer).await.expect(200).shows("$1,500.00").hides("New terms from");
    ada.post(&address, &DEARER).await.expect(303);
    let third = change(&mira.get(&retainer).await.text);
    one.platform.clock.advance(31 * Moment::DAY);
    let mut mira = one.browser("mira").await;
    mira.get(&retainer).await.expect(200).shows("Their day has come").hides("Accept the new terms");
    mira.post(&format!("{address}/accept"), &[("change", &third)]).await.expect(409).shows("a month that runs does not change");
    mira.get(&retainer).await.expect(200).shows("$1,500.00 so far");
}

#[actix_web::test]
async fn new_terms_begin_on_the_first_day_of_a_later_month_and_change_something() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut ada = one.browser("ada").await;
    for (field, value, words) in [
        ("effective_on", "2026-03-01", "Choose one of the months"),
        ("effective_on", "2026-04-02", "Choose one of the months"),
        ("effective_on", "2028-04-01", "Choose one of the months"),
        ("fee", "lots", "An amount such as"),
        ("included", "ten", "Hours a month"),
    ] {
        let mut fields: Vec<(&str, &str)> = DEARER.iter().copied().filter(|(name, _)| *name != field).collect();
        fields.push((field, value));
        ada.post(&format!("{retainer}/change"), &fields).await.expect(422).shows(words);
    }
    let mut same: Vec<(&str, &str)> = TERMS.to_vec();
    same.push(("effective_on", "2026-04-01"));
    ada.post(&format!("{retainer}/change"), &same).await.expect(422).shows("the terms that hold then anyway");
    one.browser("mira").await.get(&format!("{retainer}/change")).await.expect(403);
    one.browser("sam").await.get(&format!("{retainer}/change")).await.expect(404);
}

#[actix_web::test]
async fn unused_hours_count_in_the_next_month_and_no_further() {
    let one = Installation::new().await;
    let mut ada = one.browser("ada").await;
    let mut terms = TERMS.to_vec();
    terms.extend([("rolls_over", "true"), ("then", "offer")]);
    let retainer = ada.post("/legal/retainers/new", &terms).await.expect(303).location().to_owned();
    one.browser("mira").await.post(&format!("{retainer}/accept"), &[("terms_version", "1")]).await.expect(303);
    log(&mut ada, &retainer, "2026-03-02", "4h").await;
    one.platform.clock.advance(31 * Moment::DAY);
    let mut ada = one.browser("ada").await;
    ada.get(&retainer).await.expect(200).shows("0.0 of 16.0 h").shows("10.0 h + 6.0 h carried over");
    log(&mut ada, &retainer, "2026-04-01", "17h").await;
    let read = meter(&mut ada).await;
    assert_eq!(
        (&read["included_minutes"], &read["carried_minutes"], &read["overage_minutes"]),
        (&960.into(), &360.into(), &60.into())
    );
    ada.get(&retainer).await.expect(200).shows("$1,750.00 so far");
    let file = ada.get(&format!("{retainer}/hours/ledes?from=2026-04-01")).await.expect(200).shows("6.0 h carried over");
    assert_eq!(one_legal::retainers::check_ledes(&file.text), Vec::<String>::new());
    one.platform.clock.advance(31 * Moment::DAY);
    let mut ada = one.browser("ada").await;
    ada.get(&retainer).await.expect(200).shows("0.0 of 10.0 h").hides("carried over");
}

#[actix_web::test]
async fn both_sides_are_told_once_a_month_that_the_hours_run_out() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut ada = one.browser("ada").await;
    let mut mira = one.browser("mira").await;
    log(&mut ada, &retainer, "2026-03-01", "7h").await;
    mira.get("/legal/notifications").await.expect(200).hides("80 % of the hours");
    log(&mut ada, &retainer, "2026-03-02", "1h").await;
    for browser in [&mut ada, &mut mira] {
        let page = browser.get("/legal/notifications").await.expect(200);
        page.shows("80 % of the hours that the retainer with Ada Whitfield includes until 31 Mar 2026 are used").hides("used up");
    }
    let entries = ada.get_json("/api/v1/time_entries").await.expect(200).json();
    let entry = format!("/legal/hours/{}", entries["items"][0]["id"].as_str().expect("an id"));
    // Corrected down and up again: nobody is told twice.
    for time in ["30m", "1h", "4h", "5h"] {
        ada.post(&entry, &[("worked_on", "2026-03-02"), ("time", time), ("description", "Worked")]).await.expect(303);
    }
    for browser in [&mut ada, &mut mira] {
        let page = browser.get("/legal/notifications").await.expect(200).text;
        assert_eq!(page.matches("80 % of the hours").count(), 1, "{page}");
        assert_eq!(page.matches("are used up").count(), 1, "{page}");
    }
    one.run_jobs().await;
    assert!(one.mails().iter().any(|mail| mail.contains("used up")), "by mail as well");
    one.platform.clock.advance(31 * Moment::DAY);
    let mut ada = one.browser("ada").await;
    log(&mut ada, &retainer, "2026-04-01", "10h").await;
    let page = ada.get("/legal/notifications").await.expect(200).shows("until 30 Apr 2026 are used up").text;
    assert!(!page.contains("until 30 Apr 2026 are used<"), "of two marks passed at once the higher one says it");
}
