//! What Stripe tells: signed, stored first, worked once, and never believed.

use entity::{
    Unwalled,
    payments::{Step, webhook},
};
use one_legal::{payments::is_signed, platform::config::Secret};
use proptest::prelude::*;
use sea_orm::PaginatorTrait;
use serde_json::json;
use stripe_stand_in::{DeliveryMode, sign};

use super::till::{DAY, SECRET, Till};

async fn stored(till: &Till) -> u64 {
    let tx = till.one.tx().await;
    webhook::Entity::rows().count(&tx).await.expect("a count")
}

async fn post(till: &Till, payload: &str, header: Option<String>) -> u16 {
    let client = reqwest::Client::new();
    let mut request = client.post(format!("{}/webhooks/stripe", till.one.url)).body(payload.to_owned());
    if let Some(header) = header {
        request = request.header("stripe-signature", header);
    }
    request.send().await.expect("an answer").status().as_u16()
}

fn signed(payload: &str, at: i64, secret: &str) -> String {
    sign(payload, &[secret.to_owned()], at)
}

fn event(id: &str, kind: &str, object: serde_json::Value) -> String {
    json!({ "id": id, "object": "event", "type": kind, "livemode": false, "data": { "object": object } }).to_string()
}

#[actix_web::test]
async fn only_what_stripe_has_signed_lately_is_stored() {
    let till = Till::open().await;
    till.quiet().await;
    let before = stored(&till).await;
    let now = till.now().seconds();
    let payload = event("evt_1", "payment_intent.succeeded", json!({ "object": "payment_intent", "id": "pi_1" }));
    for (what, header) in [
        ("none", None),
        ("empty", Some(String::new())),
        ("another secret", Some(signed(&payload, now, "whsec_another_secret"))),
        ("another payload", Some(signed("{}", now, SECRET))),
        ("too old", Some(signed(&payload, now - 301, SECRET))),
        ("too new", Some(signed(&payload, now + 301, SECRET))),
        ("only v0", Some(signed(&payload, now, SECRET).replace("v1=", "v0="))),
        ("another time", Some(signed(&payload, now, SECRET).replace(&format!("t={now}"), &format!("t={}", now - 1)))),
        ("a sign before the time", Some(signed(&payload, now, SECRET).replace("t=", "t=+"))),
        ("nonsense", Some("t=x,v1=zz,=,,".to_owned())),
    ] {
        assert_eq!(post(&till, &payload, header).await, 400, "{what}");
    }
    assert_eq!(stored(&till).await, before, "nothing was written");
    // At the very edge of the tolerance, and with the signature of a secret that is being replaced beside it.
    assert_eq!(post(&till, &payload, Some(signed(&payload, now - 300, SECRET))).await, 200);
    let both = sign(&payload, &["whsec_another_secret".to_owned(), SECRET.to_owned()], now);
    assert_eq!(post(&till, &payload, Some(both)).await, 200);
    assert_eq!(stored(&till).await, before + 1, "the same event is the same row");
    let unknown = event("evt_2", "unheard.of", json!({ "object": "thing", "id": "th_1" }));
    assert_eq!(post(&till, &unknown, Some(signed(&unknown, now, SECRET))).await, 200);
    till.quiet().await;
    assert_eq!(stored(&till).await, before + 2, "what is not known is kept");
    assert_eq!(post(&till, "no json", Some(signed("no json", now, SECRET))).await, 400);
}

#[actix_web::test]
async fn two_secrets_hold_while_one_is_being_replaced() {
    let till =
        Till::with(&[("STRIPE_WEBHOOK_SECRET", "whsec_the_new_one_1,whsec_till_0123456789")], "4242424242424242", "000123456789")
            .await;
    let now = till.now().seconds();
    for (id, secret) in [("evt_a", "whsec_the_new_one_1"), ("evt_b", SECRET)] {
        let payload = event(id, "payment_intent.succeeded", json!({ "object": "payment_intent", "id": "pi_1" }));
        assert_eq!(post(&till, &payload, Some(signed(&payload, now, secret))).await, 200, "{secret}");
    }
}

