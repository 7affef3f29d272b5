//! Money moves by Stripe's rules, and every movement is found again.

use serde_json::json;

use crate::stage::*;

#[test]
fn a_charge_a_transfer_of_all_of_it_and_a_payout_by_itself() {
    let one = stand_in();
    let account = attorney(&one, "000123456789");
    let (customer, method) = payer(&one, "4242424242424242");
    let intent = post(&one, "/v1/payment_intents", &charge_form(&customer, &method, 240_000));
    let charge = intent["latest_charge"].as_str().expect("a charge");
    let refused = one.call("POST", "/v1/transfers", &format!("amount=240000&currency=usd&destination={account}"));
    assert_eq!(refusal(&refused).2, "balance_insufficient");
    let form = format!("amount=240000&currency=usd&destination={account}&source_transaction={charge}");
    let transfer = post(&one, "/v1/transfers", &form);
    assert_eq!(transfer["transfer_group"], "period_1");
    assert_eq!(one.call("POST", "/v1/transfers", &form).status, 400, "a charge is given on once");
    one.advance(2 * DAY + 3_600);
    let payout = ok(&on_account(&one, &account, "GET", "/v1/payouts", ""))["data"][0].clone();
    assert_eq!((payout["status"].as_str(), payout["amount"].as_i64()), (Some("in_transit"), Some(240_000)));
    one.advance(DAY);
    let money = one.money();
    assert_eq!(money["payouts"][0]["status"], "paid");
    assert_eq!(money["balances"][account.as_str()]["usd"], json!({ "available": 0, "pending": 0 }));
    assert_eq!(money["balances"]["platform"]["usd"]["available"], -(240_000 * 29 / 1000 + 30), "Stripe's fee, and nothing else");
}

#[test]
fn a_transfer_without_a_charge_needs_available_money_and_an_able_account() {
    let one = stand_in();
    let raw = id(&post(&one, "/v1/accounts", "type=express&capabilities[transfers][requested]=true"));
    let to = |account: &str, amount: i64| {
        one.call("POST", "/v1/transfers", &format!("amount={amount}&currency=usd&destination={account}"))
    };
    assert_eq!(refusal(&to(&raw, 100)).2, "insufficient_capabilities_for_transfer");
    let account = attorney(&one, "000123456789");
    assert_eq!(refusal(&to(&account, 100)).2, "balance_insufficient");
    one.admin("POST", "fund", json!({ "amount": 150, "currency": "usd" })).expect("funded");
    ok(&to(&account, 100));
    assert_eq!(refusal(&to(&account, 100)).2, "balance_insufficient");
    one.admin("POST", &format!("account/{account}/restrict"), json!({})).expect("restricted");
    assert_eq!(refusal(&to(&account, 1)).2, "insufficient_capabilities_for_transfer");
    assert_eq!(refusal(&to("acct_nobody", 1)).2, "resource_missing");
}

#[test]
fn a_debit_is_processing_for_days_and_then_succeeds_or_fails() {
    let one = stand_in();
    for (number, status, failure) in [
        ("000123456789", "succeeded", None),
        ("000111111113", "requires_payment_method", Some("account_closed")),
        ("000222222227", "requires_payment_method", Some("insufficient_funds")),
    ] {
        let (customer, method) = payer(&one, number);
        let intent = post(&one, "/v1/payment_intents", &charge_form(&customer, &method, 100_000));
        assert_eq!(intent["status"], "processing");
        let charge = format!("/v1/charges/{}", intent["latest_charge"].as_str().expect("a charge"));
        assert_eq!(get(&one, &charge, "")["status"], "pending");
        one.advance(4 * DAY);
        let intent = get(&one, &format!("/v1/payment_intents/{}", id(&intent)), "");
        assert_eq!(intent["status"], status);
        assert_eq!(get(&one, &charge, "")["failure_code"].as_str(), failure);
        assert_eq!(intent["last_payment_error"]["code"].as_str(), failure);
    }
    let balances = one.money()["balances"]["platform"]["usd"].clone();
    assert_eq!(balances, json!({ "available": 100_000 - 500, "pending": 0 }), "failed debits leave nothing");
}

#[test]
fn a_debit_that_is_returned_after_it_succeeded_is_a_lost_dispute() {
    let one = stand_in();
    let (customer, method) = payer(&one, "000999999991");
    let intent = post(&one, "/v1/payment_intents", &charge_form(&customer, &method, 100_000));
    one.advance(4 * DAY);
    assert_eq!(get(&one, &format!("/v1/payment_intents/{}", id(&intent)), "")["status"], "succeeded");
    one.advance(5 * DAY);
    let dispute = get(&one, "/v1/disputes", "")["data"][0].clone();
    assert_eq!((dispute["status"].as_str(), dispute["reason"].as_str()), (Some("lost"), Some("insufficient_funds")));
    assert_eq!(dispute["balance_transactions"][0]["amount"], -100_000);
    let events = get(&one, "/v1/events", "type=charge.dispute.*");
    assert_eq!(events["data"].as_array().map(Vec::len), Some(3));
    assert_eq!(one.money()["balances"]["platform"]["usd"]["available"], -500);
}

#[test]
fn a_won_dispute_brings_the_amount_back_and_a_lost_one_does_not() {
    let one = stand_in();
    let (customer, method) = payer(&one, "4000000000000077");
    for (verb, left) in [("win", 10_000 - 320 - 1_500), ("lose", 10_000 - 320 - 1_500 - 320 - 1_500)] {
        let intent = post(&one, "/v1/payment_intents", &charge_form(&customer, &method, 10_000));
        let charge = intent["latest_charge"].as_str().expect("a charge").to_owned();
        let dispute = one.admin("POST", &format!("charge/{charge}/dispute"), json!({})).expect("a dispute");
        assert_eq!(one.call("POST", "/v1/refunds", &format!("charge={charge}")).json()["error"]["code"], "charge_disputed");
        one.admin("POST", &format!("dispute/{}/{verb}", id(&dispute)), json!({})).expect("decided");
        assert_eq!(one.money()["balances"]["platform"]["usd"]["available"], left, "{verb}");
    }
}

