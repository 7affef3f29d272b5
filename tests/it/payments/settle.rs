//! A month that goes well, and the ways in which it does not.

use entity::payments::{Movement, PayoutStatus, Step, Turn};
use serde_json::json;
use stripe_stand_in::{Fault, FaultKind};

use super::till::{DAY, Till};
use crate::causes;

#[actix_web::test]
async fn a_month_is_charged_passed_on_and_paid_out_once() {
    let till = Till::open().await;
    let id = till.bill(150_000).await;
    let row = till.until(id, &[Step::Paid], 15).await;
    assert_eq!((row.status, row.turn, row.cause.as_str(), row.attempt), (PayoutStatus::Paid, Turn::Nobody, "", 1));
    assert!(row.intent.is_some() && row.charge.is_some() && row.transfer.is_some() && row.payout.is_some());
    assert_eq!(till.moved(id), (150_000, 150_000), "all of it is the attorney's");
    let movements = till.movements(id).await;
    assert_eq!(
        movements.iter().map(|(movement, _)| *movement).collect::<Vec<_>>(),
        [Movement::Due, Movement::Charged, Movement::Transferred, Movement::Fee]
    );
    till.is_balanced("retainer:test").await;
    // Weeks later nothing more has moved.
    till.pass(20 * DAY).await;
    assert_eq!(till.moved(id), (150_000, 150_000));
    assert_eq!(till.movements(id).await, movements);
}

#[actix_web::test]
async fn a_declined_card_is_tried_by_the_schedule_and_then_waits_for_the_msp() {
    let till = Till::with(&[], "4000000000000341", "000123456789").await;
    let id = till.bill(150_000).await;
    till.quiet().await;
    let row = till.row(id).await;
    assert_eq!((row.step, row.status, row.turn, row.attempt), (Step::Scheduled, PayoutStatus::Retrying, Turn::Msp, 1));
    assert_eq!(row.next_at, Some(till.now().plus(DAY * 1_000)));
    let row = till.until(id, &[Step::Failed], 20).await;
    assert_eq!((row.status, row.turn, row.attempt, row.next_at), (PayoutStatus::Failed, Turn::Msp, 4, None));
    assert_eq!(till.moved(id), (0, 0));
    let mails = till.one.mails().join("\n");
    assert!(mails.contains("mira"), "the MSP is told by mail");
    // Another card, and the owner's word.
    till.give_method(&till.customer, "4242424242424242").await;
    let mut mira = till.one.browser("mira").await;
    mira.post(&format!("/legal/payouts/{id}/try-again"), &[]).await.expect(303);
    till.until(id, &[Step::Paid], 15).await;
    assert_eq!(till.moved(id), (150_000, 150_000));
}

#[actix_web::test]
async fn a_bank_debit_is_held_until_it_has_settled() {
    let till = Till::with(&[], "000123456789", "000123456789").await;
    let id = till.bill(150_000).await;
    till.quiet().await;
    let row = till.row(id).await;
    assert_eq!((row.step, row.cause.as_str()), (Step::Settling, "bank_debit"));
    assert_eq!(till.moved(id).1, 0, "nothing is passed on before");
    till.until(id, &[Step::Paid], 20).await;
    assert_eq!(till.moved(id), (150_000, 150_000));
}

#[actix_web::test]
async fn a_debit_returned_after_the_transfer_is_taken_back_and_waits_for_the_msp() {
    let till = Till::with(&[], "000999999991", "000123456789").await;
    let id = till.bill(150_000).await;
    let row = till.until(id, &[Step::Failed, Step::Reversing], 30).await;
    if row.step == Step::Reversing {
        assert_eq!((row.turn, row.cause.as_str()), (Turn::Attorney, "reversal_waits"));
        // Her next earnings cover it.
        let manual = "settings[payouts][schedule][interval]=manual";
        till.call("POST", &format!("/v1/accounts/{}", till.account), manual);
        till.admin("fund", json!({ "amount": 1_000_000, "currency": "usd" }));
        till.call("POST", "/v1/transfers", &format!("amount=200000&currency=usd&destination={}", till.account));
        till.until(id, &[Step::Failed], 10).await;
    }
    let row = till.row(id).await;
    assert_eq!((row.status, row.turn, row.cause.as_str()), (PayoutStatus::Failed, Turn::Msp, "debit_returned"));
    assert_eq!(till.moved(id), (0, 0));
    till.is_balanced("retainer:test").await;
}

