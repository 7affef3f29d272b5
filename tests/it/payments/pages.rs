//! The pages of payouts: who sees what, whose button stands where, and what the posts do.

use entity::{
    Reach,
    payments::{PayoutStatus, Step, Turn, settlement, webhook},
    wall::Unwalled,
};
use one_legal::platform::{Actor, money};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use serde_json::json;

use super::till::{DAY, Till};
use crate::{
    causes,
    support::{Browser, Installation, World},
};

const DECLINES: &str = "4000000000000341";
const ALWAYS_ASKS: &str = "4000002760003184";

fn dollars(minor: i64) -> String {
    money::words(minor, "USD")
}

#[actix_web::test]
async fn both_sides_read_the_history_and_nobody_else() {
    let till = Till::open().await;
    let id = till.bill(150_000).await;
    let address = format!("/legal/payouts/{id}");
    for key in ["mira", "tom", "vik"] {
        let mut browser = till.one.browser(key).await;
        browser.get("/legal/payouts").await.expect(200).shows("Ada Lovelace").shows(&dollars(150_000)).shows(&address);
        browser.get(&address).await.expect(200).shows("Monthly fee").shows("What happened");
    }
    let mut ada = till.one.browser("ada").await;
    ada.get("/legal/payouts").await.expect(200).shows("Harbor IT").shows(&dollars(150_000));
    ada.get(&address).await.expect(200).shows("Harbor IT");
    for key in ["sam", "eve"] {
        let mut browser = till.one.browser(key).await;
        if key == "eve" {
            browser.get("/legal/payouts").await.expect(200).hides(&address);
        }
        browser.get(&address).await.expect(404);
        for verb in ["approve", "try-again", "waive", "confirm"] {
            browser.post(&format!("{address}/{verb}"), &[]).await.expect(404);
        }
    }
    for key in ["sam", "ben", "olga"] {
        till.one.browser(key).await.get("/legal/payouts").await.expect(404);
    }
    let mut tom = till.one.browser("tom").await;
    for verb in ["approve", "try-again", "waive", "confirm"] {
        tom.post(&format!("{address}/{verb}"), &[]).await.expect(403);
    }
}

#[actix_web::test]
async fn a_month_that_goes_well_is_told_to_its_end() {
    let till = Till::open().await;
    let id = till.bill(150_000).await;
    let row = till.until(id, &[Step::Paid], 12).await;
    let page = till.one.browser("ada").await.get(&format!("/legal/payouts/{id}")).await.expect(200);
    page.shows("The payout has reached the bank")
        .shows(&row.charge.expect("a charge"))
        .shows(&row.transfer.expect("a transfer"))
        .shows(&row.payout.expect("a payout"))
        .shows("carried by the platform")
        .hides("It is your turn");
    let mut mira = till.one.browser("mira").await;
    mira.get("/legal/payouts?status=paid").await.expect(200).shows(&id.to_string());
    mira.get("/legal/payouts?status=failed").await.expect(200).shows("No payout fits these filters").hides(&id.to_string());
    mira.get("/legal/payouts?retainer=retainer%3Atest").await.expect(200).shows(&id.to_string());
    mira.get("/legal/payouts?retainer=retainer%3Aother&page=nonsense").await.expect(200).hides(&id.to_string());
}

#[actix_web::test]
async fn a_declined_card_is_the_msps_turn_and_a_new_one_is_charged() {
    let till = Till::with(&[], DECLINES, "000123456789").await;
    let id = till.bill(150_000).await;
    till.quiet().await;
    let address = format!("/legal/payouts/{id}");
    let mut mira = till.one.browser("mira").await;
    let page = mira.get("/legal/payouts").await.expect(200).shows("Next attempt");
    causes::named("L9.2", &page.text);
    causes::named("L9.4", &page.text);
    mira.get(&address).await.expect(200).shows("It is your turn").shows("/legal/billing").shows("Charge Again");
    mira.get("/legal/dashboard").await.expect(200).shows("Change Payment Method");
    let mut ada = till.one.browser("ada").await;
    ada.get(&address).await.expect(200).shows("Whose turn: The MSP").hides("It is your turn").hides("Charge Again");
    till.one.browser("tom").await.get("/legal/dashboard").await.expect(200).hides("Change Payment Method");
    till.give_method(&till.customer, "4242424242424242").await;
    mira.post(&format!("{address}/try-again"), &[]).await.expect(303);
    till.until(id, &[Step::Paid], 12).await;
    // Her session has ended meanwhile.
    let mut mira = till.one.browser("mira").await;
    assert_eq!(mira.post(&format!("{address}/try-again"), &[]).await.expect(409).status, 409);
}

