//! Checkout in set-up mode: the customer leaves a card or a US bank account.

use serde_json::json;

use super::{Page, escape, field, frame};
use crate::api::{checkout_sessions, numbers, payment_methods, setup_intents};
use crate::world::{Call, World, text};

pub fn page(world: &mut World, session: &str, query: &str, form: Option<Vec<(String, String)>>) -> Page {
    let body = world.body(session).clone();
    match text(&body, "status") {
        "open" => {}
        "" => return Page::Html(404, frame("Not found", "<p>There is no such session.</p>")),
        "complete" => return Page::Html(410, frame("All done", "<p>This checkout session has already been completed.</p>")),
        _ => return Page::Html(410, frame("Link expired", "<p>This checkout session has expired.</p>")),
    }
    let Some(form) = form else {
        let error =
            if query.contains("failed=1") { "We are unable to authenticate your payment method. Choose another one." } else { "" };
        return Page::Html(200, view(&body, error));
    };
    let owner = world.owner(session);
    let call = Call { owner: owner.clone(), ..Call::default() };
    let (kind, behaviour, number) = if field(&form, "action") == "bank" {
        let number = field(&form, "account_number").replace(' ', "");
        if number.len() < 4 || !number.bytes().all(|b| b.is_ascii_digit()) {
            return Page::Html(422, view(&body, "Your account number is invalid."));
        }
        ("us_bank_account", numbers::bank(&number).unwrap_or(&numbers::BANKS[0]), number)
    } else {
        let number = field(&form, "card_number").replace(' ', "");
        match numbers::card(&number) {
            Some(behaviour) => ("card", behaviour, number),
            None => return Page::Html(422, view(&body, "Your card number is invalid.")),
        }
    };
    if !body["payment_method_types"].as_array().is_some_and(|types| types.iter().any(|t| t == kind)) {
        return Page::Html(422, view(&body, "This way to pay is not offered here."));
    }
    let method = payment_methods::make(world, &owner, kind, behaviour, &number);
    if let Some(shown) = world.body_mut(&method) {
        for key in ["name", "email"] {
            if !field(&form, key).is_empty() {
                shown["billing_details"][key] = json!(field(&form, key));
            }
        }
        shown["allow_redisplay"] = json!("limited");
    }
    let intent = text(&body, "setup_intent").to_owned();
    world.hide(&intent, "session", json!(session));
    let back = format!("{}/_hosted/checkout/{session}", world.base);
    if let Err(error) = setup_intents::run(world, &call, &intent, Some(&method), Some(&back)) {
        return Page::Html(422, view(&body, &error.message));
    }
    if world.body(&intent)["status"] == "succeeded" {
        return Page::Go(checkout_sessions::complete(world, session));
    }
    Page::Go(format!("{}/_hosted/authenticate/{intent}", world.base))
}

fn view(body: &serde_json::Value, error: &str) -> String {
    let offers = |kind: &str| body["payment_method_types"].as_array().is_some_and(|types| types.iter().any(|t| t == kind));
    let mut content = format!("<p class=\"error\" role=\"alert\">{}</p><form method=\"post\">", escape(error));
    content.push_str(&format!(
        "<label for=\"email\">E-mail</label><input id=\"email\" name=\"email\" value=\"{}\">\
         <label for=\"name\">Name</label><input id=\"name\" name=\"name\">",
        escape(text(body, "customer_email"))
    ));
    if offers("card") {
        content.push_str(
            "<label for=\"card-number\">Card number</label><input id=\"card-number\" name=\"card_number\" inputmode=\"numeric\">\
             <label for=\"expiry\">Expiry</label><input id=\"expiry\" name=\"expiry\" value=\"12 / 34\">\
             <label for=\"cvc\">CVC</label><input id=\"cvc\" name=\"cvc\" value=\"123\">\
             <button id=\"submit\" name=\"action\" value=\"card\">Save card</button>",
        );
    }
    if offers("us_bank_account") {
        content.push_str(
            "<label for=\"account-number\">US bank account number</label>\
             <input id=\"account-number\" name=\"account_number\" inputmode=\"numeric\">\
             <label for=\"routing-number\">Routing number</label><input id=\"routing-number\" name=\"routing_number\" value=\"110000000\">\
             <button id=\"submit-bank\" name=\"action\" value=\"bank\">Save bank account</button>",
        );
    }
    content.push_str("</form>");
    if let Some(cancel) = body["cancel_url"].as_str() {
        content.push_str(&format!("<p><a id=\"cancel\" href=\"{}\">Back</a></p>", escape(cancel)));
    }
    frame("Save a payment method", &content)
}