proptest! {
    #[test]
    fn any_byte_changed_is_not_signed(at in 0..400_usize, to in 0..=255_u8) {
        let payload = event("evt_1", "payment_intent.succeeded", json!({ "object": "payment_intent", "id": "pi_1", "amount": 150_000 }));
        let now = entity::Moment(1_772_445_600_000);
        let secrets = [Secret::new(SECRET)];
        let header = signed(&payload, now.seconds(), SECRET);
        prop_assert!(is_signed(&header, payload.as_bytes(), &secrets, now));
        let mut changed = payload.clone().into_bytes();
        let at_payload = at % changed.len();
        let was = changed[at_payload];
        changed[at_payload] = to;
        prop_assert_eq!(is_signed(&header, &changed, &secrets, now), was == to);
        // In the header a byte may change only where nothing is said: hex digits of either case are the same number.
        let mut bytes = header.clone().into_bytes();
        let place = at % bytes.len();
        let was = bytes[place];
        bytes[place] = to;
        if let Ok(text) = String::from_utf8(bytes) && !was.eq_ignore_ascii_case(&to) {
            prop_assert!(!is_signed(&text, payload.as_bytes(), &secrets, now), "{}", text);
        }
    }
}

#[actix_web::test]
async fn events_five_times_shuffled_days_late_and_at_once_end_as_those_in_order() {
    let in_order = Till::open().await;
    let id = in_order.bill(150_000).await;
    let wanted = in_order.until(id, &[Step::Paid], 15).await;
    let wanted_movements = in_order.movements(id).await;

    let till = Till::open().await;
    till.deliveries(DeliveryMode { hold: true, ..DeliveryMode::default() });
    let id = till.bill(150_000).await;
    for _ in 0..12 {
        till.pass(DAY).await;
    }
    till.deliveries(DeliveryMode { at_once: 32, ..DeliveryMode::default() });
    for _ in 0..5 {
        let ids: Vec<u64> = till.stripe.deliveries().iter().map(|delivery| delivery.id).collect();
        till.stripe.deliver(json!({ "ids": ids, "shuffle": true, "early": true })).await;
        till.quiet().await;
    }
    let row = till.row(id).await;
    assert_eq!((row.step, row.status, row.cause, row.turn), (wanted.step, wanted.status, wanted.cause, wanted.turn));
    assert_eq!(till.movements(id).await, wanted_movements);
    assert_eq!(till.moved(id), (150_000, 150_000));
    let events: std::collections::BTreeSet<String> = till.stripe.deliveries().into_iter().map(|delivery| delivery.event).collect();
    assert_eq!(stored(&till).await, events.len() as u64, "each event is stored once");
}

#[actix_web::test]
async fn without_a_single_webhook_the_schedule_finds_out() {
    let till = Till::open().await;
    till.deliveries(DeliveryMode { drop: 1.0, ..DeliveryMode::default() });
    let id = till.bill(150_000).await;
    till.until(id, &[Step::Paid], 20).await;
    assert_eq!(till.moved(id), (150_000, 150_000));
}

#[actix_web::test]
async fn a_forged_event_changes_nothing_however_well_it_is_signed() {
    let till = Till::with(&[], "4000000000000341", "000123456789").await;
    let id = till.bill(150_000).await;
    till.quiet().await;
    let before = till.row(id).await;
    let now = till.now().seconds();
    let paid = json!({ "object": "payment_intent", "id": "pi_forged", "status": "succeeded", "amount": 150_000, "currency": "usd",
        "customer": till.customer, "metadata": { "settlement": id.to_string(), "attempt": "1" } });
    let transferred =
        json!({ "object": "transfer", "id": "tr_forged", "amount": 150_000, "metadata": { "settlement": id.to_string() } });
    let live = json!({ "id": "evt_live", "object": "event", "type": "payment_intent.succeeded", "livemode": true,
        "data": { "object": paid } })
    .to_string();
    let forged = [
        event("evt_f1", "payment_intent.succeeded", paid),
        event("evt_f2", "transfer.created", transferred),
        event("evt_f3", "payout.paid", json!({ "object": "payout", "id": "po_forged", "status": "paid", "amount": 150_000 })),
        event("evt_f4", "charge.refunded", json!({ "object": "charge", "id": "ch_forged", "payment_intent": before.intent })),
        event("evt_f5", "account.updated", json!({ "object": "account", "id": till.account, "payouts_enabled": false })),
        live,
    ];
    for payload in forged {
        assert_eq!(post(&till, &payload, Some(signed(&payload, now, SECRET))).await, 200);
    }
    till.quiet().await;
    let after = till.row(id).await;
    assert_eq!((after.step, after.cause, after.attempt, after.intent), (before.step, before.cause, before.attempt, before.intent));
    assert_eq!(till.movements(id).await.len(), 1, "only what is due");
}

