//! What every test begins with: a stand-in whose clock stands, an attorney's account, a customer with a card.

use serde_json::{Value, json};
use stripe_stand_in::{Options, Reply, Request, StandIn};

/// 2026-10-01 00:00 UTC.
pub const START: i64 = 1_790_812_800;
pub const DAY: i64 = 86_400;

pub fn stand_in() -> StandIn {
    start(Options::default())
}

pub fn start(options: Options) -> StandIn {
    StandIn::start(Options { standing_at: Some(START), seed: Some(7), ..options }).expect("a stand-in")
}

pub fn ok(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

pub fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").to_owned()
}

/// The error of a refused request: status, type, code, param.
pub fn refusal(reply: &Reply) -> (u16, String, String, String) {
    let error = &reply.json()["error"];
    let word = |key: &str| error[key].as_str().unwrap_or("").to_owned();
    (reply.status, word("type"), word("code"), word("param"))
}

pub fn post(one: &StandIn, path: &str, form: &str) -> Value {
    ok(&one.call("POST", path, form))
}

pub fn get(one: &StandIn, path: &str, query: &str) -> Value {
    ok(&one.call("GET", path, query))
}

pub fn keyed(one: &StandIn, path: &str, form: &str, key: &str) -> Reply {
    one.request(&Request {
        method: "POST".into(),
        path: path.into(),
        body: form.into(),
        authorization: Some(format!("Bearer {}", one.secret_key)),
        key: Some(key.into()),
        ..Request::default()
    })
}

pub fn on_account(one: &StandIn, account: &str, method: &str, path: &str, form: &str) -> Reply {
    let (query, body) = if method == "GET" { (form, "") } else { ("", form) };
    one.request(&Request {
        method: method.into(),
        path: path.into(),
        query: query.into(),
        body: body.into(),
        authorization: Some(format!("Bearer {}", one.secret_key)),
        account: Some(account.into()),
        ..Request::default()
    })
}

/// An Express account, onboarded, with this bank account.
pub fn attorney(one: &StandIn, bank: &str) -> String {
    let account =
        id(&post(one, "/v1/accounts", "type=express&country=US&email=a@b.example&capabilities[transfers][requested]=true"));
    one.admin("POST", &format!("account/{account}/onboard"), json!({ "account_number": bank })).expect("onboarded");
    account
}

/// A customer and a method of this number that is set up for charges without them.
pub fn payer(one: &StandIn, number: &str) -> (String, String) {
    let customer = id(&post(one, "/v1/customers", "name=Blue+Harbor"));
    let method = one.admin("POST", &format!("customer/{customer}/give_method"), json!({ "number": number })).expect("a method");
    (customer, id(&method))
}

pub fn charge_form(customer: &str, method: &str, amount: i64) -> String {
    format!(
        "amount={amount}&currency=usd&customer={customer}&payment_method={method}&confirm=true&off_session=true\
         &transfer_group=period_1&metadata[period]=2026-10"
    )
}

pub fn count(money: &Value, what: &str) -> usize {
    money[what].as_array().map_or(0, Vec::len)
}
