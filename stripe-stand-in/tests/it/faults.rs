//! Faults strike where and when the test says, with the effect their name says.

use std::time::Duration;

use serde_json::json;
use stripe_stand_in::{Fault, FaultKind, Options, Settings};

use crate::stage::*;

fn customers(one: &stripe_stand_in::StandIn) -> usize {
    get(one, "/v1/customers", "limit=100")["data"].as_array().map_or(0, Vec::len)
}

#[test]
fn before_means_no_effect_and_after_means_effect() {
    let one = stand_in();
    for (kind, status, effect) in [
        (FaultKind::TimeoutBefore, 0, 0),
        (FaultKind::TimeoutAfter, 0, 1),
        (FaultKind::CutBefore, 0, 0),
        (FaultKind::CutAfter, 0, 1),
        (FaultKind::RateLimit, 429, 0),
        (FaultKind::ErrorBefore, 500, 0),
        (FaultKind::ErrorStored, 500, 0),
        (FaultKind::ErrorAfter, 500, 1),
    ] {
        let before = customers(&one);
        one.fault(Fault::once("POST", "/v1/customers", kind.clone()));
        let key = format!("{kind:?}");
        assert_eq!(keyed(&one, "/v1/customers", "name=Ada", &key).status, status, "{kind:?}");
        assert_eq!(customers(&one) - before, effect, "{kind:?}");
        let again = keyed(&one, "/v1/customers", "name=Ada", &key);
        let stored = matches!(kind, FaultKind::ErrorStored | FaultKind::ErrorAfter);
        assert_eq!(again.status, if stored { 500 } else { 200 }, "{kind:?}");
        assert_eq!(customers(&one) - before, if kind == FaultKind::ErrorStored { 0 } else { 1 }, "never two: {kind:?}");
        one.clear_faults();
    }
}

#[test]
fn a_fault_waits_for_its_call_its_path_and_its_dice() {
    let one = stand_in();
    one.fault(Fault::once("POST", "/v1/customers", FaultKind::RateLimit).from_call(3));
    let statuses: Vec<u16> = (0..4).map(|_| one.call("POST", "/v1/customers", "").status).collect();
    assert_eq!(statuses, [200, 200, 429, 200]);
    one.clear_faults();
    one.fault(Fault::always("GET", "/v1/customers/*", FaultKind::ErrorBefore));
    assert_eq!(one.call("GET", "/v1/customers", "").status, 200);
    assert_eq!(one.call("GET", "/v1/customers/cus_1", "").status, 500);
    one.clear_faults();
    one.fault(Fault::always("*", "*", FaultKind::RateLimit).with_probability(0.5));
    let struck = (0..400).filter(|_| one.call("GET", "/v1/balance", "").status == 429).count();
    assert!((140..260).contains(&struck), "{struck}");
}

#[test]
fn a_wished_decline_ends_as_a_card_error_with_its_code() {
    let one = stand_in();
    let (customer, method) = payer(&one, "4242424242424242");
    one.fault(Fault::once("POST", "/v1/payment_intents", FaultKind::Decline { code: "insufficient_funds".into() }));
    let reply = one.call("POST", "/v1/payment_intents", &charge_form(&customer, &method, 5000));
    let error = &reply.json()["error"];
    assert_eq!(
        (reply.status, error["code"].as_str(), error["decline_code"].as_str()),
        (402, Some("card_declined"), Some("insufficient_funds"))
    );
    assert_eq!(error["payment_intent"]["status"], "requires_payment_method");
    assert_eq!(error["payment_intent"]["last_payment_error"]["charge"], error["charge"]);
    one.admin("POST", &format!("payment_method/{method}/decline"), json!({ "code": "authentication_required" })).expect("set");
    let reply = one.call("POST", "/v1/payment_intents", &charge_form(&customer, &method, 5000));
    assert_eq!(refusal(&reply).2, "authentication_required");
}

#[tokio::test]
async fn on_the_wire_a_timeout_is_silence_and_a_cut_is_a_broken_connection() {
    let one = start(Options { settings: Settings { hang_ms: 5_000, ..Settings::default() }, ..Options::default() });
    let client = reqwest::Client::builder().timeout(Duration::from_millis(300)).build().expect("a client");
    let ask = || client.post(format!("{}/v1/customers", one.url)).bearer_auth(&one.secret_key).body("name=Ada").send();
    one.fault(Fault::once("POST", "/v1/customers", FaultKind::TimeoutAfter));
    assert!(ask().await.expect_err("no answer").is_timeout());
    one.fault(Fault::once("POST", "/v1/customers", FaultKind::CutAfter));
    let error = ask().await.expect_err("no answer");
    assert!(!error.is_timeout() && !error.is_status(), "{error:?}");
    assert_eq!(ask().await.expect("an answer").status(), 200);
    assert_eq!(customers(&one), 3);
}
