//! Errors in Stripe's shape, and whether the request had begun to be executed when it failed: only then does its
//! idempotency key remember the answer.

use serde_json::{Map, Value, json};

pub type Answer = Result<Value, ApiError>;

#[derive(Clone, Debug)]
pub struct ApiError {
    pub status: u16,
    pub kind: &'static str,
    pub code: Option<String>,
    pub message: String,
    pub param: Option<String>,
    pub began: bool,
    pub extra: Map<String, Value>,
}

impl ApiError {
    fn new(status: u16, kind: &'static str, code: Option<&str>, message: impl Into<String>, param: Option<&str>) -> ApiError {
        ApiError {
            status,
            kind,
            code: code.map(str::to_owned),
            message: message.into(),
            param: param.map(str::to_owned),
            began: false,
            extra: Map::new(),
        }
    }

    /// The parameters are wrong: nothing was begun.
    pub fn invalid(code: &str, param: &str, message: impl Into<String>) -> ApiError {
        ApiError::new(400, "invalid_request_error", Some(code), message, Some(param))
    }

    /// The parameters are right and the state of things says no.
    pub fn refused(code: &str, message: impl Into<String>) -> ApiError {
        ApiError { began: true, ..ApiError::new(400, "invalid_request_error", Some(code), message, None) }
    }

    pub fn missing(noun: &str, id: &str, param: &str) -> ApiError {
        let message = format!("No such {}: '{id}'", noun.replace(['_', '.'], " "));
        ApiError { began: true, ..ApiError::new(404, "invalid_request_error", Some("resource_missing"), message, Some(param)) }
    }

    pub fn no_route(method: &str, path: &str) -> ApiError {
        let message = format!("Unrecognized request URL ({method}: {path}). The stand-in does not know this address.");
        ApiError::new(404, "invalid_request_error", None, message, None)
    }

    pub fn unauthorized(message: &str) -> ApiError {
        ApiError::new(401, "invalid_request_error", None, message, None)
    }

    pub fn forbidden(message: String) -> ApiError {
        ApiError::new(403, "invalid_request_error", Some("account_invalid"), message, None)
    }

    pub fn version(given: &str) -> ApiError {
        let message = format!("Invalid Stripe API version: {given}. The stand-in speaks {} alone.", crate::API_VERSION);
        ApiError::new(400, "invalid_request_error", None, message, None)
    }

    pub fn idempotency(status: u16, code: Option<&str>, message: String) -> ApiError {
        ApiError::new(status, "idempotency_error", code, message, None)
    }

    pub fn rate_limited() -> ApiError {
        let message = "Request rate limit exceeded: too many requests at once. Try again with a growing delay.";
        ApiError::new(429, "invalid_request_error", Some("rate_limit"), message, None)
    }

    pub fn server() -> ApiError {
        ApiError::new(500, "api_error", None, "An unknown error occurred", None)
    }

    pub fn unsupported(param: &str) -> ApiError {
        let message = format!("Stripe documents `{param}`; the stand-in does not model it, and will not pretend to.");
        ApiError::new(400, "invalid_request_error", Some("stand_in_unsupported"), message, Some(param))
    }

    pub fn card(code: &str, decline_code: Option<&str>, message: impl Into<String>) -> ApiError {
        let error = ApiError { began: true, ..ApiError::new(402, "card_error", Some(code), message, None) };
        match decline_code {
            Some(decline) => error.with("decline_code", json!(decline)),
            None => error,
        }
    }

    pub fn with(mut self, key: &str, value: Value) -> ApiError {
        self.extra.insert(key.to_owned(), value);
        self
    }

    pub fn status(mut self, status: u16) -> ApiError {
        self.status = status;
        self
    }

    pub fn param(mut self, param: &str) -> ApiError {
        self.param = Some(param.to_owned());
        self
    }

    /// `{"error": {…}}`, with the fields that are known.
    pub fn body(&self, request_id: &str) -> Value {
        let mut error = Map::new();
        if let Some(code) = &self.code {
            error.insert("code".into(), json!(code));
            error.insert("doc_url".into(), json!(format!("https://stripe.com/docs/error-codes/{}", code.replace('_', "-"))));
        }
        error.insert("message".into(), json!(self.message));
        if let Some(param) = &self.param {
            error.insert("param".into(), json!(param));
        }
        error.extend(self.extra.clone());
        error.insert("request_log_url".into(), json!(format!("https://dashboard.stripe.com/test/logs/{request_id}")));
        error.insert("type".into(), json!(self.kind));
        json!({ "error": error })
    }
}
