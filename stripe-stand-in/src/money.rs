//! Currencies, fees, balance transactions and purses: money only ever moves by [`World::post`].

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::{Answer, ApiError};
use crate::world::{Call, World, matches};

const CURRENCIES: &str = "usd eur gbp cad aud nzd chf sgd hkd sek nok dkk pln czk huf ron bgn mxn brl inr zar ils aed sar thb myr \
    php idr try jpy krw clp vnd isk ugx xaf xof pyg kwd bhd jod omr tnd";

pub fn known(currency: &str) -> bool {
    CURRENCIES.split_whitespace().any(|code| code == currency)
}

/// Digits after the point.
pub fn exponent(currency: &str) -> u32 {
    match currency {
        "jpy" | "krw" | "clp" | "vnd" | "xaf" | "xof" | "pyg" => 0,
        "kwd" | "bhd" | "jod" | "omr" | "tnd" => 3,
        _ => 2,
    }
}

fn least(currency: &str) -> i64 {
    match currency {
        "gbp" => 30,
        "sek" | "nok" => 300,
        "dkk" => 250,
        "hkd" => 400,
        "mxn" => 1000,
        "kwd" | "bhd" | "jod" | "omr" | "tnd" => 150,
        _ => 50,
    }
}

/// An amount that can be charged in this currency.
pub fn chargeable(amount: i64, currency: &str) -> Result<(), ApiError> {
    if amount < 0 {
        return Err(ApiError::invalid("parameter_invalid_integer", "amount", "Invalid non-negative integer: amount"));
    }
    if amount < least(currency) {
        let message = format!("Amount must be no less than {} {currency} in its smallest unit.", least(currency));
        return Err(ApiError::invalid("amount_too_small", "amount", message));
    }
    if amount > 99_999_999 {
        return Err(ApiError::invalid("amount_too_large", "amount", "Amount must be no more than 8 digits."));
    }
    if exponent(currency) == 3 && amount % 10 != 0 {
        let message = format!("Amounts in {currency} have three decimals and their last digit must be 0 (we received {amount}).");
        return Err(ApiError::invalid("invalid_charge_amount", "amount", message));
    }
    Ok(())
}

/// What Stripe keeps of a charge.
pub fn fee(amount: i64, currency: &str, method: &str) -> i64 {
    if method == "us_bank_account" {
        return ((amount * 8 + 500) / 1000).min(500);
    }
    let fixed = if exponent(currency) == 3 { 100 } else { 30 };
    (amount * 29 + 500) / 1000 + fixed
}

/// The money of one account in one currency.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Purse {
    pub available: i64,
    /// What becomes available when.
    pub pending: Vec<(i64, i64)>,
}

impl Purse {
    pub fn settle(&mut self, now: i64) {
        let (ready, later) = self.pending.drain(..).partition(|(at, _)| *at <= now);
        self.pending = later;
        let ready: Vec<(i64, i64)> = ready;
        self.available += ready.iter().map(|(_, amount)| amount).sum::<i64>();
    }

    pub fn waiting(&self) -> i64 {
        self.pending.iter().map(|(_, amount)| amount).sum()
    }
}

pub struct Movement<'a> {
    pub owner: &'a str,
    pub amount: i64,
    pub fee: i64,
    pub currency: &'a str,
    pub kind: &'a str,
    pub category: &'a str,
    pub source: &'a str,
    pub available_on: i64,
    pub description: Option<String>,
}

impl World {
    /// Writes a balance transaction and moves the purse by its net.
    pub fn post(&mut self, movement: Movement<'_>) -> String {
        let net = movement.amount - movement.fee;
        let mut body = self.blank("balance_transaction", "txn_");
        let fields = json!({
            "amount": movement.amount, "available_on": movement.available_on, "currency": movement.currency,
            "description": movement.description, "exchange_rate": null, "fee": movement.fee, "fee_details": [], "net": net,
            "reporting_category": movement.category, "source": movement.source, "type": movement.kind, "balance_type": "payments",
        });
        overlay(&mut body, fields);
        if movement.fee != 0 {
            body["fee_details"] = json!([{
                "amount": movement.fee, "application": null, "currency": movement.currency,
                "description": if movement.kind == "adjustment" { "Dispute fee" } else { "Stripe processing fees" },
                "type": "stripe_fee",
            }]);
        }
        let now = self.now();
        let purse = self.purses.entry(format!("{}|{}", movement.owner, movement.currency)).or_default();
        purse.settle(now);
        if movement.available_on <= now {
            purse.available += net;
        } else {
            purse.pending.push((movement.available_on, net));
        }
        self.add(movement.owner, "balance_transaction", body, Value::Null)
    }

    pub fn purse(&mut self, owner: &str, currency: &str) -> Purse {
        let now = self.now();
        let purse = self.purses.entry(format!("{owner}|{currency}")).or_default();
        purse.settle(now);
        purse.clone()
    }
}

/// Writes these fields over an object's.
pub fn overlay(body: &mut Value, fields: Value) {
    if let (Value::Object(target), Value::Object(fields)) = (body, fields) {
        target.extend(fields);
    }
}

pub fn balance(world: &mut World, call: &Call, _: &Value) -> Answer {
    let prefix = format!("{}|", call.owner);
    let mut currencies: Vec<String> = world.purses.keys().filter_map(|key| key.strip_prefix(&prefix)).map(str::to_owned).collect();
    if currencies.is_empty() {
        currencies.push("usd".to_owned());
    }
    let (mut available, mut pending, mut reserved) = (Vec::new(), Vec::new(), Vec::new());
    for currency in currencies {
        let purse = world.purse(&call.owner, &currency);
        let line = |amount: i64| json!({ "amount": amount, "currency": currency, "source_types": { "card": amount } });
        available.push(line(purse.available));
        pending.push(line(purse.waiting()));
        reserved.push(json!({ "amount": 0, "currency": currency }));
    }
    let mut body = crate::fixtures::blank("balance");
    overlay(&mut body, json!({ "available": available, "pending": pending, "connect_reserved": reserved }));
    Ok(body)
}

pub fn transaction(world: &mut World, call: &Call, _: &Value) -> Answer {
    world.find(&call.owner, "balance_transaction", call.arg(0), "id")?;
    Ok(world.render(call.arg(0)))
}

pub fn transactions(world: &mut World, call: &Call, params: &Value) -> Answer {
    let payout = params["payout"].as_str().map(|id| world.hidden(id)["transactions"].clone());
    world.page(call, "balance_transaction", params, |body| {
        matches(body, "source", params, "source")
            && matches(body, "type", params, "type")
            && matches(body, "currency", params, "currency")
            && payout.as_ref().is_none_or(|ids| ids.as_array().is_some_and(|ids| ids.contains(&body["id"])))
    })
}
