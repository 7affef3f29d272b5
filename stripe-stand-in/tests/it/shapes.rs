//! Every object answered has the fields of Stripe's published example: none missing, none invented.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stripe_stand_in::{Endpoint, fixture};

use crate::stage::*;

/// Fields that Stripe documents and its example leaves out.
fn documented(kind: &str) -> &'static [&'static str] {
    match kind {
        "account" => &["individual", "company"],
        "bank_account" => &["account", "available_payout_methods", "default_for_currency"],
        "payment_method" => &["us_bank_account"],
        "payment_intent" | "setup_intent" | "checkout.session" => &["allowed_payment_method_types"],
        "event" => &["account"],
        "webhook_endpoint" => &["secret"],
        _ => &[],
    }
}

/// Fields that depend on the type of the thing.
fn depends(kind: &str) -> &'static [&'static str] {
    if kind == "payment_method" { &["card"] } else { &[] }
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect()
}

fn same_shape(object: &Value, wrong: &mut Vec<String>) {
    let kind = object["object"].as_str().unwrap_or("");
    let Some(example) = fixture(kind) else {
        wrong.push(format!("no example of {kind}: {object}"));
        return;
    };
    let (have, want) = (keys(object), keys(example));
    let missing: Vec<_> = want.difference(&have).filter(|key| !depends(kind).contains(key)).collect();
    let invented: Vec<_> = have.difference(&want).filter(|key| !documented(kind).contains(key)).collect();
    if !missing.is_empty() || !invented.is_empty() {
        wrong.push(format!("{kind}: missing {missing:?}, invented {invented:?}"));
    }
    // Parts that have one form only.
    let parts: &[&str] = match kind {
        "account" => &["business_profile", "requirements", "future_requirements", "settings", "tos_acceptance"],
        "charge" => &["billing_details"],
        "customer" => &["invoice_settings"],
        "checkout.session" => &["automatic_tax", "custom_text"],
        "dispute" => &["evidence", "evidence_details"],
        "event" => &["request"],
        "payment_method" => &["billing_details", "card"],
        _ => &[],
    };
    for part in parts.iter().filter(|part| object[**part].is_object()) {
        if keys(&object[*part]) != keys(&example[*part]) {
            wrong.push(format!(
                "{kind}.{part}: {:?}",
                keys(&object[*part]).symmetric_difference(&keys(&example[*part])).collect::<Vec<_>>()
            ));
        }
    }
}

#[test]
fn every_object_has_exactly_the_fields_of_its_published_example() {
    let one = stand_in();
    one.add_endpoint(&Endpoint { url: "http://127.0.0.1:9/".into(), ..Endpoint::default() });
    let account = attorney(&one, "000123456789");
    let link = format!("account={account}&type=account_onboarding&refresh_url=http://r&return_url=http://r");
    let mut objects = vec![
        post(&one, "/v1/account_links", &link),
        post(&one, &format!("/v1/accounts/{account}/login_links"), ""),
        post(&one, "/v1/checkout/sessions", "mode=setup&currency=usd&success_url=http://r"),
        get(&one, "/v1/balance", ""),
        get(&one, "/v1/account", ""),
    ];
    for number in ["4242424242424242", "000123456789", "4000000000000341"] {
        let (customer, method) = payer(&one, number);
        let reply = one.call("POST", "/v1/payment_intents", &charge_form(&customer, &method, 5000));
        let intent = if reply.status == 200 { reply.json() } else { reply.json()["error"]["payment_intent"].clone() };
        if intent["status"] == "succeeded" {
            let charge = intent["latest_charge"].as_str().expect("a charge");
            let form = format!("amount=4000&currency=usd&destination={account}&source_transaction={charge}");
            let transfer = id(&post(&one, "/v1/transfers", &form));
            objects.push(post(&one, &format!("/v1/transfers/{transfer}/reversals"), "amount=100"));
            post(&one, "/v1/refunds", &format!("charge={charge}&amount=500"));
            one.admin("POST", &format!("charge/{charge}/dispute"), json!({})).expect("a dispute");
        }
        objects.push(get(&one, &format!("/v1/customers/{customer}"), ""));
        objects.push(get(&one, &format!("/v1/payment_methods/{method}"), ""));
    }
    let set_up = "payment_method=pm_usBankAccount_success&confirm=true";
    let intent = post(&one, "/v1/setup_intents", set_up);
    objects.push(get(&one, &format!("/v1/mandates/{}", intent["mandate"].as_str().expect("a mandate")), ""));
    objects.push(intent);
    one.advance(5 * DAY);
    for path in [
        "accounts",
        "charges",
        "payment_intents",
        "refunds",
        "transfers",
        "balance_transactions",
        "disputes",
        "events",
        "webhook_endpoints",
        "checkout/sessions",
    ] {
        let list = get(&one, &format!("/v1/{path}"), "limit=100");
        assert!(list["data"].as_array().is_some_and(|data| !data.is_empty()), "{path}");
        objects.extend(list["data"].as_array().into_iter().flatten().cloned());
    }
    for path in ["payouts", "charges", "balance_transactions", "events"] {
        let list = ok(&on_account(&one, &account, "GET", &format!("/v1/{path}"), "limit=100"));
        assert!(list["data"].as_array().is_some_and(|data| !data.is_empty()), "{path}");
        objects.extend(list["data"].as_array().into_iter().flatten().cloned());
    }
    objects.push(get(&one, &format!("/v1/accounts/{account}/external_accounts"), "")["data"][0].clone());
    let inner: Vec<Value> =
        objects.iter().filter(|o| o["object"] == "event").map(|event| event["data"]["object"].clone()).collect();
    objects.extend(inner);
    let mut wrong = Vec::new();
    for object in &objects {
        same_shape(object, &mut wrong);
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let kinds: BTreeSet<&str> = objects.iter().filter_map(|o| o["object"].as_str()).collect();
    assert!(kinds.len() >= 19, "{kinds:?}");
}

#[test]
fn no_junk_of_the_examples_is_left_in_an_answer() {
    let one = stand_in();
    let (customer, method) = payer(&one, "4242424242424242");
    post(&one, "/v1/payment_intents", &charge_form(&customer, &method, 5000));
    let account = attorney(&one, "000123456789");
    let form = format!("expand[]=data.latest_charge&customer={customer}");
    for answer in [
        get(&one, "/v1/payment_intents", &form),
        get(&one, &format!("/v1/accounts/{account}"), ""),
        post(&one, "/v1/checkout/sessions", "mode=setup&currency=usd&success_url=http://r"),
        get(&one, "/v1/events", "limit=100"),
    ] {
        let text = answer.to_string();
        for junk in ["obj_123", "1234567890", "site@stripe.com", "jenny", "1Pg", "sangeekp"] {
            assert!(!text.contains(junk), "{junk} in {text}");
        }
    }
}
