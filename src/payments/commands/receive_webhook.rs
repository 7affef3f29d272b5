//! Takes a webhook in: stored, and the job to work it off, in one transaction. The same event again changes nothing.

use entity::payments::webhook;
use sea_orm::{EntityTrait, Set, sea_query::OnConflict};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    payments::jobs::WorkWebhook,
    platform::{Refusal, Result, Work},
};

/// What of an event says where to look; all else is left alone.
#[derive(Debug, Deserialize)]
struct Envelope {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    livemode: bool,
    data: Data,
}

#[derive(Debug, Deserialize)]
struct Data {
    object: Value,
}

/// True where it is new. `payload` is signed by Stripe; nothing of it is believed beyond where to look.
pub async fn receive_webhook(work: &mut Work, payload: &[u8]) -> Result<bool> {
    let envelope: Envelope = serde_json::from_slice(payload).map_err(|_| {
        Refusal::new("not_an_event", "This is no event of Stripe's.", "Send what Stripe sends.")
            .status(actix_web::http::StatusCode::BAD_REQUEST)
    })?;
    let text = |name: &str| envelope.data.object.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let kind = text("object");
    // What happens to a charge, a dispute or a refund is looked at from its payment.
    let (object, object_id) = match kind.as_str() {
        "charge" | "dispute" | "refund" => ("payment_intent".to_owned(), text("payment_intent")),
        "checkout.session" | "setup_intent" => ("customer".to_owned(), text("customer")),
        "transfer_reversal" => ("transfer".to_owned(), text("transfer")),
        _ => (kind, text("id")),
    };
    let hint = envelope.data.object.pointer("/metadata/settlement").and_then(Value::as_str).unwrap_or_default();
    let row = webhook::ActiveModel {
        id: Set(envelope.id.clone()),
        kind: Set(envelope.kind),
        account: Set(envelope.account.unwrap_or_default()),
        object: Set(object),
        object_id: Set(object_id),
        hint: Set(hint.to_owned()),
        livemode: Set(envelope.livemode),
        received_at: Set(work.now()),
        payload: Set(work.platform().keyring.seal("webhook", envelope.id.as_bytes(), payload)),
        worked_at: Set(None),
        outcome: Set(String::new()),
    };
    let once = OnConflict::column(webhook::Column::Id).do_nothing().to_owned();
    let new = webhook::Entity::insert(row).on_conflict(once).exec_without_returning(work.write()).await? > 0;
    if new {
        work.enqueue(&WorkWebhook { event: envelope.id }).await?;
    }
    work.counts_as_audited("what Stripe sent is a log itself");
    Ok(new)
}
