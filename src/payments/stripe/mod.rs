//! Stripe's API, in our words: the only place that knows async-stripe (a release candidate). Plain values in and out.
//!
//! Every call that changes something carries the idempotency key its caller stored before. An answer is one of three: it
//! happened, it was refused and nothing happened, or nobody knows; what is not known is found out by looking, never by guessing.

mod money;
mod people;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use stripe::{Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeError};
use stripe_client_core::{CustomizableStripeRequest, StripeRequest};

pub use money::{ChargeOrder, DisputeFact, IntentFact, PayoutFact, TransferFact, TransferOrder};

use crate::platform::{Config, Error, Platform, Refusal};

pub type Called<T> = Result<T, CallError>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// It may have happened: no answer, a fault, a conflict with itself.
    Unknown(String),
    /// It did not happen.
    Refused {
        /// Stripe's code, e.g. `card_declined`, `resource_missing`.
        code: String,
        message: String,
        /// The payment intent of a charge that was declined.
        intent: Option<String>,
    },
}

impl CallError {
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == "resource_missing")
    }
}

impl From<CallError> for Error {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Unknown(detail) => {
                tracing::warn!(detail, "Stripe did not answer");
                Refusal::new(
                    "stripe_unreachable",
                    "Stripe does not answer at the moment.",
                    "Try again in a minute; nothing was lost.",
                )
                .status(actix_web::http::StatusCode::SERVICE_UNAVAILABLE)
                .into()
            }
            CallError::Refused { code, message, .. } => {
                tracing::warn!(code, message, "Stripe refused");
                Refusal::new("stripe_refused", format!("Stripe refused this: {message}"), "Put that right, then try again.").into()
            }
        }
    }
}

pub struct Stripe {
    client: Client,
    /// A live key: what it moves is real.
    live: bool,
}

#[derive(Default)]
struct Slot(OnceLock<Option<Arc<Stripe>>>);

impl Stripe {
    /// The installation's account; none where no key is set.
    pub fn of(platform: &Platform) -> Option<Arc<Self>> {
        platform.shared::<Slot>().0.get_or_init(|| Self::open(&platform.config).map(Arc::new)).clone()
    }

    /// The same for somebody who wants to do something with it.
    pub fn needed(platform: &Platform) -> Result<Arc<Self>, Refusal> {
        Self::of(platform).ok_or_else(|| {
            Refusal::new(
                "stripe_not_configured",
                "Payments are not set up on this installation.",
                "The operator sets STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET.",
            )
        })
    }

    fn open(config: &Config) -> Option<Self> {
        let key = config.stripe_secret_key.as_ref()?.expose();
        let timeout = Duration::from_millis(config.stripe_timeout_ms);
        let mut builder = ClientBuilder::new(key).request_strategy(RequestStrategy::Once).timeout(timeout);
        if let Some(base) = &config.stripe_api_base {
            builder = builder.url(base.as_str());
        }
        match builder.build() {
            Ok(client) => Some(Self { client, live: key.contains("_live_") }),
            Err(error) => {
                tracing::error!(%error, "the settings of Stripe cannot be used");
                None
            }
        }
    }

    pub fn is_live(&self) -> bool {
        self.live
    }

    /// Reads something.
    async fn read<T: miniserde::Deserialize>(&self, request: CustomizableStripeRequest<T>) -> Called<T> {
        request.send(&self.client).await.map_err(told)
    }

    /// Changes something, under a key its caller has stored.
    async fn change<R>(&self, key: &str, request: &R) -> Called<R::Output>
    where
        R: StripeRequest,
        R::Output: miniserde::Deserialize,
    {
        let key = IdempotencyKey::new(key).map_err(|error| refused("bad_key", error.to_string()))?;
        request.customize().request_strategy(RequestStrategy::Idempotent(key)).send(&self.client).await.map_err(told)
    }
}

fn refused(code: &str, message: String) -> CallError {
    CallError::Refused { code: code.to_owned(), message, intent: None }
}

/// 409, 429 and 5xx may mean that it happened, or that a request under the same key is still running.
fn told(error: StripeError) -> CallError {
    match error {
        StripeError::Stripe(error, status) if !matches!(status, 409 | 424 | 429 | 500..) => CallError::Refused {
            // What a bank said is more than that it was declined.
            code: error
                .decline_code
                .clone()
                .filter(|code| code != "generic_decline")
                .or_else(|| error.code.as_ref().map(|code| code.as_str().to_owned()))
                .unwrap_or_else(|| error.type_.as_str().to_owned()),
            message: error.message.clone().unwrap_or_default(),
            intent: error.payment_intent.as_ref().map(|intent| intent.id.to_string()),
        },
        StripeError::Stripe(error, status) => CallError::Unknown(format!("{status}: {}", error.message.unwrap_or_default())),
        other => CallError::Unknown(other.to_string()),
    }
}

/// As Stripe writes it: `usd`.
fn currency(code: &str) -> stripe_types::Currency {
    code.to_lowercase().parse().unwrap_or_else(|never: std::convert::Infallible| match never {})
}
