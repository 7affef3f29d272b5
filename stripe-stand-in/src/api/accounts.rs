//! Connected accounts: what they may do follows from what is known of them, as with Stripe's Express accounts.

use serde_json::{Value, json};

use super::external_accounts;
use crate::error::{Answer, ApiError};
use crate::money::overlay;
use crate::spec::merge_metadata;
use crate::world::{Call, World, text};

fn currency_of(country: &str) -> &'static str {
    match country {
        "GB" => "gbp",
        "CA" => "cad",
        "AU" => "aud",
        "JP" => "jpy",
        "CH" => "chf",
        "KW" => "kwd",
        "DE" | "FR" | "IE" | "NL" | "ES" | "IT" | "AT" | "BE" | "FI" => "eur",
        _ => "usd",
    }
}

pub fn create(world: &mut World, call: &Call, params: &Value) -> Answer {
    if call.owner != world.platform {
        return Err(ApiError::refused("platform_account_required", "Only platforms can create connected accounts."));
    }
    if params.get("type").is_some() && params.get("controller").is_some() {
        return Err(ApiError::invalid("parameters_exclusive", "controller", "Give `type` or `controller`, not both."));
    }
    let country = params["country"].as_str().unwrap_or("US").to_owned();
    let dashboard = match params["type"].as_str() {
        Some("custom") => "none",
        Some("standard") => "full",
        Some(_) => "express",
        None => params["controller"]["stripe_dashboard"]["type"].as_str().unwrap_or("full"),
    };
    let payer = |key: &str, inner: &str, otherwise: &str| params["controller"][key][inner].as_str().unwrap_or(otherwise).to_owned();
    let by_application = dashboard != "full";
    let fees = payer("fees", "payer", if by_application { "application" } else { "account" });
    let losses = payer("losses", "payments", if by_application { "application" } else { "stripe" });
    let mut body = world.blank("account", "acct_");
    let id = text(&body, "id").to_owned();
    overlay(
        &mut body,
        json!({
            "type": match dashboard { "express" => "express", "none" => "custom", _ => "standard" },
            "country": country,
            "default_currency": params["default_currency"].as_str().unwrap_or_else(|| currency_of(&country)),
            "capabilities": {},
            "controller": {
                "fees": { "payer": fees }, "is_controller": true, "losses": { "payments": losses },
                "requirement_collection": if dashboard == "none" { "application" } else { "stripe" },
                "stripe_dashboard": { "type": dashboard }, "type": "application",
            },
            "external_accounts": {
                "object": "list", "data": [], "has_more": false, "total_count": 0, "url": format!("/v1/accounts/{id}/external_accounts"),
            },
        }),
    );
    body["settings"]["payouts"]["schedule"] = json!({ "delay_days": 2, "interval": "daily" });
    let hidden = json!({ "first_name": null, "last_name": null, "submitted": false, "restriction": null });
    let owner = world.platform.clone();
    world.add(&owner, "account", body, hidden);
    if let Err(error) = fill(world, &id, params) {
        world.remove(&id);
        return Err(error);
    }
    refresh(world, &id, false);
    Ok(world.render(&id))
}

/// Fields that are taken over as they are given.
fn fill(world: &mut World, id: &str, params: &Value) -> Result<(), ApiError> {
    for key in ["email", "business_type", "default_currency"] {
        if let Some(value) = params.get(key) {
            world.set(id, key, value.clone());
        }
    }
    if let Some(body) = world.body_mut(id) {
        for key in ["business_profile", "settings", "tos_acceptance"] {
            deepen(&mut body[key], &params[key]);
        }
        merge_metadata(&mut body["metadata"], params.get("metadata"));
        for (name, wish) in params["capabilities"].as_object().into_iter().flatten() {
            if wish["requested"] == "true" {
                if body["capabilities"].get(name).is_none() {
                    body["capabilities"][name] = json!("inactive");
                }
            } else if let Some(capabilities) = body["capabilities"].as_object_mut() {
                capabilities.remove(name);
            }
        }
    }
    for key in ["first_name", "last_name"] {
        if let Some(name) = params["individual"].get(key) {
            world.hide(id, key, name.clone());
        }
    }
    if let Some(bank) = params.get("external_account").filter(|bank| !bank.is_null()) {
        external_accounts::put(world, id, bank)?;
    }
    Ok(())
}

fn deepen(target: &mut Value, given: &Value) {
    match given {
        Value::Object(fields) => {
            if !target.is_object() {
                *target = json!({});
            }
            for (key, value) in fields {
                deepen(&mut target[key.as_str()], value);
            }
        }
        Value::Null => {}
        Value::String(text) if text.is_empty() => *target = Value::Null,
        value => *target = value.clone(),
    }
}

