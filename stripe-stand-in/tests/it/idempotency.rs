//! Idempotency keys: the first answer stands for a day, then it is forgotten.

use stripe_stand_in::{Fault, FaultKind};

use crate::stage::*;

fn header<'a>(reply: &'a stripe_stand_in::Reply, name: &str) -> Option<&'a str> {
    reply.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
}

#[test]
fn the_same_key_and_parameters_replay_the_first_answer_whatever_their_order() {
    let one = stand_in();
    let first = keyed(&one, "/v1/customers", "name=Ada&email=ada@b.example", "k1");
    let again = keyed(&one, "/v1/customers", "email=ada@b.example&name=Ada", "k1");
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(header(&first, "Idempotent-Replayed"), None);
    assert_eq!(header(&again, "Idempotent-Replayed"), Some("true"));
    assert_eq!(header(&again, "Original-Request"), header(&first, "Request-Id"));
    assert_ne!(header(&again, "Request-Id"), header(&first, "Request-Id"));
    assert_eq!(get(&one, "/v1/customers", "")["data"].as_array().map(Vec::len), Some(1));
}

#[test]
fn the_same_key_with_other_parameters_or_another_address_is_an_idempotency_error() {
    let one = stand_in();
    keyed(&one, "/v1/customers", "name=Ada", "k1");
    let other = keyed(&one, "/v1/customers", "name=Bob", "k1");
    assert_eq!(refusal(&other).0, 400);
    assert_eq!(refusal(&other).1, "idempotency_error");
    assert_eq!(refusal(&keyed(&one, "/v1/refunds", "charge=ch_1", "k1")).1, "idempotency_error");
    assert_eq!(refusal(&keyed(&one, "/v1/customers", "name=Ada", &"k".repeat(256))).1, "idempotency_error");
    ok(&keyed(&one, "/v1/customers", "name=Ada", &"k".repeat(255)));
}

#[test]
fn a_decline_is_replayed_and_charges_no_second_time() {
    let one = stand_in();
    let (customer, method) = payer(&one, "4000000000000341");
    let form = charge_form(&customer, &method, 5000);
    let first = keyed(&one, "/v1/payment_intents", &form, "pay-1");
    assert_eq!(refusal(&first), (402, "card_error".into(), "card_declined".into(), String::new()));
    let again = keyed(&one, "/v1/payment_intents", &form, "pay-1");
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(count(&one.money(), "charges"), 1);
}

#[test]
fn what_failed_validation_or_was_rate_limited_is_not_remembered() {
    let one = stand_in();
    assert_eq!(keyed(&one, "/v1/customers", "nonsense=1", "k1").status, 400);
    ok(&keyed(&one, "/v1/customers", "name=Ada", "k1"));
    one.fault(Fault::once("POST", "/v1/customers", FaultKind::RateLimit));
    assert_eq!(keyed(&one, "/v1/customers", "name=Bob", "k2").status, 429);
    let later = keyed(&one, "/v1/customers", "name=Bob", "k2");
    assert_eq!((later.status, header(&later, "Idempotent-Replayed")), (200, None));
}

#[test]
fn after_a_day_a_key_is_forgotten_and_the_same_request_happens_again() {
    let one = stand_in();
    let (customer, method) = payer(&one, "4242424242424242");
    let form = charge_form(&customer, &method, 5000);
    let first = ok(&keyed(&one, "/v1/payment_intents", &form, "pay-1"));
    one.advance(DAY - 1);
    assert_eq!(id(&ok(&keyed(&one, "/v1/payment_intents", &form, "pay-1"))), id(&first));
    one.advance(1);
    assert_ne!(id(&ok(&keyed(&one, "/v1/payment_intents", &form, "pay-1"))), id(&first), "this is the trap");
    assert_eq!(count(&one.money(), "charges"), 2);
}

#[test]
fn keys_belong_to_one_account() {
    let one = stand_in();
    let account = attorney(&one, "000123456789");
    let here = ok(&keyed(&one, "/v1/customers", "name=Ada", "k1"));
    let there = one.request(&stripe_stand_in::Request {
        method: "POST".into(),
        path: "/v1/customers".into(),
        body: "name=Ada".into(),
        authorization: Some(format!("Bearer {}", one.secret_key)),
        account: Some(account),
        key: Some("k1".into()),
        ..Default::default()
    });
    assert_ne!(id(&here), id(&ok(&there)));
}

#[tokio::test]
async fn a_key_in_use_is_a_conflict_until_its_first_request_is_answered() {
    let one = stand_in();
    one.fault(Fault::once("POST", "/v1/customers", FaultKind::Slow { ms: 300 }));
    let client = reqwest::Client::new();
    let ask = || {
        client
            .post(format!("{}/v1/customers", one.url))
            .bearer_auth(&one.secret_key)
            .header("Idempotency-Key", "slow")
            .body("name=Ada")
            .send()
    };
    let (first, second) = tokio::join!(ask(), async {
        // The first is being answered as soon as its customer is there.
        while one.call("GET", "/v1/customers", "").json()["data"][0].is_null() {
            tokio::task::yield_now().await;
        }
        ask().await
    });
    assert_eq!(first.expect("answered").status(), 200);
    let second = second.expect("answered");
    assert_eq!(second.status(), 409);
    assert!(second.text().await.expect("a body").contains("idempotency_key_in_use"));
    assert_eq!(ask().await.expect("answered").headers()["Idempotent-Replayed"], "true");
}
