//! Lists are walked by cursor, newest first, as far as the filter reaches.

use crate::stage::*;

fn ids(page: &serde_json::Value) -> Vec<String> {
    page["data"].as_array().expect("data").iter().map(id).collect()
}

#[test]
fn cursors_walk_forwards_and_backwards_without_gap_or_repeat() {
    let one = stand_in();
    let made: Vec<String> = (0..25).map(|n| id(&post(&one, "/v1/customers", &format!("name=n{n}")))).collect();
    let newest_first: Vec<String> = made.iter().rev().cloned().collect();
    let mut walked = Vec::new();
    let mut query = "limit=4".to_owned();
    loop {
        let page = get(&one, "/v1/customers", &query);
        walked.extend(ids(&page));
        if page["has_more"] == false {
            break;
        }
        query = format!("limit=4&starting_after={}", walked.last().expect("a page"));
    }
    assert_eq!(walked, newest_first);
    let before = get(&one, "/v1/customers", &format!("limit=3&ending_before={}", newest_first[10]));
    assert_eq!(ids(&before), newest_first[7..10]);
    assert_eq!(before["has_more"], true);
    assert_eq!(ids(&get(&one, "/v1/customers", "")).len(), 10, "ten unless told otherwise");
    assert_eq!(refusal(&one.call("GET", "/v1/customers", "limit=101")).3, "limit");
    assert_eq!(refusal(&one.call("GET", "/v1/customers", "starting_after=cus_none")).2, "resource_missing");
}

#[test]
fn filters_by_moment_group_and_customer() {
    let one = stand_in();
    let (customer, method) = payer(&one, "4242424242424242");
    for day in 0..3 {
        post(&one, "/v1/payment_intents", &charge_form(&customer, &method, 5000 + day));
        one.advance(DAY);
    }
    let (from, to) = (START + DAY, START + 2 * DAY);
    assert_eq!(ids(&get(&one, "/v1/charges", &format!("created[gte]={from}&created[lt]={to}"))).len(), 1);
    assert_eq!(ids(&get(&one, "/v1/charges", "transfer_group=period_1")).len(), 3);
    assert_eq!(ids(&get(&one, "/v1/charges", "transfer_group=period_2")).len(), 0);
    assert_eq!(ids(&get(&one, "/v1/payment_intents", &format!("customer={customer}"))).len(), 3);
    assert_eq!(ids(&get(&one, "/v1/events", "type=charge.succeeded")).len(), 3);
    assert_eq!(ids(&get(&one, "/v1/events", "types[]=charge.succeeded&types[]=payment_intent.created")).len(), 6);
}

#[test]
fn events_are_given_back_for_thirty_days() {
    let one = stand_in();
    post(&one, "/v1/customers", "name=Ada");
    let event = id(&get(&one, "/v1/events", "")["data"][0]);
    one.advance(30 * DAY);
    get(&one, &format!("/v1/events/{event}"), "");
    one.advance(1);
    assert_eq!(ids(&get(&one, "/v1/events", "")).len(), 0);
    assert_eq!(one.call("GET", &format!("/v1/events/{event}"), "").status, 404);
}

#[test]
fn expands_replace_ids_by_objects_four_levels_deep_and_no_more() {
    let one = stand_in();
    let (customer, method) = payer(&one, "4242424242424242");
    let intent = post(&one, "/v1/payment_intents", &charge_form(&customer, &method, 5000));
    let path = format!("/v1/payment_intents/{}", id(&intent));
    let expanded = get(&one, &path, "expand[]=latest_charge.balance_transaction&expand[]=customer");
    assert_eq!(expanded["latest_charge"]["balance_transaction"]["amount"], 5000);
    assert_eq!(expanded["customer"]["object"], "customer");
    let list = get(&one, "/v1/payment_intents", "expand[]=data.latest_charge.payment_intent");
    assert_eq!(list["data"][0]["latest_charge"]["payment_intent"]["id"], intent["id"]);
    for wrong in ["status", "nothing", "latest_charge.nothing", "a.b.c.d.e"] {
        assert_eq!(one.call("GET", &path, &format!("expand[]={wrong}")).status, 400, "{wrong}");
    }
}