#[actix_web::test]
async fn the_attorney_can_let_it_go() {
    let till = Till::with(&[], DECLINES, "000123456789").await;
    let id = till.bill(150_000).await;
    till.quiet().await;
    let address = format!("/legal/payouts/{id}");
    till.one.browser("mira").await.post(&format!("{address}/waive"), &[]).await.expect(403);
    let mut ada = till.one.browser("ada").await;
    ada.get(&address).await.expect(200).shows("Waive this amount?");
    ada.post(&format!("{address}/waive"), &[]).await.expect(303);
    ada.get(&address).await.expect(200).shows("Ada Whitfield waived").hides("Waive this amount?");
}

#[actix_web::test]
async fn a_large_amount_waits_for_two_people() {
    let till = Till::with(&[("PAYOUT_APPROVAL_LIMIT", "1000")], "4242424242424242", "000123456789").await;
    let id = till.bill(150_000).await;
    till.quiet().await;
    let address = format!("/legal/payouts/{id}");
    let mut mira = till.one.browser("mira").await;
    mira.get(&address).await.expect(200).shows("Nobody has approved it yet");
    mira.post(&format!("{address}/approve"), &[]).await.expect(303);
    mira.get(&address).await.expect(200).shows("Approved by Mira Castellan; 1 more");
    mira.post(&format!("{address}/approve"), &[]).await.expect(409);
    till.one.browser("ada").await.post(&format!("{address}/approve"), &[]).await.expect(403);
    assert_eq!(till.row(id).await.step, Step::Approval);
}

#[actix_web::test]
async fn a_payment_the_bank_asks_about_leads_to_the_banks_page_by_a_page_of_ours() {
    let till = Till::with(&[], ALWAYS_ASKS, "000123456789").await;
    let id = till.bill(150_000).await;
    till.until(id, &[Step::Confirming], 3).await;
    let address = format!("/legal/payouts/{id}");
    let mut mira = till.one.browser("mira").await;
    mira.get(&address).await.expect(200).shows("Confirm Payment");
    let page = mira.post(&format!("{address}/confirm"), &[]).await.expect(200);
    page.shows("http-equiv=\"refresh\"").shows(&till.stripe.url).shows("Confirm the Payment");
    mira.get(&format!("{address}/confirmed")).await.expect(303);
    till.one.browser("tom").await.get(&format!("{address}/confirmed")).await.expect(403);
    till.one.browser("eve").await.get(&format!("{address}/confirmed")).await.expect(404);
}

#[actix_web::test]
async fn the_payment_method_is_set_up_at_stripe_and_removed_here() {
    let till = Till::open().await;
    let mut mira = till.one.browser("mira").await;
    mira.get("/legal/billing").await.expect(200).shows("Payment method").shows("Remove this payment method?");
    let page = mira.post("/legal/billing/set-up", &[]).await.expect(200);
    page.shows("http-equiv=\"refresh\"").shows(&till.stripe.url);
    assert_eq!(mira.get("/legal/billing/back").await.expect(303).location(), "/legal/billing");
    mira.post("/legal/billing/remove", &[]).await.expect(303);
    mira.get("/legal/billing").await.expect(200).shows("No payment method yet").shows("Add Payment Method");
    mira.get("/legal/payouts").await.expect(200).shows("Add Payment Method");
    for key in ["tom", "vik"] {
        let mut browser = till.one.browser(key).await;
        browser.get("/legal/billing").await.expect(403);
        browser.post("/legal/billing/set-up", &[]).await.expect(403);
    }
    for key in ["ada", "ben", "olga"] {
        till.one.browser(key).await.get("/legal/billing").await.expect(404);
    }
}