#[actix_web::test]
async fn a_hundred_at_once_are_each_stored_once_and_worked_once() {
    let till = Till::open().await;
    till.quiet().await;
    let before = stored(&till).await;
    let now = till.now().seconds();
    let client = reqwest::Client::new();
    let posts = (0..100).map(|n| {
        // Every event comes twice.
        let payload =
            event(&format!("evt_{}", n / 2), "payment_intent.succeeded", json!({ "object": "payment_intent", "id": "pi_1" }));
        let header = signed(&payload, now, SECRET);
        let request = client.post(format!("{}/webhooks/stripe", till.one.url)).header("stripe-signature", header).body(payload);
        async move { request.send().await.expect("an answer").status().as_u16() }
    });
    let answers = futures_util::future::join_all(posts).await;
    assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
    assert_eq!(stored(&till).await, before + 50);
    // Answered and not worked off: then the process dies. The next one works them off.
    let tx = till.one.tx().await;
    let waiting = webhook::Entity::rows().all(&tx).await.expect("rows").into_iter().filter(|row| row.worked_at.is_none()).count();
    assert_eq!(waiting, 50);
    drop(tx);
    till.quiet().await;
    let tx = till.one.tx().await;
    let rows = webhook::Entity::rows().all(&tx).await.expect("rows");
    assert!(rows.iter().all(|row| row.worked_at.is_some() && !row.outcome.is_empty()));
}

/// Headers as Stripe's own library for Node makes them, for payloads and secrets of every kind.
#[test]
fn what_stripes_own_library_signs_is_signed() {
    use std::{
        io::Write,
        process::{Command, Stdio},
    };
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("stripe-stand-in/node");
    if !folder.join("node_modules/stripe").is_dir() {
        let installed = Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder).output();
        assert!(installed.expect("npm is needed: ./check installs it").status.success(), "npm ci");
    }
    let now = entity::Moment(1_772_445_600_000);
    let payloads =
        ["{}", "{\"id\":\"evt_1\"}", "{\n  \"name\": \"Zoë “Ünïcode” 東京 🦀\"\n}", "not even JSON", &"x".repeat(50_000)];
    let cases: Vec<(String, String, i64)> = payloads
        .iter()
        .flat_map(|payload| {
            [SECRET, "whsec_another_secret_of_ours"].map(|secret| ((*payload).to_owned(), secret.to_owned(), now.seconds() - 299))
        })
        .collect();
    let mut node = Command::new("node")
        .args(["check.mjs", "sign"])
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is needed: ./check installs it");
    let lines: String = cases
        .iter()
        .map(|(payload, secret, at)| format!("{}\n", json!({ "payload": payload, "secret": secret, "timestamp": at })))
        .collect();
    node.stdin.take().expect("its input").write_all(lines.as_bytes()).expect("written");
    let output = node.wait_with_output().expect("it ends");
    let headers: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    assert_eq!(headers.len(), cases.len());
    for ((payload, secret, at), header) in cases.iter().zip(&headers) {
        let secrets = [Secret::new("whsec_a_third_secret"), Secret::new(secret.as_str())];
        assert!(is_signed(header, payload.as_bytes(), &secrets, now), "{header}");
        assert!(!is_signed(header, payload.as_bytes(), &secrets[..1], now), "by no other secret");
        assert_eq!(header, &sign(payload, std::slice::from_ref(secret), *at), "and the stand-in signs the same");
    }
}