/// Works out requirements, capabilities and what is enabled from what is known; tells when something changed.
pub fn refresh(world: &mut World, id: &str, tell: bool) {
    let before = world.body(id).clone();
    let hidden = world.hidden(id).clone();
    let banks: Vec<Value> = world.shelf(id, "bank_account").iter().map(|bank| world.body(bank).clone()).collect();
    let bank_well = banks.iter().any(|bank| bank["status"] != "errored");
    let submitted = hidden["submitted"] == true;
    let restriction = &hidden["restriction"];
    let mut due: Vec<&str> = Vec::new();
    if !bank_well {
        due.push("external_account");
    }
    if hidden["first_name"].as_str().unwrap_or("").is_empty() {
        due.push("individual.first_name");
    }
    if hidden["last_name"].as_str().unwrap_or("").is_empty() {
        due.push("individual.last_name");
    }
    if !submitted {
        due.extend(["tos_acceptance.date", "tos_acceptance.ip"]);
    }
    let mut past_due = Vec::new();
    let mut errors = Vec::new();
    if let Some(requirement) = restriction["requirement"].as_str() {
        due.push(requirement);
        past_due.push(requirement);
        errors.push(json!({
            "code": "verification_document_failed_other", "requirement": requirement,
            "reason": "The document could not be verified. Upload a clear colour image of the whole document.",
        }));
    }
    if banks.iter().any(|bank| bank["status"] == "errored") && !bank_well {
        past_due.push("external_account");
        errors.push(json!({
            "code": "external_account_payout_failed", "requirement": "external_account",
            "reason": "A payout to this bank account failed. Give another one.",
        }));
    }
    let known = submitted && due.iter().all(|item| *item == "external_account");
    let disabled = match restriction["reason"].as_str() {
        Some(reason) => json!(reason),
        None if !submitted || !due.is_empty() => json!("requirements.past_due"),
        None => Value::Null,
    };
    let able = known && restriction.is_null();
    let capabilities: serde_json::Map<String, Value> = before["capabilities"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| (name.clone(), json!(if able { "active" } else { "inactive" })))
        .collect();
    let cards = capabilities.get("card_payments").is_some_and(|status| status == "active");
    let list = |items: Vec<Value>| {
        json!({
            "object": "list", "data": items, "has_more": false, "total_count": banks.len(), "url": format!("/v1/accounts/{id}/external_accounts"),
        })
    };
    let fields = json!({
        "capabilities": capabilities, "details_submitted": submitted, "charges_enabled": able && cards,
        "payouts_enabled": able && bank_well, "external_accounts": list(banks.clone()),
    });
    let now = world.now();
    if let Some(body) = world.body_mut(id) {
        overlay(body, fields);
        for (key, items) in [("currently_due", &due), ("eventually_due", &due), ("past_due", &past_due)] {
            body["requirements"][key] = json!(items);
        }
        body["requirements"]["errors"] = json!(errors);
        body["requirements"]["disabled_reason"] = disabled;
        if submitted && body["tos_acceptance"]["date"].is_null() {
            body["tos_acceptance"]["date"] = json!(now);
        }
    }
    if tell {
        let (object, mut previous) = (world.render(id), serde_json::Map::new());
        for (key, value) in before.as_object().into_iter().flatten() {
            if object.get(key) != Some(value) {
                previous.insert(key.clone(), value.clone());
            }
        }
        if !previous.is_empty() {
            world.tell_of("account.updated", id, object, Some(Value::Object(previous)));
        }
    }
}

fn one(world: &World, call: &Call) -> Result<String, ApiError> {
    let id = call.arg(0);
    let mine = world.objects.get(id).is_some_and(|object| object.kind == "account");
    if mine && (call.owner == world.platform || call.owner == id) {
        Ok(id.to_owned())
    } else {
        Err(ApiError::forbidden(format!(
            "The provided key does not have access to account '{id}' (or that account does not exist)."
        )))
    }
}

/// The account the request acts for.
pub fn own(world: &mut World, call: &Call, _: &Value) -> Answer {
    if call.owner == world.platform {
        let mut body = crate::fixtures::blank("account");
        body["id"] = json!(call.owner);
        return Ok(body);
    }
    Ok(world.render(&call.owner))
}

pub fn retrieve(world: &mut World, call: &Call, _: &Value) -> Answer {
    let id = one(world, call)?;
    Ok(world.render(&id))
}

pub fn update(world: &mut World, call: &Call, params: &Value) -> Answer {
    let id = one(world, call)?;
    let before = world.body(&id).clone();
    fill(world, &id, params)?;
    refresh(world, &id, false);
    let (object, mut previous) = (world.render(&id), serde_json::Map::new());
    previous.extend(
        before.as_object().into_iter().flatten().filter(|(k, v)| object.get(*k) != Some(v)).map(|(k, v)| (k.clone(), v.clone())),
    );
    if !previous.is_empty() {
        world.tell_of("account.updated", &id, object.clone(), Some(Value::Object(previous)));
    }
    Ok(object)
}

pub fn delete(world: &mut World, call: &Call, _: &Value) -> Answer {
    let id = one(world, call)?;
    world.remove(&id);
    Ok(json!({ "id": id, "object": "account", "deleted": true }))
}

pub fn list(world: &mut World, call: &Call, params: &Value) -> Answer {
    world.page(call, "account", params, |_| true)
}
