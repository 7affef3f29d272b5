//! Customers.

use serde_json::{Value, json};

use super::payment_methods;
use crate::error::{Answer, ApiError};
use crate::spec::merge_metadata;
use crate::world::{Call, World, matches, text};

const PLAIN: [&str; 9] =
    ["address", "balance", "description", "email", "name", "phone", "preferred_locales", "shipping", "tax_exempt"];

fn fill(world: &mut World, call: &Call, id: &str, params: &Value) -> Result<(), ApiError> {
    if let Some(method) = params["invoice_settings"]["default_payment_method"].as_str().filter(|method| !method.is_empty()) {
        let method = world.find(&call.owner, "payment_method", method, "invoice_settings[default_payment_method]")?;
        if method["customer"] != *id {
            return Err(ApiError::refused(
                "resource_missing",
                "The default payment method must first be attached to this customer.",
            ));
        }
    }
    if let Some(body) = world.body_mut(id) {
        for key in PLAIN {
            if let Some(value) = params.get(key) {
                body[key] = value.clone();
            }
        }
        if let Some(method) = params["invoice_settings"].get("default_payment_method") {
            body["invoice_settings"]["default_payment_method"] = if method == "" { Value::Null } else { method.clone() };
        }
        merge_metadata(&mut body["metadata"], params.get("metadata"));
    }
    Ok(())
}

pub fn create(world: &mut World, call: &Call, params: &Value) -> Answer {
    let mut body = world.blank("customer", "cus_");
    let id = text(&body, "id").to_owned();
    body["invoice_prefix"] = json!(world.dice.letters(8).to_uppercase());
    world.add(&call.owner, "customer", body, Value::Null);
    let method = params["payment_method"].as_str();
    let attached = method.map_or(Ok(()), |method| payment_methods::attach_to(world, call, method, &id).map(|_| ()));
    if let Err(error) = attached.and_then(|()| fill(world, call, &id, params)) {
        world.remove(&id);
        return Err(error);
    }
    world.tell("customer.created", &id);
    Ok(world.render(&id))
}

pub fn retrieve(world: &mut World, call: &Call, _: &Value) -> Answer {
    if world.hidden(call.arg(0))["deleted"] == true {
        return Ok(json!({ "id": call.arg(0), "object": "customer", "deleted": true }));
    }
    world.find(&call.owner, "customer", call.arg(0), "id")
}

pub fn update(world: &mut World, call: &Call, params: &Value) -> Answer {
    let before = world.find(&call.owner, "customer", call.arg(0), "id")?;
    fill(world, call, call.arg(0), params)?;
    world.tell_change("customer.updated", call.arg(0), &before);
    Ok(world.render(call.arg(0)))
}

pub fn delete(world: &mut World, call: &Call, _: &Value) -> Answer {
    world.find(&call.owner, "customer", call.arg(0), "id")?;
    world.tell("customer.deleted", call.arg(0));
    let shelf = format!("{}|customer", call.owner);
    if let Some(shelf) = world.shelves.get_mut(&shelf) {
        shelf.retain(|id| id != call.arg(0));
    }
    if let Some(object) = world.objects.get_mut(call.arg(0)) {
        object.hidden = json!({ "deleted": true });
    }
    Ok(json!({ "id": call.arg(0), "object": "customer", "deleted": true }))
}

pub fn list(world: &mut World, call: &Call, params: &Value) -> Answer {
    world.page(call, "customer", params, |body| matches(body, "email", params, "email"))
}