/// Mira gives a card at Stripe's own page; she comes back from it, or closes the window and Stripe's webhook tells.
async fn gives_a_card(till: &Till, mira: &mut Browser, number: &str, comes_back: bool) {
    let page = mira.post("/legal/billing/set-up", &[]).await.expect(200);
    let to = page.text.split("href=\"").find_map(|rest| rest.split('"').next().filter(|to| to.contains("/_hosted/checkout/")));
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let answer = client.post(to.expect("the way to Checkout")).form(&[("action", "card"), ("card_number", number)]).send().await;
    let answer = answer.expect("Checkout answers");
    let back = answer.headers()["location"].to_str().expect("an address").to_owned();
    assert_eq!(back, till.platform().config.link("/legal/billing/back"));
    if comes_back {
        mira.get("/legal/billing/back").await.expect(303);
    }
    till.quiet().await;
}

#[actix_web::test]
async fn a_method_given_at_checkout_hastens_the_charge_that_waits_for_its_retry() {
    for comes_back in [true, false] {
        let till = Till::with(&[], DECLINES, "000123456789").await;
        let id = till.bill(150_000).await;
        till.quiet().await;
        let row = till.row(id).await;
        assert_eq!((row.step, row.attempt, row.next_at), (Step::Scheduled, 1, Some(till.now().plus(DAY * 1_000))));
        let mut mira = till.one.browser("mira").await;
        // Not a moment passes between.
        gives_a_card(&till, &mut mira, "4242424242424242", comes_back).await;
        let row = till.row(id).await;
        assert_eq!((row.step, row.attempt, row.turn), (Step::PayingOut, 2, Turn::Nobody), "{comes_back}: {}", row.cause);
        assert_eq!(till.moved(id), (150_000, 150_000));
        // The moment of the old retry comes and nothing more is charged.
        till.until(id, &[Step::Paid], 12).await;
        assert_eq!(till.moved(id), (150_000, 150_000));
    }
}

#[actix_web::test]
async fn what_the_bank_gave_back_is_not_charged_to_a_new_method_by_itself() {
    let till = Till::open().await;
    let id = till.bill(150_000).await;
    till.quiet().await;
    let charge = till.row(id).await.charge.expect("charged");
    let dispute = till.admin(&format!("charge/{charge}/dispute"), json!({}));
    till.admin(&format!("dispute/{}/lose", dispute["id"].as_str().expect("an id")), json!({}));
    till.until(id, &[Step::Failed], 5).await;
    let mut mira = till.one.browser("mira").await;
    gives_a_card(&till, &mut mira, "5555555555554444", true).await;
    till.pass(3 * DAY).await;
    assert_eq!((till.row(id).await.step, till.moved(id)), (Step::Failed, (0, 0)));
    let mut mira = till.one.browser("mira").await;
    mira.get(&format!("/legal/payouts/{id}")).await.expect(200).shows("Given back to the MSP").shows("Charge Again");
    mira.post(&format!("/legal/payouts/{id}/try-again"), &[]).await.expect(303);
    till.until(id, &[Step::Paid], 12).await;
    assert_eq!(till.moved(id), (150_000, 150_000));
}

#[actix_web::test]
async fn an_attorney_reads_in_words_what_stripe_wants() {
    let till = Till::open().await;
    let mut ada = till.one.browser("ada").await;
    ada.get("/legal/profile/payouts").await.expect(200).shows("Ready").shows("6789").shows("Open Stripe");
    ada.post("/legal/profile/payouts/stripe", &[]).await.expect(200).shows("http-equiv=\"refresh\"");
    let restriction = json!({ "reason": "requirements.past_due", "requirement": "individual.verification.document" });
    till.admin(&format!("account/{}/restrict", till.account), restriction);
    ada.get("/legal/profile/payouts/back").await.expect(303);
    let page = ada.get("/legal/profile/payouts").await.expect(200);
    page.shows("Restricted").shows("its deadline has passed").shows("A photo of an identity document");
    ada.post("/legal/profile/payouts", &[]).await.expect(200).shows(&till.stripe.url);
    let again = ada.get("/legal/profile/payouts/again").await.expect(303);
    assert!(again.location().starts_with(&till.stripe.url), "{}", again.location());
    // Both of these she must hear of, although it was she who looked.
    till.quiet().await;
    ada.get("/legal/notifications").await.expect(200).shows("Stripe has restricted your payout account");
    for key in ["mira", "ben", "olga"] {
        till.one.browser(key).await.get("/legal/profile/payouts").await.expect(404);
    }
}

