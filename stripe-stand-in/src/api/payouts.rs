//! Payouts of connected accounts: made by themselves when money is available, or by hand; they arrive, or fail with the
//! bank's word, and then wait for another bank account.

use serde_json::{Value, json};

use super::{accounts, external_accounts};
use crate::due::Due;
use crate::error::{Answer, ApiError};
use crate::money::{Movement, overlay};
use crate::spec::merge_metadata;
use crate::world::{Call, World, matches, number, text, within};

/// Plans a payout for when this money is available.
pub fn plan_at(world: &mut World, account: &str, currency: &str, available_on: i64) {
    let at = available_on.max(world.now()) + world.settings.payout_made_after;
    world.schedule(at, Due::PayoutMade { account: account.to_owned(), currency: currency.to_owned() });
}

/// Plans payouts for all money that lies on the account.
pub fn plan(world: &mut World, account: &str) {
    let prefix = format!("{account}|");
    let currencies: Vec<String> = world.purses.keys().filter_map(|key| key.strip_prefix(&prefix)).map(str::to_owned).collect();
    let now = world.now();
    for currency in currencies {
        plan_at(world, account, &currency, now);
    }
}

/// The bank account a payout in this currency goes to.
fn bank_for(world: &World, account: &str, currency: &str) -> Option<String> {
    let mut banks = world.shelf(account, "bank_account").iter();
    banks.find(|bank| world.body(bank)["currency"] == currency).cloned()
}

pub fn make_automatic(world: &mut World, account: &str, currency: &str) {
    let body = world.body(account);
    if body["payouts_enabled"] != true || body["settings"]["payouts"]["schedule"]["interval"] == "manual" {
        return;
    }
    let Some(bank) = bank_for(world, account, currency) else { return };
    if world.body(&bank)["status"] == "errored" {
        return;
    }
    let amount = world.purse(account, currency).available;
    if amount > 0 {
        make(world, account, currency, amount, &bank, true, &Value::Null);
    }
}

fn make(world: &mut World, account: &str, currency: &str, amount: i64, bank: &str, automatic: bool, params: &Value) -> String {
    let mut body = world.blank("payout", "po_");
    let id = text(&body, "id").to_owned();
    let arrives = world.now() + world.settings.payout_arrives_after;
    overlay(
        &mut body,
        json!({
            "amount": amount, "arrival_date": arrives, "automatic": automatic, "currency": currency, "destination": bank,
            "description": params["description"].as_str().unwrap_or("STRIPE PAYOUT"), "status": "in_transit",
            "method": params["method"].as_str().unwrap_or("standard"), "statement_descriptor": params["statement_descriptor"],
            "reconciliation_status": if automatic { "completed" } else { "not_applicable" }, "trace_id": null,
        }),
    );
    merge_metadata(&mut body["metadata"], params.get("metadata"));
    let now = world.now();
    let carried: Vec<String> = if automatic {
        let lies = |id: &&String| {
            let line = world.body(id);
            line["currency"] == currency && number(line, "available_on") <= now && world.hidden(id)["payout"].is_null()
        };
        world.shelf(account, "balance_transaction").iter().filter(lies).cloned().collect()
    } else {
        Vec::new()
    };
    for line in &carried {
        world.hide(line, "payout", json!(id));
    }
    world.add(account, "payout", body, Value::Null);
    let moved = world.post(Movement {
        owner: account,
        amount: -amount,
        fee: 0,
        currency,
        kind: "payout",
        category: "payout",
        source: &id,
        available_on: now,
        description: Some("STRIPE PAYOUT".to_owned()),
    });
    world.set(&id, "balance_transaction", json!(moved));
    let mut lines = carried;
    lines.push(moved.clone());
    world.hide(&moved, "payout", json!(id));
    world.hide(&id, "transactions", json!(lines));
    world.schedule(arrives, Due::PayoutArrives { payout: id.clone() });
    world.tell("payout.created", &id);
    id
}

/// The bank has taken it, or sends it back.
pub fn arrive(world: &mut World, id: &str) {
    let body = world.body(id).clone();
    if body["status"] != "in_transit" {
        return;
    }
    let account = world.owner(id);
    let bank = text(&body, "destination").to_owned();
    let wished = world.hidden(&account)["next_payout_failure"].as_str().map(str::to_owned);
    world.hide(&account, "next_payout_failure", Value::Null);
    let failure = wished.or_else(|| {
        let number = text(world.hidden(&bank), "number");
        external_accounts::payout_failure(number).map(str::to_owned)
    });
    match failure {
        None => {
            world.set(id, "status", json!("paid"));
            world.set(id, "trace_id", json!({ "status": "supported", "value": format!("0910000{:08}", number(&body, "amount")) }));
            world.tell("payout.paid", id);
        }
        Some(code) => fail(world, id, &code),
    }
}

