//! Onboarding of a connected account, behind an account link: opened once, for minutes.

use serde_json::json;

use super::{Page, escape, field, frame};
use crate::world::{World, number, text};

pub fn page(world: &mut World, account: &str, token: &str, form: Option<Vec<(String, String)>>) -> Page {
    let link = format!("link_{token}");
    if world.body(&link)["account"] != account || !world.objects.contains_key(account) {
        return Page::Html(404, frame("Not found", "<p>There is no such link.</p>"));
    }
    let back = |key: &str| Page::Go(text(world.hidden(&link), key).to_owned());
    match form {
        None => {
            let expired = world.now() > number(world.body(&link), "expires_at");
            if expired || world.hidden(&link)["used"] == true {
                return back("refresh_url");
            }
            let visit = world.dice.letters(16);
            world.hide(&link, "used", json!(true));
            world.hide(&link, "visit", json!(visit));
            Page::Html(200, view(world, account, &visit, ""))
        }
        Some(form) => {
            let visit = text(world.hidden(&link), "visit").to_owned();
            if visit.is_empty() || field(&form, "visit") != visit {
                return back("refresh_url");
            }
            let action = field(&form, "action");
            let submitted = action == "submit";
            let bank = Some(field(&form, "account_number")).filter(|number| !number.trim().is_empty());
            if submitted {
                let hidden = world.hidden(account);
                let named = |key: &str| !field(&form, key).trim().is_empty() || !text(hidden, key).is_empty();
                if !named("first_name") || !named("last_name") {
                    return Page::Html(422, view(world, account, &visit, "Give your first and last name."));
                }
            }
            match world.onboard(account, Some(field(&form, "first_name")), Some(field(&form, "last_name")), bank, submitted) {
                Ok(_) => Page::Go(text(world.hidden(&link), "return_url").to_owned()),
                Err(error) => Page::Html(422, view(world, account, &visit, &error.message)),
            }
        }
    }
}

fn view(world: &World, account: &str, visit: &str, error: &str) -> String {
    let (body, hidden) = (world.body(account), world.hidden(account));
    let banks = body["external_accounts"]["data"].as_array();
    let bank = banks.and_then(|banks| banks.first()).map_or_else(
        || "<p class=\"note\">No bank account yet.</p>".to_owned(),
        |bank| {
            format!(
                "<p class=\"note\">Bank account ending in {} ({}).</p>",
                escape(text(bank, "last4")),
                escape(text(bank, "status"))
            )
        },
    );
    let wanted: Vec<String> = body["requirements"]["currently_due"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item.as_str())
        .map(|item| format!("<li>{}</li>", escape(item)))
        .collect();
    frame(
        "Set up your payouts",
        &format!(
            "<p class=\"error\" role=\"alert\">{}</p><p>Account {}</p><ul class=\"note\">{}</ul><form method=\"post\">\
             <input type=\"hidden\" name=\"visit\" value=\"{visit}\">\
             <label for=\"first-name\">First name</label><input id=\"first-name\" name=\"first_name\" value=\"{}\">\
             <label for=\"last-name\">Last name</label><input id=\"last-name\" name=\"last_name\" value=\"{}\">{bank}\
             <label for=\"account-number\">Bank account number (000123456789 works, 000111111113 is closed)</label>\
             <input id=\"account-number\" name=\"account_number\" inputmode=\"numeric\">\
             <label for=\"routing-number\">Routing number</label><input id=\"routing-number\" name=\"routing_number\" value=\"110000000\">\
             <button id=\"submit\" name=\"action\" value=\"submit\">Submit</button>\
             <button id=\"leave\" name=\"action\" value=\"leave\">Leave unfinished</button></form>",
            escape(error),
            escape(account),
            wanted.join(""),
            escape(text(hidden, "first_name")),
            escape(text(hidden, "last_name")),
        ),
    )
}
