//! Takes a webhook in: stored, and the job to work it off, in one transaction. The same event again changes nothing.
//!
//! Many come at once (Stripe sends the news of a billing day within minutes), so whoever gets to write takes all that wait with
//! them into one transaction; each is answered after it.

use std::{collections::HashSet, sync::Arc};

use entity::{Reach, Unwalled, payments::webhook};
use parking_lot::Mutex;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::{
    payments::jobs::WorkWebhooks,
    platform::{Actor, Error, Platform, Refusal, Result},
};

/// Events one transaction takes.
const BATCH: usize = 256;

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

/// Those that wait to be written, and the turn to write.
#[derive(Default)]
struct Inbox {
    waiting: Mutex<Vec<(webhook::Model, oneshot::Sender<bool>)>>,
    turn: tokio::sync::Mutex<()>,
}

/// True where it is new. `payload` is signed by Stripe; nothing of it is believed beyond where to look.
pub async fn receive_webhook(platform: &Arc<Platform>, payload: &[u8]) -> Result<bool> {
    let row = read(platform, payload)?;
    let inbox = platform.shared::<Inbox>();
    let (answer, mut answered) = oneshot::channel();
    inbox.waiting.lock().push((row, answer));
    let turn = inbox.turn.lock().await;
    // Whoever had the turn before may have taken it along.
    if let Ok(new) = answered.try_recv() {
        return Ok(new);
    }
    let batch: Vec<_> = {
        let mut waiting = inbox.waiting.lock();
        let many = waiting.len().min(BATCH);
        waiting.drain(..many).collect()
    };
    write(platform, batch).await?;
    drop(turn);
    answered.try_recv().map_err(|_| {
        // More than a batch stood before it; Stripe sends it again.
        Error::from(
            Refusal::new("busy", "Too many events at once.", "Send it again in a moment.")
                .status(actix_web::http::StatusCode::SERVICE_UNAVAILABLE),
        )
    })
}

fn read(platform: &Platform, payload: &[u8]) -> Result<webhook::Model> {
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
    Ok(webhook::Model {
        payload: platform.keyring.seal("webhook", envelope.id.as_bytes(), payload),
        id: envelope.id,
        kind: envelope.kind,
        account: envelope.account.unwrap_or_default(),
        object,
        object_id,
        hint: hint.to_owned(),
        livemode: envelope.livemode,
        received_at: platform.clock.now(),
        worked_at: None,
        outcome: String::new(),
    })
}

async fn write(platform: &Arc<Platform>, batch: Vec<(webhook::Model, oneshot::Sender<bool>)>) -> Result<()> {
    let reach = Reach::Everything("a webhook comes before anybody knows whose it is");
    let mut work = platform.work(Actor::program("stripe webhook"), reach).await?;
    let ids = batch.iter().map(|(row, _)| row.id.clone());
    let known: HashSet<String> = webhook::Entity::rows()
        .filter(webhook::Column::Id.is_in(ids))
        .select_only()
        .column(webhook::Column::Id)
        .into_tuple::<String>()
        .all(work.read())
        .await?
        .into_iter()
        .collect();
    let mut seen = known;
    let mut answers = Vec::with_capacity(batch.len());
    let mut rows = Vec::with_capacity(batch.len());
    for (row, answer) in batch {
        let new = seen.insert(row.id.clone());
        answers.push((answer, new));
        if new {
            rows.push(row);
        }
    }
    if !rows.is_empty() {
        let job = WorkWebhooks { events: rows.iter().map(|row| row.id.clone()).collect() };
        let rows = rows.into_iter().map(|row| webhook::ActiveModel {
            id: Set(row.id),
            kind: Set(row.kind),
            account: Set(row.account),
            object: Set(row.object),
            object_id: Set(row.object_id),
            hint: Set(row.hint),
            livemode: Set(row.livemode),
            received_at: Set(row.received_at),
            payload: Set(row.payload),
            worked_at: Set(None),
            outcome: Set(String::new()),
        });
        // On two nodes the same event may come to both at once: the second leaves it alone.
        let once = sea_orm::sea_query::OnConflict::column(webhook::Column::Id).do_nothing().to_owned();
        webhook::Entity::insert_many(rows).on_conflict(once).exec_without_returning(work.write()).await?;
        work.enqueue(&job).await?;
    }
    work.counts_as_audited("what Stripe sent is a log itself");
    work.commit().await?;
    for (answer, new) in answers {
        let _ = answer.send(new);
    }
    Ok(())
}
