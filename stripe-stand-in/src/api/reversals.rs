//! Transfer reversals: money comes back from a connected account, as far as it is still there.

use serde_json::{Value, json};

use super::transfers;
use crate::error::{Answer, ApiError};
use crate::money::{Movement, overlay};
use crate::spec::merge_metadata;
use crate::world::{Call, World, number, text};

pub fn create(world: &mut World, call: &Call, params: &Value) -> Answer {
    let transfer = world.find(&call.owner, "transfer", call.arg(0), "id")?;
    let id = call.arg(0);
    let left = number(&transfer, "amount") - number(&transfer, "amount_reversed");
    if left == 0 {
        return Err(ApiError::refused("return_intent_already_processed", format!("Transfer {id} is already fully reversed.")));
    }
    let amount = params["amount"].as_i64().unwrap_or(left);
    if amount < 1 || amount > left {
        let message = format!("Reversal amount ({amount}) must be positive and not greater than what is left ({left}).");
        return Err(ApiError::refused("parameter_invalid_integer", message).param("amount"));
    }
    let (account, currency) = (text(&transfer, "destination").to_owned(), text(&transfer, "currency").to_owned());
    let purse = world.purse(&account, &currency);
    if !world.settings.reversal_may_overdraw && purse.available + purse.waiting() < amount {
        let message = format!("The connected account {account} has insufficient funds: its balance does not cover the reversal.");
        return Err(ApiError::refused("balance_insufficient", message));
    }
    let payment = text(&transfer, "destination_payment").to_owned();
    let paid_on = number(world.body(text(world.body(&payment), "balance_transaction")), "available_on");
    let available_on = paid_on.max(world.now());
    let mut body = world.blank("transfer_reversal", "trr_");
    let reversal = text(&body, "id").to_owned();
    let refund = world.dice.id("pyr_");
    overlay(
        &mut body,
        json!({
            "amount": amount, "currency": currency, "transfer": id, "destination_payment_refund": refund, "source_refund": null,
        }),
    );
    merge_metadata(&mut body["metadata"], params.get("metadata"));
    world.add(&call.owner, "transfer_reversal", body, Value::Null);
    let mut back = world.blank("refund", "pyr_");
    overlay(
        &mut back,
        json!({
            "id": refund, "amount": amount, "charge": payment, "currency": currency, "status": "succeeded",
            "source_transfer_reversal": reversal, "payment_intent": null, "destination_details": null, "reason": null,
        }),
    );
    world.add(&account, "refund", back, Value::Null);
    let taken = world.post(Movement {
        owner: &account,
        amount: -amount,
        fee: 0,
        currency: &currency,
        kind: "payment_refund",
        category: "refund",
        source: &refund,
        available_on,
        description: Some(format!("REFUND FOR PAYMENT ({payment})")),
    });
    world.set(&refund, "balance_transaction", json!(taken));
    let moved = world.post(Movement {
        owner: &call.owner,
        amount,
        fee: 0,
        currency: &currency,
        kind: "transfer_refund",
        category: "transfer_reversal",
        source: &reversal,
        available_on,
        description: params["description"].as_str().map(str::to_owned),
    });
    world.set(&reversal, "balance_transaction", json!(moved));
    if let Some(charge) = world.body_mut(&payment) {
        let refunded = number(charge, "amount_refunded") + amount;
        charge["amount_refunded"] = json!(refunded);
        charge["refunded"] = json!(refunded == number(charge, "amount"));
    }
    if let Some(source) = transfer["source_transaction"].as_str() {
        transfers::given_on(world, source, -amount);
    }
    let shown = world.render(&reversal);
    if let Some(transfer) = world.body_mut(id) {
        let reversed = number(transfer, "amount_reversed") + amount;
        transfer["amount_reversed"] = json!(reversed);
        transfer["reversed"] = json!(reversed == number(transfer, "amount"));
        if let Some(list) = transfer["reversals"]["data"].as_array_mut() {
            list.insert(0, shown.clone());
            let count = list.len();
            transfer["reversals"]["total_count"] = json!(count);
        }
    }
    world.tell("transfer.reversed", id);
    Ok(shown)
}

pub fn retrieve(world: &mut World, call: &Call, _: &Value) -> Answer {
    let reversal = world.find(&call.owner, "transfer_reversal", call.arg(1), "id")?;
    if reversal["transfer"] == call.arg(0) { Ok(reversal) } else { Err(ApiError::missing("transfer_reversal", call.arg(1), "id")) }
}

pub fn list(world: &mut World, call: &Call, params: &Value) -> Answer {
    world.find(&call.owner, "transfer", call.arg(0), "id")?;
    world.page(call, "transfer_reversal", params, |body| body["transfer"] == call.arg(0))
}
