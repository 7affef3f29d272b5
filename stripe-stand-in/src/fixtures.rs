//! Stripe's published example objects, and blanks made of them: every field there, nothing of the example left.

use std::sync::OnceLock;

use serde_json::{Map, Value};

/// The version of Stripe's API that is spoken here, and no other.
pub const API_VERSION: &str = "2026-09-30.endive";

fn all() -> &'static Map<String, Value> {
    static ALL: OnceLock<Map<String, Value>> = OnceLock::new();
    ALL.get_or_init(|| {
        let text = include_str!("../fixtures/objects.json");
        match serde_json::from_str::<Value>(text) {
            Ok(Value::Object(mut root)) => match root.remove("resources") {
                Some(Value::Object(resources)) => resources,
                _ => Map::new(),
            },
            _ => Map::new(),
        }
    })
}

/// The published example of a resource, e.g. `payment_intent` or `checkout.session`.
pub fn fixture(kind: &str) -> Option<&'static Value> {
    all().get(kind)
}

/// Fields whose example says nothing about a new object: they begin as null.
fn unset(kind: &str) -> &'static [&'static str] {
    match kind {
        "customer" => &["discount", "shipping", "currency", "email", "name", "address", "invoice_prefix"],
        "payment_method" => &["card", "customer"],
        "setup_intent" => &[
            "automatic_payment_methods",
            "last_setup_error",
            "next_action",
            "payment_method_configuration_details",
            "payment_method_options",
        ],
        "checkout.session" => &[
            "after_expiration",
            "allow_promotion_codes",
            "cancel_url",
            "consent",
            "consent_collection",
            "customer_details",
            "invoice_creation",
            "payment_intent",
            "payment_method_configuration_details",
            "phone_number_collection",
            "saved_payment_method_options",
            "shipping_address_collection",
            "shipping_cost",
            "success_url",
            "total_details",
            "adaptive_pricing",
            "collected_information",
            "permissions",
            "wallet_options",
            "currency_conversion",
            "managed_payments",
        ],
        "payment_intent" => &[
            "automatic_payment_methods",
            "canceled_at",
            "last_payment_error",
            "next_action",
            "payment_method_configuration_details",
            "processing",
            "shipping",
            "transfer_data",
            "managed_payments",
        ],
        "charge" => &[
            "description",
            "outcome",
            "payment_method",
            "payment_method_details",
            "shipping",
            "source",
            "transfer_data",
            "receipt_url",
        ],
        "payout" => &["balance_transaction", "destination"],
        "account" => &["email", "default_currency"],
        _ => &[],
    }
}

/// A new object of this kind: the example's fields, none of its story.
pub fn blank(kind: &str) -> Value {
    let mut value = fixture(kind).cloned().unwrap_or_else(|| Value::Object(Map::new()));
    for key in unset(kind) {
        value[*key] = Value::Null;
    }
    if value.get("metadata").is_some() {
        value["metadata"] = Value::Object(Map::new());
    }
    value
}
