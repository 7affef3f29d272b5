//! The attempt to pay: authentication, decline, a charge at once (cards) or in days (bank debits).

use serde_json::{Value, json};

use super::numbers::{self, Then};
use super::{charges, payment_methods, setup_intents};
use crate::due::Due;
use crate::error::ApiError;
use crate::world::{Call, World, number, text};

/// What the caller said about this attempt.
#[derive(Clone, Debug, Default)]
pub struct Attempt {
    pub off_session: bool,
    pub return_url: Option<String>,
    pub error_on_action: bool,
    pub stripe_sdk: bool,
    /// The customer has proved who they are.
    pub authenticated: bool,
}

impl Attempt {
    pub fn of(params: &Value) -> Attempt {
        Attempt {
            off_session: params["off_session"].as_str().is_some_and(|word| word != "false"),
            return_url: params["return_url"].as_str().map(str::to_owned),
            error_on_action: params["error_on_requires_action"] == true,
            stripe_sdk: params["use_stripe_sdk"] == true,
            authenticated: false,
        }
    }
}

/// Refuses what Stripe refuses before anything is tried.
pub fn possible(world: &World, intent: &Value, method: Option<&str>, attempt: &Attempt) -> Result<(), ApiError> {
    let Some(method) = method else {
        let message = "You cannot confirm this PaymentIntent because it's missing a payment method. Give `payment_method`.";
        return Err(ApiError::refused("payment_intent_unexpected_state", message));
    };
    let body = world.body(method);
    let kind = text(body, "type");
    if !intent["payment_method_types"].as_array().is_some_and(|types| types.iter().any(|t| t == kind)) {
        let message = format!("The payment method type \"{kind}\" is not among those of this PaymentIntent.");
        return Err(ApiError::refused("payment_intent_incompatible_payment_method", message).param("payment_method"));
    }
    if kind == "us_bank_account" && intent["currency"] != "usd" {
        let message = "Bank accounts in the United States are debited in usd alone.";
        return Err(ApiError::refused("payment_method_currency_mismatch", message).param("currency"));
    }
    if body["customer"] != intent["customer"] && !body["customer"].is_null() {
        let message = "The payment method is attached to a customer who is not the one of this PaymentIntent.";
        return Err(ApiError::refused("payment_intent_invalid_parameter", message).param("payment_method"));
    }
    if world.hidden(method)["detached"] == true {
        let message = "This payment method was detached from its customer; it cannot be used again.";
        return Err(ApiError::refused("payment_method_unexpected_state", message).param("payment_method"));
    }
    if attempt.off_session && attempt.error_on_action {
        let message = "Give `off_session` or `error_on_requires_action`, not both.";
        return Err(ApiError::invalid("parameters_exclusive", "error_on_requires_action", message));
    }
    let redirects = intent["automatic_payment_methods"]["allow_redirects"] != "never";
    if redirects && attempt.return_url.is_none() && !attempt.off_session && !attempt.error_on_action && !attempt.stripe_sdk {
        let message = "Payment methods that redirect are allowed here: give `return_url`, or \
            automatic_payment_methods[allow_redirects]=never.";
        return Err(ApiError::refused("payment_intent_invalid_parameter", message).param("return_url"));
    }
    Ok(())
}

