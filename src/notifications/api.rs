//! News of mails that went out: `POST /webhooks/mail`, as Amazon SES sends it through Amazon SNS.
//!
//! SNS signs in by HTTP Basic with `MAIL_EVENTS_KEY` as the password (`https://sns:KEY@…/webhooks/mail`, SNS Developer Guide,
//! "Fanout to HTTP/S endpoints"). 200 once it is written down; what is not about a mail of ours is taken and forgotten.

use actix_web::{HttpRequest, HttpResponse, dev::Payload, http::StatusCode};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use crate::platform::{
    Refusal, Result, delivery,
    delivery::News,
    web::{
        Answer, Ask,
        ask::{Body, read_limited},
        platform, request_id,
    },
};

/// SNS messages have at most 256 KiB.
const LIMIT: usize = 256 * 1024;

/// What SNS posts; it calls its JSON `text/plain`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Envelope {
    r#type: String,
    #[serde(default)]
    message: String,
    #[serde(default, rename = "SubscribeURL")]
    subscribe_url: String,
}

/// An SES event: "Amazon SNS notification contents for Amazon SES", and the same by its event publishing.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SesEvent {
    #[serde(alias = "eventType")]
    notification_type: String,
    mail: SesMail,
    bounce: Option<Bounce>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SesMail {
    message_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    bounce_type: String,
    #[serde(default)]
    bounced_recipients: Vec<Recipient>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    #[serde(default)]
    diagnostic_code: String,
}

impl Body for Envelope {
    async fn read(request: &HttpRequest, payload: Payload) -> Result<Self> {
        // Who does not hold the key is not read.
        let given = request.headers().get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
        let given = given.and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
        let password = given.splitn(2, |byte| *byte == b':').nth(1).unwrap_or_default();
        let platform = platform(request);
        let held = platform.config.mail_events_key.as_ref().is_some_and(|key| key.expose().as_bytes().ct_eq(password).into());
        if !held {
            return Err(Refusal::new(
                "bad_mail_events_key",
                "The password is not the one set here.",
                "Give SNS the endpoint https://sns:KEY@…/webhooks/mail with the value of MAIL_EVENTS_KEY of this installation.",
            )
            .status(StatusCode::UNAUTHORIZED)
            .into());
        }
        let bytes = read_limited(payload, LIMIT).await?;
        serde_json::from_slice(&bytes).map_err(|error| unread(&error.to_string()).into())
    }
}

fn unread(why: &str) -> Refusal {
    Refusal::new("bad_event", format!("This is no message of Amazon SNS: {why}."), "Send what SNS sends, as it is.")
        .status(StatusCode::BAD_REQUEST)
}

pub async fn mail(ask: Ask<(), Envelope>) -> Answer {
    let platform = ask.platform();
    let Envelope { r#type, message, subscribe_url } = &ask.body;
    match r#type.as_str() {
        "SubscriptionConfirmation" => delivery::confirm_subscription(&platform, subscribe_url).await?,
        "Notification" => {
            // SES tells once, in plain words, that it will tell.
            if let Ok(event) = serde_json::from_str::<SesEvent>(message)
                && let Some(news) = news(&event)
            {
                delivery::take_news(&platform, &event.mail.message_id, news).await?;
            }
        }
        _ => {}
    }
    // What became of a mail is its own log.
    platform.tripwire.audited(&request_id(&ask.request));
    Ok(HttpResponse::Ok().finish())
}

/// A passing bounce is tried again by SES itself: no news yet.
fn news(event: &SesEvent) -> Option<News> {
    match (event.notification_type.as_str(), &event.bounce) {
        ("Delivery", _) => Some(News::Delivered),
        ("Complaint", _) => Some(News::Complained),
        ("Bounce", Some(bounce)) if bounce.bounce_type != "Transient" => {
            Some(News::Bounced(bounce.bounced_recipients.first().map(|one| one.diagnostic_code.clone()).unwrap_or_default()))
        }
        _ => None,
    }
}