#[actix_web::test]
async fn a_debit_returned_when_the_money_is_at_the_bank_waits_for_the_attorneys_balance_and_comes_back_once() {
    let till = Till::with(&[], "000123456789", "000123456789").await;
    let id = till.bill(150_000).await;
    let row = till.until(id, &[Step::Paid], 20).await;
    till.admin(&format!("charge/{}/return", row.charge.expect("charged")), json!({}));
    till.quiet().await;
    for _ in 0..3 {
        let row = till.row(id).await;
        assert_eq!((row.step, row.status, row.turn), (Step::Reversing, PayoutStatus::Failed, Turn::Attorney), "{}", row.cause);
        assert_eq!((row.cause.as_str(), row.next_at.is_some()), ("reversal_waits", true), "it has its next moment");
        till.pass(2 * DAY).await;
    }
    let address = format!("/legal/payouts/{id}");
    let mira = till.one.browser("mira").await.get(&address).await.expect(200).shows("Whose turn: The attorney.");
    mira.shows("it is tried again every day").shows("Still to come back from the attorney").hides("Charge Again");
    till.one.browser("ada").await.get(&address).await.expect(200).shows("It is your turn").shows("Open Stripe");
    // Her next earnings cover it.
    till.call("POST", &format!("/v1/accounts/{}", till.account), "settings[payouts][schedule][interval]=manual");
    till.admin("fund", json!({ "amount": 1_000_000, "currency": "usd" }));
    till.call("POST", "/v1/transfers", &format!("amount=200000&currency=usd&destination={}", till.account));
    till.until(id, &[Step::Failed], 5).await;
    till.pass(5 * DAY).await;
    let row = till.row(id).await;
    assert_eq!((row.step, row.turn, row.cause.as_str()), (Step::Failed, Turn::Msp, "debit_returned"));
    let reversed: Vec<_> = till.movements(id).await.into_iter().filter(|(movement, _)| *movement == Movement::Reversed).collect();
    assert_eq!(reversed, [(Movement::Reversed, 150_000)]);
    assert_eq!(till.moved(id), (0, 0));
    till.is_balanced("retainer:test").await;
}

#[actix_web::test]
async fn a_dispute_holds_the_money_and_goes_on_when_it_is_won() {
    let till = Till::open().await;
    let id = till.bill(150_000).await;
    till.quiet().await;
    let charge = till.row(id).await.charge.expect("charged");
    let dispute = till.admin(&format!("charge/{charge}/dispute"), json!({}));
    till.quiet().await;
    let row = till.row(id).await;
    assert_eq!((row.step, row.turn, row.cause.as_str()), (Step::Disputed, Turn::Operator, "disputed"));
    till.admin(&format!("dispute/{}/win", dispute["id"].as_str().expect("an id")), json!({}));
    till.until(id, &[Step::Paid], 20).await;
    till.is_balanced("retainer:test").await;
}

#[actix_web::test]
async fn a_lost_dispute_takes_the_transfer_back() {
    let till = Till::open().await;
    let id = till.bill(150_000).await;
    till.quiet().await;
    let charge = till.row(id).await.charge.expect("charged");
    let dispute = till.admin(&format!("charge/{charge}/dispute"), json!({}));
    till.quiet().await;
    till.admin(&format!("dispute/{}/lose", dispute["id"].as_str().expect("an id")), json!({}));
    let row = till.until(id, &[Step::Failed], 5).await;
    assert_eq!((row.turn, row.cause.as_str()), (Turn::Msp, "dispute_lost"));
    assert_eq!(till.moved(id), (0, 0));
    till.is_balanced("retainer:test").await;
}

#[actix_web::test]
async fn an_account_restricted_between_charge_and_transfer_is_the_attorneys_turn() {
    let till = Till::with(&[], "000123456789", "000123456789").await;
    let id = till.bill(150_000).await;
    till.quiet().await;
    let restrict = json!({ "reason": "requirements.past_due", "requirement": "individual.verification.document" });
    till.admin(&format!("account/{}/restrict", till.account), restrict);
    let row = till.until(id, &[Step::Transferring], 20).await;
    assert_eq!((row.turn, row.cause.as_str()), (Turn::Attorney, "payee_restricted"));
    assert_eq!(till.moved(id), (150_000, 0));
    till.admin(&format!("account/{}/unrestrict", till.account), json!({}));
    till.until(id, &[Step::Paid], 15).await;
    assert_eq!(till.moved(id), (150_000, 150_000));
}