fn words(code: &str) -> &'static str {
    match code {
        "account_closed" => "The bank account has been closed.",
        "no_account" => {
            "The bank account details on file are probably incorrect. No bank account could be located with those details."
        }
        "debit_not_authorized" => "Debit transactions are not approved on the bank account.",
        "invalid_currency" => "The bank was unable to process this payout because of its currency.",
        "insufficient_funds" => "The Stripe account does not have enough money to cover the payout.",
        "account_frozen" => "The bank account has been frozen.",
        "incorrect_account_holder_name" => "The bank notified us that the bank account holder name on file is incorrect.",
        _ => "The bank could not process this payout.",
    }
}

/// The payout comes back: the money lies on the account again, and the bank account is out of use.
pub fn fail(world: &mut World, id: &str, code: &str) {
    let body = world.body(id).clone();
    let account = world.owner(id);
    let bank = text(&body, "destination").to_owned();
    let now = world.now();
    let back = world.post(Movement {
        owner: &account,
        amount: number(&body, "amount"),
        fee: 0,
        currency: text(&body, "currency"),
        kind: "payout_failure",
        category: "payout_reversal",
        source: id,
        available_on: now,
        description: Some("PAYOUT FAILURE".to_owned()),
    });
    for (key, value) in [
        ("status", json!("failed")),
        ("failure_code", json!(code)),
        ("failure_message", json!(words(code))),
        ("failure_balance_transaction", json!(back)),
    ] {
        world.set(id, key, value);
    }
    world.tell("payout.failed", id);
    if world.objects.contains_key(&bank) {
        world.set(&bank, "status", json!("errored"));
        let object = world.render(&bank);
        let previous = json!({ "status": "new" });
        world.tell_of("account.external_account.updated", &account, object, Some(previous));
        accounts::refresh(world, &account, true);
    }
}

pub fn create(world: &mut World, call: &Call, params: &Value) -> Answer {
    let (amount, currency) = (params["amount"].as_i64().unwrap_or(0), params["currency"].as_str().unwrap_or("usd"));
    if amount < 1 {
        return Err(ApiError::invalid("parameter_invalid_integer", "amount", "This value must be greater than or equal to 1."));
    }
    if call.owner == world.platform {
        return Err(ApiError::unsupported("a payout of the platform's own balance"));
    }
    if world.body(&call.owner)["payouts_enabled"] != true {
        let message = "Payouts are not enabled for this account: its requirements are not met.";
        return Err(ApiError::refused("payouts_not_allowed", message));
    }
    let bank = match params["destination"].as_str() {
        Some(bank) => world.find(&call.owner, "bank_account", bank, "destination")?["id"].as_str().map(str::to_owned),
        None => bank_for(world, &call.owner, currency),
    };
    let Some(bank) = bank else {
        let message = format!("Sorry, you don't have any external accounts in that currency ({currency}).");
        return Err(ApiError::refused("parameter_invalid", message).param("currency"));
    };
    if world.body(&bank)["status"] == "errored" {
        let message = "The bank account was put out of use by a failed payout. Give another one.";
        return Err(ApiError::refused("bank_account_unusable", message).param("destination"));
    }
    if world.purse(&call.owner, currency).available < amount {
        let message = "You have insufficient funds in your Stripe account for this payout.";
        return Err(ApiError::refused("balance_insufficient", message).param("amount"));
    }
    let id = make(world, &call.owner.clone(), currency, amount, &bank, false, params);
    Ok(world.render(&id))
}

pub fn cancel(world: &mut World, call: &Call, _: &Value) -> Answer {
    let body = world.find(&call.owner, "payout", call.arg(0), "id")?;
    let message = format!("Payouts can only be canceled while they are pending. This one is {}.", text(&body, "status"));
    Err(ApiError::refused("status_transition_invalid", message))
}

pub fn retrieve(world: &mut World, call: &Call, _: &Value) -> Answer {
    world.find(&call.owner, "payout", call.arg(0), "id")
}

pub fn update(world: &mut World, call: &Call, params: &Value) -> Answer {
    let before = world.find(&call.owner, "payout", call.arg(0), "id")?;
    if let Some(body) = world.body_mut(call.arg(0)) {
        merge_metadata(&mut body["metadata"], params.get("metadata"));
    }
    world.tell_change("payout.updated", call.arg(0), &before);
    Ok(world.render(call.arg(0)))
}

pub fn list(world: &mut World, call: &Call, params: &Value) -> Answer {
    world.page(call, "payout", params, |body| {
        matches(body, "status", params, "status")
            && matches(body, "destination", params, "destination")
            && within(&body["arrival_date"], &params["arrival_date"])
    })
}