/// Tries to pay. A decline is remembered on the intent and answered as an error.
pub fn attempt(world: &mut World, call: &Call, id: &str, attempt: &Attempt) -> Result<(), ApiError> {
    let intent = world.body(id).clone();
    let method = text(&intent, "payment_method").to_owned();
    let bank = world.body(&method)["type"] == "us_bank_account";
    let behaviour = payment_methods::behaviour(world, &method);
    world.hide(id, "off_session", json!(attempt.off_session));
    world.set(id, "last_payment_error", Value::Null);
    let wished = call.decline.clone().or_else(|| world.hidden(&method)["charge_decline"].as_str().map(str::to_owned));
    let wants_proof = wished.as_deref() == Some("authentication_required")
        || (wished.is_none() && payment_methods::needs_authentication(world, &method, false, attempt.off_session));
    if !bank && wants_proof && !attempt.authenticated {
        if attempt.off_session || attempt.error_on_action {
            return Err(decline(world, call, id, &method, "authentication_required"));
        }
        let action = setup_intents::next_action(&world.base, id, attempt.return_url.as_deref());
        world.set(id, "status", json!("requires_action"));
        world.set(id, "next_action", action);
        world.tell("payment_intent.requires_action", id);
        return Ok(());
    }
    world.set(id, "next_action", Value::Null);
    if bank && !world.hidden(&method)["blocked"].is_null() {
        return Err(blocked(world, id, &method));
    }
    let failure = wished.filter(|code| code != "authentication_required").or_else(|| behaviour.charge_decline.map(str::to_owned));
    if bank {
        let charge = charges::make(world, call, id, "pending", None);
        world.set(id, "status", json!("processing"));
        world.set(id, "latest_charge", json!(charge));
        let at = world.now() + world.settings.debit_settles_after;
        world.schedule(at, Due::DebitSettles { intent: id.to_owned(), failure });
        world.tell("payment_intent.processing", id);
        world.tell("charge.pending", &charge);
        return Ok(());
    }
    if let Some(code) = failure {
        return Err(decline(world, call, id, &method, &code));
    }
    let charge = charges::make(world, call, id, "succeeded", None);
    succeed(world, id, &charge);
    if let Then::Disputed(reason) = behaviour.then {
        let at = world.now() + 1;
        world.schedule(at, Due::Disputed { charge, reason: reason.to_owned() });
    }
    Ok(())
}

/// The money is there (or on its way for certain).
pub fn succeed(world: &mut World, id: &str, charge: &str) {
    let amount = number(world.body(id), "amount");
    world.set(id, "status", json!("succeeded"));
    world.set(id, "latest_charge", json!(charge));
    world.set(id, "amount_received", json!(amount));
    world.set(id, "next_action", Value::Null);
    if !world.body(id)["setup_future_usage"].is_null() {
        let method = text(world.body(id), "payment_method").to_owned();
        let customer = world.body(id)["customer"].clone();
        world.hide(&method, "set_up", json!(true));
        if world.body(&method)["customer"].is_null() && !customer.is_null() {
            world.set(&method, "customer", customer);
            world.tell("payment_method.attached", &method);
        }
    }
    world.tell("charge.succeeded", charge);
    world.tell("payment_intent.succeeded", id);
}

/// A card said no: a failed charge, the intent back to wanting a method, and Stripe's `card_error`.
pub fn decline(world: &mut World, call: &Call, id: &str, method: &str, code: &str) -> ApiError {
    let charge = charges::make(world, call, id, "failed", Some(code));
    world.tell("charge.failed", &charge);
    let error = ApiError::card(numbers::error_code(code), Some(code), numbers::words(code)).with("charge", json!(charge));
    remember_error(world, id, method, &error);
    world.set(id, "latest_charge", json!(charge));
    world.tell("payment_intent.payment_failed", id);
    error.with("payment_method", world.render(method)).with("payment_intent", world.render(id))
}

/// A bank account whose debits were sent back for good is not debited again.
fn blocked(world: &mut World, id: &str, method: &str) -> ApiError {
    let message = "This bank account cannot be debited: an earlier debit was returned, or the customer withdrew the mandate.";
    let error = ApiError::refused("payment_method_bank_account_blocked", message);
    remember_error(world, id, method, &error);
    world.tell("payment_intent.payment_failed", id);
    error.with("payment_method", world.render(method)).with("payment_intent", world.render(id))
}

pub fn remember_error(world: &mut World, id: &str, method: &str, error: &ApiError) {
    let with_method = error.clone().with("payment_method", world.render(method));
    let mut shown = with_method.body("")["error"].clone();
    if let Some(fields) = shown.as_object_mut() {
        fields.remove("request_log_url");
    }
    world.set(id, "last_payment_error", shown);
    world.set(id, "status", json!("requires_payment_method"));
    world.set(id, "payment_method", Value::Null);
    world.set(id, "next_action", Value::Null);
}