#[actix_web::test]
async fn a_closed_bank_account_is_the_attorneys_turn_and_the_next_payout_ends_it() {
    let till = Till::with(&[], "4242424242424242", "000111111113").await;
    let id = till.bill(150_000).await;
    for _ in 0..15 {
        till.pass(DAY).await;
        if till.row(id).await.cause == "payout_account_closed" {
            break;
        }
    }
    let row = till.row(id).await;
    assert_eq!((row.step, row.status, row.turn), (Step::PayingOut, PayoutStatus::Failed, Turn::Attorney), "{}", row.cause);
    assert_eq!(row.cause, "payout_account_closed");
    let page = till.one.browser("ada").await.get(&format!("/legal/payouts/{id}")).await.expect(200);
    causes::named("L9.3", &page.shows("the bank account has been closed").text);
    till.admin(&format!("account/{}/change_bank", till.account), json!({ "account_number": "000123456789" }));
    till.until(id, &[Step::Paid], 15).await;
}

#[actix_web::test]
async fn a_card_that_wants_its_holder_waits_for_the_msp() {
    let till = Till::with(&[], "4000002760003184", "000123456789").await;
    let id = till.bill(150_000).await;
    till.quiet().await;
    let row = till.row(id).await;
    assert_eq!((row.step, row.turn, row.cause.as_str()), (Step::Confirming, Turn::Msp, "authentication_required"));
    // Nobody comes for a week: it is withdrawn and tried again by the schedule.
    till.pass(8 * DAY).await;
    let row = till.row(id).await;
    assert!(row.attempt >= 1);
    assert_eq!(till.moved(id), (0, 0));
}

#[actix_web::test]
async fn nobody_is_charged_for_an_attorney_who_cannot_be_paid() {
    let till = Till::open().await;
    till.admin(&format!("account/{}/restrict", till.account), json!({ "reason": "requirements.past_due" }));
    till.quiet().await;
    let id = till.bill(150_000).await;
    till.quiet().await;
    let row = till.row(id).await;
    assert_eq!((row.step, row.turn, row.cause.as_str(), row.attempt), (Step::Scheduled, Turn::Attorney, "payee_restricted", 0));
    till.admin(&format!("account/{}/unrestrict", till.account), json!({}));
    till.until(id, &[Step::Paid], 15).await;
}

#[actix_web::test]
async fn an_answer_that_is_lost_after_it_took_effect_is_found_and_not_repeated() {
    for (path, kind) in [
        ("/v1/payment_intents", FaultKind::CutAfter),
        ("/v1/payment_intents", FaultKind::ErrorAfter),
        ("/v1/payment_intents", FaultKind::ErrorBefore),
        ("/v1/payment_intents", FaultKind::RateLimit),
        ("/v1/payment_intents", FaultKind::ErrorStored),
        ("/v1/transfers", FaultKind::CutAfter),
        ("/v1/transfers", FaultKind::ErrorAfter),
        ("/v1/transfers", FaultKind::ErrorStored),
        ("/v1/transfers", FaultKind::TimeoutAfter),
    ] {
        // Somebody who never answers is waited for so long.
        let till = Till::with(&[("STRIPE_TIMEOUT_MS", "800")], "4242424242424242", "000123456789").await;
        till.stripe.fault(Fault::once("POST", path, kind.clone()));
        let id = till.bill(150_000).await;
        till.until(id, &[Step::Paid], 20).await;
        assert_eq!(till.moved(id), (150_000, 150_000), "{path} {kind:?}");
        till.is_balanced("retainer:test").await;
        let seen = one_legal::payments::reconcile(till.platform(), one_legal::platform::Actor::program("test"), "test");
        let seen = seen.await.expect("reconciled").expect("Stripe is set up");
        assert_eq!(seen.differences, Vec::<String>::new(), "{path} {kind:?}");
    }
}
