//! What Stripe sends: `POST /webhooks/stripe`. 200 once it is stored; 400, and nothing else, where the signature is not Stripe's.

use super::{is_signed, receive_webhook};
use crate::platform::{
    Refusal, Result,
    web::{
        Answer, Ask,
        ask::{Body, read_limited},
        platform, request_id,
    },
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
