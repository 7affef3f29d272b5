//! What a month costs so far stands on the retainer's page, by the days on which it ran.

use entity::Moment;

use super::desk::{TERMS, offer, running};
use crate::support::Installation;

#[actix_web::test]
async fn a_whole_month_costs_the_fee() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    for person in ["ada", "mira"] {
        let page = one.browser(person).await.get(&retainer).await.expect(200);
        page.shows("The bill so far").shows("$1,500.00 so far").hides("of 31 days");
    }
}

#[actix_web::test]
async fn a_first_month_in_part_costs_its_days_and_covers_its_part_of_the_hours() {
    let one = Installation::new().await;
    let mut ada = one.browser("ada").await;
    let mut terms: Vec<(&str, &str)> = TERMS.iter().copied().filter(|(name, _)| *name != "starts_on").collect();
    terms.extend([("starts_on", "2026-03-17"), ("then", "offer")]);
    let retainer = ada.post("/legal/retainers/new", &terms).await.expect(303).location().to_owned();
    ada.get(&retainer).await.expect(200).hides("The bill so far");
    one.browser("mira").await.post(&format!("{retainer}/accept"), &[("terms_version", "1")]).await.expect(303);
    let page = ada.get(&retainer).await.expect(200);
    page.shows("15 of 31 days").shows("$725.81 so far").shows("0.0 of 4.9 h").shows("10.0 h a month");
}

#[actix_web::test]
async fn days_of_a_pause_are_not_billed_and_hours_beyond_lead_to_their_entries() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut ada = one.browser("ada").await;
    let hours = [("worked_on", "2026-03-02"), ("time", "11h"), ("description", "Read the leases of all the offices.")];
    ada.post(&format!("{retainer}/hours"), &hours).await.expect(303);
    let page = ada.get(&retainer).await.expect(200);
    page.shows("$250.00").shows("$1,750.00 so far").shows("/hours?from=2026-03-01&#38;to=2026-03-31");
    one.platform.clock.advance(Moment::MINUTE);
    ada.post(&format!("{retainer}/pause"), &[]).await.expect(303);
    // Paused on the 2nd, resumed on the 13th: the ten days between do not count.
    one.platform.clock.advance(11 * Moment::DAY);
    let mut ada = one.browser("ada").await;
    ada.post(&format!("{retainer}/resume"), &[]).await.expect(303);
    // 21 of 31 days: $1,016.13, and 6.8 of 11 hours are covered.
    ada.get(&retainer).await.expect(200).shows("21 of 31 days").shows("$1,016.13").shows("4.2 h beyond 6.8 h").shows("$2,066.13");
}

#[actix_web::test]
async fn an_offer_shows_no_bill() {
    let one = Installation::new().await;
    let retainer = offer(&mut one.browser("ada").await).await;
    let mut mira = one.browser("mira").await;
    mira.get(&retainer).await.expect(200).hides("The bill so far");
    assert_eq!(mira.get_json(&format!("{retainer}/hours/ledes")).await.expect(409).code(), "not_accepted");
}

#[actix_web::test]
async fn the_bill_leaves_as_ledes_and_its_lines_add_up() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut ada = one.browser("ada").await;
    for (time, description) in [("8h", "Read the leases"), ("3h", "Wrote to Acme’s landlord [draft|final]")] {
        let hours = [("worked_on", "2026-03-02"), ("time", time), ("description", description)];
        ada.post(&format!("{retainer}/hours"), &hours).await.expect(303);
    }
    ada.get(&format!("{retainer}/hours")).await.expect(200).shows("/hours/ledes");
    for person in ["ada", "mira"] {
        let file = one.browser(person).await.get(&format!("{retainer}/hours/ledes")).await.expect(200);
        assert_eq!(one_legal::retainers::check_ledes(&file.text), Vec::<String>::new());
        let file = file.shows("|1750.00|20260301|20260331|").shows("Whitfield, Ada|PT|").shows("(draft/final)");
        file.shows("Read the leases");
    }
    one.browser("eve").await.get(&format!("{retainer}/hours/ledes")).await.expect(404);
}