#[actix_web::test]
async fn whoever_has_not_begun_is_told_where_to() {
    let one = Installation::new().await;
    let mut ada = one.browser("ada").await;
    causes::named("L9.1", &ada.get("/legal/payouts").await.expect(200).text);
    ada.get("/legal/profile").await.expect(200).shows("/legal/profile/payouts");
    ada.get("/legal/profile/payouts").await.expect(200).shows("Payments are not set up");
    assert_eq!(ada.post("/legal/profile/payouts", &[]).await.expect(409).status, 409);
    let mut mira = one.browser("mira").await;
    mira.get("/legal/payouts").await.expect(200).shows("Add Payment Method");
    mira.get("/legal/billing").await.expect(200).shows("Payments are not set up");
    one.browser("tom").await.get("/legal/payouts").await.expect(200).shows("No payouts yet").hides("Add Payment Method");
}

#[actix_web::test]
async fn payouts_are_the_primary_attorneys_and_other_attorneys_find_none() {
    let one = Installation::new().await;
    for key in ["sam", "lou", "nils"] {
        let mut browser = one.browser(key).await;
        for address in ["/legal/payouts", "/legal/payouts/year", "/legal/statements", "/legal/profile/payouts"] {
            browser.get(address).await.expect(404);
        }
        for address in ["/legal/profile/payouts", "/legal/profile/payouts/stripe"] {
            browser.post(address, &[]).await.expect(404);
        }
        browser.get("/legal/profile").await.expect(200).hides("/legal/profile/payouts");
    }
    one.browser("ada").await.get("/legal/profile/payouts").await.expect(200);
}

#[actix_web::test]
async fn the_operator_sees_what_is_stuck_and_has_it_looked_at() {
    let till = Till::with(&[], DECLINES, "000123456789").await;
    let id = till.bill(150_000).await;
    till.quiet().await;
    let mut olga = till.one.browser("olga").await;
    olga.get("/operator/payouts").await.expect(200).shows("Harbor IT").shows("Look Again").shows("The MSP");
    olga.post(&format!("/operator/payouts/{id}/look-again"), &[]).await.expect(303);
    olga.post("/operator/payouts/reconcile", &[]).await.expect(303);
    till.quiet().await;
    olga.get("/operator/payouts").await.expect(200).shows("Both agree").shows("Olga Petrova");
    till.one.browser("mira").await.get("/admin/payouts").await.expect(200).shows("Ada Lovelace").hides("Look Again");
    till.one.browser("eve").await.get("/admin/payouts").await.expect(200).shows("Nothing is stuck");
    till.one.browser("tom").await.get("/admin/payouts").await.expect(403);
    for address in ["/operator/payouts", "/operator/webhooks"] {
        till.one.browser("mira").await.get(address).await.expect(404);
    }
}