#[test]
fn a_closed_bank_account_fails_its_payout_and_another_one_gets_the_money() {
    let one = stand_in();
    let account = attorney(&one, "000111111113");
    one.admin("POST", "fund", json!({ "amount": 5_000, "currency": "usd" })).expect("funded");
    post(&one, "/v1/transfers", &format!("amount=5000&currency=usd&destination={account}"));
    one.advance(2 * DAY);
    let money = one.money();
    assert_eq!(money["payouts"][0]["failure_code"], "account_closed");
    assert_eq!(money["balances"][account.as_str()]["usd"]["available"], 5_000, "it came back");
    let shown = get(&one, &format!("/v1/accounts/{account}"), "");
    assert_eq!(shown["external_accounts"]["data"][0]["status"], "errored");
    assert_eq!((&shown["payouts_enabled"], &shown["capabilities"]["transfers"]), (&json!(false), &json!("active")));
    one.admin("POST", &format!("account/{account}/change_bank"), json!({ "account_number": "000123456789" })).expect("changed");
    one.advance(2 * DAY);
    let statuses: Vec<_> = one.money()["payouts"].as_array().expect("payouts").iter().map(|p| p["status"].clone()).collect();
    assert_eq!(statuses, ["failed", "paid"]);
}

#[test]
fn a_dispute_nobody_answers_is_lost_and_a_disputed_bank_account_is_debited_no_more() {
    let one = stand_in();
    let (customer, card) = payer(&one, "4000000000000259");
    post(&one, "/v1/payment_intents", &charge_form(&customer, &card, 10_000));
    one.advance(7 * DAY + 1);
    let dispute = get(&one, "/v1/disputes", "")["data"][0].clone();
    assert_eq!((dispute["status"].as_str(), dispute["evidence_details"]["past_due"].as_bool()), (Some("lost"), Some(true)));
    let (customer, bank) = payer(&one, "000555555559");
    post(&one, "/v1/payment_intents", &charge_form(&customer, &bank, 10_000));
    one.advance(5 * DAY);
    assert_eq!(get(&one, "/v1/disputes", "")["data"][0]["reason"], "debit_not_authorized");
    let again = one.call("POST", "/v1/payment_intents", &charge_form(&customer, &bank, 10_000));
    assert_eq!(refusal(&again).2, "payment_method_bank_account_blocked");
    assert_eq!(again.json()["error"]["payment_intent"]["status"], "requires_payment_method");
}

#[test]
fn a_reversal_takes_back_what_is_still_there() {
    let one = stand_in();
    let account = attorney(&one, "000123456789");
    one.admin("POST", "fund", json!({ "amount": 5_000, "currency": "usd" })).expect("funded");
    let transfer = id(&post(&one, "/v1/transfers", &format!("amount=5000&currency=usd&destination={account}")));
    post(&one, &format!("/v1/transfers/{transfer}/reversals"), "amount=2000");
    assert_eq!(get(&one, &format!("/v1/transfers/{transfer}"), "")["amount_reversed"], 2_000);
    one.advance(2 * DAY);
    let late = one.call("POST", &format!("/v1/transfers/{transfer}/reversals"), "");
    assert_eq!(refusal(&late).2, "balance_insufficient", "it was paid out");
    let money = one.money();
    assert_eq!(money["balances"]["platform"]["usd"]["available"], 2_000);
    assert_eq!(money["payouts"][0]["amount"], 3_000);
}

#[test]
fn nothing_is_ever_lost_between_the_purses() {
    let one = stand_in();
    let account = attorney(&one, "000123456789");
    let (customer, method) = payer(&one, "4242424242424242");
    for (n, currency) in ["usd", "jpy", "kwd"].iter().cycle().take(12).enumerate() {
        let form = charge_form(&customer, &method, 10_000 + 10 * n as i64).replace("currency=usd", &format!("currency={currency}"));
        let intent = post(&one, "/v1/payment_intents", &form);
        let charge = intent["latest_charge"].as_str().expect("a charge");
        post(&one, "/v1/transfers", &format!("amount=9000&currency={currency}&destination={account}&source_transaction={charge}"));
        if n % 4 == 0 {
            post(&one, "/v1/refunds", &format!("charge={charge}&amount=1000"));
        }
        one.advance(DAY / 2);
    }
    let money = one.money();
    for currency in ["usd", "jpy", "kwd"] {
        let of = |what: &str, key: &str| -> i64 {
            money[what]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|o| o["currency"] == currency && o["source_transfer"].is_null())
                .filter_map(|o| o[key].as_i64())
                .sum()
        };
        let purse = |owner: &str| {
            let purse = &money["balances"][owner][currency];
            purse["available"].as_i64().unwrap_or(0) + purse["pending"].as_i64().unwrap_or(0)
        };
        let fees: i64 = get(&one, "/v1/balance_transactions", "limit=100&type=charge")["data"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|line| line["currency"] == currency)
            .filter_map(|line| line["fee"].as_i64())
            .sum();
        let come = of("charges", "amount");
        let gone = of("refunds", "amount") + of("payouts", "amount") + fees;
        assert_eq!(come, gone + purse("platform") + purse(&account), "{currency}");
    }
}
