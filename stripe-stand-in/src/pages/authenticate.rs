//! The bank's page where a customer proves who they are, or does not.

use serde_json::{Value, json};

use super::{Page, escape, field, frame, with_query};
use crate::api::{checkout_sessions, payments, setup_intents};
use crate::error::ApiError;
use crate::world::{Call, World, text};

const UNPROVEN: &str = "We are unable to authenticate your payment method. Please choose a different payment method and try again.";

pub fn page(world: &mut World, intent: &str, form: Option<Vec<(String, String)>>) -> Page {
    let body = world.body(intent).clone();
    if body.is_null() || !intent.starts_with("pi_") && !intent.starts_with("seti_") {
        return Page::Html(404, frame("Not found", "<p>There is nothing to authenticate.</p>"));
    }
    if body["status"] != "requires_action" {
        return Page::Html(410, frame("All done", "<p>There is nothing left to authenticate.</p>"));
    }
    let Some(form) = form else {
        let content = format!(
            "<p>Your bank wants to know that it is you ({}).</p><form method=\"post\">\
             <button id=\"complete\" name=\"action\" value=\"complete\">Complete authentication</button>\
             <button id=\"fail\" name=\"action\" value=\"fail\">Fail authentication</button></form>",
            escape(intent)
        );
        return Page::Html(200, frame("Authenticate", &content));
    };
    let call = Call { owner: world.owner(intent), ..Call::default() };
    let back = text(&body["next_action"]["redirect_to_url"], "return_url").to_owned();
    let complete = field(&form, "action") == "complete";
    if intent.starts_with("seti_") {
        return set_up(world, &call, intent, &body, &back, complete);
    }
    let method = text(&body, "payment_method").to_owned();
    if complete {
        let attempt = payments::Attempt { authenticated: true, ..payments::Attempt::default() };
        // A decline stands on the intent, where the caller looks for it.
        drop(payments::attempt(world, &call, intent, &attempt));
    } else {
        let error = ApiError::card("payment_intent_authentication_failure", None, UNPROVEN);
        payments::remember_error(world, intent, &method, &error);
        world.tell("payment_intent.payment_failed", intent);
    }
    let status = if ["succeeded", "processing"].contains(&text(world.body(intent), "status")) { "succeeded" } else { "failed" };
    let pairs =
        [("payment_intent", intent), ("payment_intent_client_secret", text(&body, "client_secret")), ("redirect_status", status)];
    finish(&back, &pairs)
}

fn set_up(world: &mut World, call: &Call, intent: &str, body: &Value, back: &str, complete: bool) -> Page {
    let session = text(world.hidden(intent), "session").to_owned();
    let done = complete && setup_intents::succeed(world, call, intent).is_ok();
    if !done {
        let method = text(body, "payment_method").to_owned();
        setup_intents::fail(world, intent, &method, "setup_intent_authentication_failure", None, UNPROVEN);
    }
    if !session.is_empty() {
        return Page::Go(if done {
            checkout_sessions::complete(world, &session)
        } else {
            format!("{}/_hosted/checkout/{session}?failed=1", world.base)
        });
    }
    let status = if done { "succeeded" } else { "failed" };
    world.hide(intent, "redirect_status", json!(status));
    finish(
        back,
        &[("setup_intent", intent), ("setup_intent_client_secret", text(body, "client_secret")), ("redirect_status", status)],
    )
}

fn finish(back: &str, pairs: &[(&str, &str)]) -> Page {
    if back.is_empty() {
        return Page::Html(200, frame("Thank you", "<p>You can close this page.</p>"));
    }
    Page::Go(with_query(back, pairs))
}
