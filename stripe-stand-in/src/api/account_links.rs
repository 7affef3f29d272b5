//! Account links (the way into hosted onboarding, once and for minutes) and login links.

use serde_json::{Value, json};

use crate::error::{Answer, ApiError};
use crate::world::{Call, World};

pub fn create(world: &mut World, call: &Call, params: &Value) -> Answer {
    let account = params["account"].as_str().unwrap_or("");
    if world.objects.get(account).is_none_or(|object| object.kind != "account") {
        return Err(ApiError::missing("account", account, "account"));
    }
    for key in ["refresh_url", "return_url"] {
        let url = params[key].as_str().unwrap_or("");
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(ApiError::invalid("url_invalid", key, format!("Not a valid URL: {url}")));
        }
    }
    if params["type"] == "account_update" && world.body(account)["type"] != "custom" {
        let message = "`account_update` is for accounts whose requirements the platform collects; use `account_onboarding`.";
        return Err(ApiError::refused("parameter_invalid", message).param("type"));
    }
    let token = world.dice.letters(12);
    let url = format!("{}/_hosted/account/{account}/{token}", world.base);
    let mut body = crate::fixtures::blank("account_link");
    body["created"] = json!(world.now());
    body["expires_at"] = json!(world.now() + world.settings.account_link_lives);
    body["url"] = json!(url);
    let kept = json!({ "id": format!("link_{token}"), "account": account, "expires_at": body["expires_at"] });
    let hidden = json!({ "refresh_url": params["refresh_url"], "return_url": params["return_url"], "used": false });
    world.add(&call.owner, "_account_link", kept, hidden);
    Ok(body)
}

pub fn login(world: &mut World, call: &Call, _: &Value) -> Answer {
    let account = call.arg(0);
    let body = world.find(&call.owner, "account", account, "account")?;
    if body["type"] != "express" {
        return Err(ApiError::refused("parameter_invalid", "Login links exist for accounts with the Express dashboard alone."));
    }
    if body["details_submitted"] != true {
        return Err(ApiError::refused(
            "parameter_invalid",
            "Cannot create a login link for an account that has not completed onboarding.",
        ));
    }
    let token = world.dice.letters(12);
    let mut link = crate::fixtures::blank("login_link");
    link["created"] = json!(world.now());
    link["url"] = json!(format!("{}/_hosted/express/{account}/{token}", world.base));
    Ok(link)
}
