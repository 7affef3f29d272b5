//! What Stripe sends: `POST /webhooks/stripe`. 200 once it is stored; 400, and nothing else, where the signature is not Stripe's.

use serde::Deserialize;
use serde_json::json;

use super::{is_signed, queries::payouts_leaf, receive_webhook};
use crate::{
    platform::{
        Leaf, Refusal, Result,
        leaf::{self, query, word},
        web::{
            Answer, Ask,
            ask::{Body, read_limited},
            platform, request_id,
        },
    },
    programs::{May, ReadPayouts},
};
use actix_web::{HttpRequest, HttpResponse, dev::Payload, http::StatusCode, web::Bytes};

/// Bytes an event may have; Stripe's are far smaller.
const LIMIT: usize = 512 * 1024;

/// A body that Stripe has signed, exactly as it came. Checked before anything is opened: what is not signed costs a hash.
pub struct Signed(Bytes);

impl Body for Signed {
    async fn read(request: &HttpRequest, payload: Payload) -> Result<Self> {
        let bytes = read_limited(payload, LIMIT).await?;
        let platform = platform(request);
        let header = request.headers().get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
        if is_signed(header, &bytes, &platform.config.stripe_webhook_secrets, platform.clock.now()) {
            return Ok(Self(bytes));
        }
        Err(Refusal::new(
            "bad_signature",
            "The signature is not Stripe's.",
            "Check the endpoint's signing secret (STRIPE_WEBHOOK_SECRET) and this machine's clock.",
        )
        .status(StatusCode::BAD_REQUEST)
        .into())
    }
}

pub async fn stripe(ask: Ask<(), Signed>) -> Answer {
    let platform = ask.platform();
    receive_webhook(&platform, &ask.body.0).await?;
    // The stored event is its own log.
    platform.tripwire.audited(&request_id(&ask.request));
    Ok(HttpResponse::Ok().finish())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Of {
    status: String,
}

/// Payouts, for a program of the MSP's.
pub async fn payouts_by_key(ask: Ask<May<ReadPayouts>>) -> Answer {
    let (leaf, of) = (Leaf::of(&ask.request)?, query::<Of>(&ask.request)?);
    let status = word("status", &of.status, "Give scheduled, processing, paid, failed or retrying.")?;
    let tx = ask.platform().read(ask.who.reach()).await?;
    let (rows, next) = payouts_leaf(&tx, ask.who.tenant, status, &leaf).await?;
    let item = |row: &entity::payments::settlement::Model| {
        json!({ "id": row.id, "tenant_id": row.tenant_id, "agreement": row.agreement, "to": row.payee_name,
                "from_day": row.period_first, "to_day": row.period_last, "amount": row.amount, "currency": row.currency,
                "status": row.status, "step": row.step, "cause": row.cause, "turn": row.turn, "attempt": row.attempt,
                "next_at": row.next_at.map(|at| at.rfc3339()), "paid_at": row.paid_at.map(|at| at.rfc3339()),
                "created_at": row.created_at.rfc3339() })
    };
    Ok(leaf::answer(rows.iter().map(item).collect(), next))
}
