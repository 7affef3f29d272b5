//! What is refused: unknown, missing and wrong parameters, strangers, other versions.

use stripe_stand_in::{API_VERSION, Request};

use crate::stage::*;

#[test]
fn unknown_parameters_are_refused_at_every_depth() {
    let one = stand_in();
    for (path, form, param) in [
        ("/v1/customers", "nme=Ada", "nme"),
        ("/v1/customers", "metadata[a]=1&idempotency_key=x", "idempotency_key"),
        ("/v1/payment_intents", "amount=100&currency=usd&payment_method_types[]=card", "payment_method_types"),
        ("/v1/payment_intents", "amount=100&currency=usd&automatic_payment_methods[on]=true", "automatic_payment_methods[on]"),
        ("/v1/transfers", "amount=1&currency=usd&destination=acct_1&charge=ch_1", "charge"),
    ] {
        let reply = one.call("POST", path, form);
        assert_eq!(refusal(&reply), (400, "invalid_request_error".into(), "parameter_unknown".into(), param.into()), "{form}");
    }
    assert_eq!(refusal(&one.call("GET", "/v1/transfers", "created[since]=1")).3, "created[since]");
}

#[test]
fn missing_empty_and_wrong_parameters_say_which() {
    let one = stand_in();
    let refused = |form: &str| {
        let (status, _, code, param) = refusal(&one.call("POST", "/v1/payment_intents", form));
        (status, code, param)
    };
    assert_eq!(refused("currency=usd"), (400, "parameter_missing".into(), "amount".into()));
    assert_eq!(refused("amount=&currency=usd"), (400, "parameter_invalid_empty".into(), "amount".into()));
    assert_eq!(refused("amount=12.5&currency=usd"), (400, "parameter_invalid_integer".into(), "amount".into()));
    assert_eq!(refused("amount=500&currency=xyz").2, "currency");
    assert_eq!(refused("amount=49&currency=usd"), (400, "amount_too_small".into(), "amount".into()));
    assert_eq!(refused("amount=49&currency=jpy").1, "amount_too_small");
    assert_eq!(refused("amount=10005&currency=kwd").1, "invalid_charge_amount");
    assert_eq!(refused("amount=100000000&currency=usd").1, "amount_too_large");
    assert_eq!(refused("amount=500&currency=usd&confirm=maybe").2, "confirm");
    assert_eq!(refused("amount=500&currency=usd&transfer_data[destination]=acct_1").1, "stand_in_unsupported");
    post(&one, "/v1/payment_intents", "amount=10010&currency=kwd");
    post(&one, "/v1/payment_intents", "amount=50&currency=jpy");
}

#[test]
fn ids_nobody_gave_out_are_missing_resources() {
    let one = stand_in();
    for path in ["/v1/charges/ch_x", "/v1/transfers/tr_x", "/v1/customers/cus_x", "/v1/payouts/po_x", "/v1/events/evt_x"] {
        let (status, kind, code, _) = refusal(&one.call("GET", path, ""));
        assert_eq!((status, kind.as_str(), code.as_str()), (404, "invalid_request_error", "resource_missing"), "{path}");
    }
    assert_eq!(one.call("GET", "/v1/nothing", "").status, 404);
}

#[test]
fn a_wrong_key_another_version_and_a_strange_account_are_refused() {
    let one = stand_in();
    let ask = |authorization: Option<&str>, version: Option<&str>, account: Option<&str>| {
        one.request(&Request {
            method: "GET".into(),
            path: "/v1/balance".into(),
            authorization: authorization.map(str::to_owned),
            version: version.map(str::to_owned),
            account: account.map(str::to_owned),
            ..Request::default()
        })
    };
    let mine = format!("Bearer {}", one.secret_key);
    assert_eq!(ask(None, None, None).status, 401);
    assert_eq!(ask(Some("Bearer sk_test_other"), None, None).status, 401);
    assert_eq!(ask(Some(&mine), Some("2020-08-27"), None).status, 400);
    assert_eq!(ask(Some(&mine), None, Some("acct_nobody")).status, 403);
    let reply = ask(Some(&mine), Some(API_VERSION), None);
    assert_eq!(reply.status, 200);
    assert!(reply.headers.contains(&("Stripe-Version", API_VERSION.to_owned())));
    assert!(reply.headers.iter().any(|(name, value)| *name == "Request-Id" && value.starts_with("req_")));
}
