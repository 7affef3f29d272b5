//! Bank accounts that payouts go to. Stripe's test account numbers say how a payout there ends.

use serde_json::{Value, json};

use super::{accounts, payouts};
use crate::error::{Answer, ApiError};
use crate::money::overlay;
use crate::spec::merge_metadata;
use crate::world::{Call, World, text};

/// Why a payout to this account number fails, if it does.
pub fn payout_failure(account_number: &str) -> Option<&'static str> {
    match account_number.trim_start_matches('0') {
        "111111116" => Some("no_account"),
        "111111113" => Some("account_closed"),
        "222222227" => Some("insufficient_funds"),
        "333333335" => Some("debit_not_authorized"),
        "444444440" => Some("invalid_currency"),
        _ => None,
    }
}

/// Makes this the account's only bank account in its currency: a hash of its fields, or a test token `btok_…`.
pub fn put(world: &mut World, account: &str, given: &Value) -> Result<String, ApiError> {
    let token = given.as_str().unwrap_or("");
    let token_number = match token {
        "" => None,
        "btok_us_verified" | "btok_us" => Some("000123456789"),
        "btok_us_verified_noAccount" => Some("000111111116"),
        "btok_us_verified_accountClosed" => Some("000111111113"),
        "btok_us_verified_insufficientFunds" => Some("000222222227"),
        "btok_us_verified_debitNotAuthorized" => Some("000333333335"),
        "btok_us_verified_invalidCurrency" => Some("000444444440"),
        _ => return Err(ApiError::missing("token", token, "external_account")),
    };
    let number = token_number.map(str::to_owned).or_else(|| given["account_number"].as_str().map(str::to_owned));
    let Some(number) = number.filter(|n| n.len() >= 4 && n.bytes().all(|b| b.is_ascii_digit())) else {
        let message = "A bank account number has digits alone.";
        return Err(ApiError::invalid("account_number_invalid", "external_account[account_number]", message));
    };
    let (country, currency) = {
        let body = world.body(account);
        let own = |key: &str, from: &str| given[key].as_str().unwrap_or_else(|| body[from].as_str().unwrap_or("usd")).to_owned();
        (own("country", "country"), own("currency", "default_currency").to_lowercase())
    };
    let others: Vec<String> = world.shelf(account, "bank_account").to_vec();
    for other in others.iter().filter(|other| text(world.body(other), "currency") == currency).cloned().collect::<Vec<_>>() {
        world.unlist(&other);
    }
    let mut body = world.blank("bank_account", "ba_");
    let fingerprint = world.dice.letters(16);
    overlay(
        &mut body,
        json!({
            "account": account, "account_holder_name": given["account_holder_name"], "account_holder_type": given["account_holder_type"],
            "available_payout_methods": ["standard"], "bank_name": "STRIPE TEST BANK", "country": country, "currency": currency,
            "default_for_currency": true, "fingerprint": fingerprint, "last4": &number[number.len() - 4..],
            "routing_number": given["routing_number"].as_str().unwrap_or("110000000"), "status": "new",
        }),
    );
    if let Some(fields) = body.as_object_mut() {
        fields.remove("customer");
    }
    body["customer"] = Value::Null;
    Ok(world.add(account, "bank_account", body, json!({ "number": number })))
}

/// A bank account took another's place: the account's state follows, and waiting money goes there.
pub fn changed(world: &mut World, account: &str, bank: &str) {
    let object = world.render(bank);
    world.tell_of("account.external_account.created", account, object, None);
    accounts::refresh(world, account, true);
    payouts::plan(world, account);
}

fn account_of(world: &World, call: &Call) -> Result<String, ApiError> {
    let id = call.arg(0);
    match world.objects.get(id) {
        Some(object) if object.kind == "account" => Ok(id.to_owned()),
        _ => Err(ApiError::missing("account", id, "account")),
    }
}

pub fn list(world: &mut World, call: &Call, params: &Value) -> Answer {
    let account = account_of(world, call)?;
    let inner = Call { owner: account, ..call.clone() };
    world.page(&inner, "bank_account", params, |_| params["object"] != "card")
}

pub fn create(world: &mut World, call: &Call, params: &Value) -> Answer {
    let account = account_of(world, call)?;
    let bank = put(world, &account, &params["external_account"])?;
    if let Some(body) = world.body_mut(&bank) {
        merge_metadata(&mut body["metadata"], params.get("metadata"));
    }
    changed(world, &account, &bank);
    Ok(world.render(&bank))
}

pub fn retrieve(world: &mut World, call: &Call, _: &Value) -> Answer {
    let account = account_of(world, call)?;
    world.find(&account, "bank_account", call.arg(1), "id")
}

pub fn delete(world: &mut World, call: &Call, _: &Value) -> Answer {
    let account = account_of(world, call)?;
    let bank = world.find(&account, "bank_account", call.arg(1), "id")?;
    world.unlist(call.arg(1));
    world.tell_of("account.external_account.deleted", &account, bank, None);
    accounts::refresh(world, &account, true);
    Ok(json!({ "id": call.arg(1), "object": "bank_account", "deleted": true }))
}