#[actix_web::test]
async fn without_stripe_nothing_is_charged_again_and_the_payout_stays_stuck() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let address = format!("/legal/payouts/{}", world.story.settlement);
    // A card was declined once, in the days when Stripe was there.
    let mut work = one.platform.work(Actor::program("test"), Reach::Everything("a test")).await.expect("a work");
    let next = work.now().plus(3 * DAY * 1_000);
    settlement::Entity::update_many()
        .col_expr(settlement::Column::Step, Expr::value(Step::Scheduled.word()))
        .col_expr(settlement::Column::Status, Expr::value(PayoutStatus::Retrying.word()))
        .col_expr(settlement::Column::Cause, Expr::value("insufficient_funds"))
        .col_expr(settlement::Column::Turn, Expr::value(Turn::Msp.word()))
        .col_expr(settlement::Column::Attempt, Expr::value(1))
        .col_expr(settlement::Column::NextAt, Expr::value(next.0))
        .filter(settlement::Column::Id.eq(world.story.settlement))
        .exec(work.write())
        .await
        .expect("written");
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
    let mut mira = one.browser("mira").await;
    let refused = mira.post(&format!("{address}/try-again"), &[]).await.expect(409);
    refused.shows("Payments are not set up").shows("STRIPE_SECRET_KEY");
    // Days after its next attempt, too, which nobody makes.
    one.platform.clock.advance(20 * DAY * 1_000);
    let mut mira = one.browser("mira").await;
    let page = mira.get(&address).await.expect(200);
    page.shows("Payments are not set up")
        .shows("Whose turn: The platform")
        .shows("Not charged")
        .hides("Next attempt")
        .hides("it goes on by itself")
        .hides("Change Payment Method")
        .hides("Charge Again");
    mira.get("/legal/payouts").await.expect(200).shows("Not charged").hides("Next attempt").hides("Change Payment Method");
    mira.get("/legal/dashboard").await.expect(200).shows("Not charged: ").shows(&address);
    mira.get("/legal/billing").await.expect(200).shows("Payments are not set up").hides(">Ready<");
    mira.get("/admin/payouts").await.expect(200).shows(&address).hides("Nothing is stuck");
    one.browser("olga").await.get("/operator/payouts").await.expect(200).shows("Harbor IT").hides("Nothing is stuck");
}

#[actix_web::test]
async fn what_was_not_charged_at_its_moment_is_stuck() {
    let till = Till::with(&[], DECLINES, "000123456789").await;
    let id = till.bill(150_000).await;
    till.quiet().await;
    // It goes on by itself, and no job does it.
    let mut work = till.platform().work(Actor::program("test"), Reach::Everything("a test")).await.expect("a work");
    let update = settlement::Entity::update_many().col_expr(settlement::Column::Turn, Expr::value(Turn::Nobody.word()));
    update.filter(settlement::Column::Id.eq(id)).exec(work.write()).await.expect("written");
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
    till.one.browser("mira").await.get("/admin/payouts").await.expect(200).shows("Nothing is stuck");
    till.one.platform.clock.advance(2 * DAY * 1_000);
    let mut mira = till.one.browser("mira").await;
    mira.get("/admin/payouts").await.expect(200).shows("Its moment has passed and it was not charged").hides("Nothing is stuck");
    mira.get(&format!("/legal/payouts/{id}")).await.expect(200).shows("Not charged").shows("Charge Again").hides("Next attempt");
}

#[actix_web::test]
async fn a_webhook_is_shown_without_its_secrets_and_worked_off_again() {
    let till = Till::open().await;
    till.bill(150_000).await;
    till.quiet().await;
    till.pass(DAY).await;
    let tx = till.one.tx().await;
    let rows = webhook::Entity::rows().order_by_asc(webhook::Column::Id).all(&tx).await.expect("webhooks");
    drop(tx);
    let row = rows.iter().find(|row| row.kind.starts_with("payment_intent.")).expect("Stripe told of the charge");
    let mut olga = till.one.browser("olga").await;
    olga.get("/operator/webhooks").await.expect(200).shows("Worked off").shows("Replay");
    olga.get("/operator/webhooks?show=waiting").await.expect(200).shows("All are worked off");
    let page = olga.get(&format!("/operator/webhooks/{}", row.id)).await.expect(200);
    page.shows(&row.kind).shows("payment_intent").hides("_secret_");
    olga.post(&format!("/operator/webhooks/{}/replay", row.id), &[]).await.expect(303);
    olga.get("/operator/webhooks?show=waiting").await.expect(200).shows(&row.id);
    till.quiet().await;
    olga.get("/operator/webhooks?show=waiting").await.expect(200).shows("All are worked off");
    olga.get("/operator/webhooks/evt_none").await.expect(404);
}
