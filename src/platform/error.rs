//! One error type with six shapes. A middleware makes a page of it for people and problem+JSON (RFC 9457) for programs.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde_json::json;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the person typed wrong: field → messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct FieldErrors(pub BTreeMap<String, Vec<String>>);

impl FieldErrors {
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.entry(field.into()).or_default().push(message.into());
    }

    /// The messages beside one field of a form.
    pub fn of(&self, field: &str) -> &[String] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Err(Invalid)` if anything was added.
    pub fn check(self) -> Result<()> {
        if self.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }
}

/// A rule said no: stable code, a sentence, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: StatusCode,
    pub code: &'static str,
    pub sentence: Cow<'static, str>,
    pub next_step: Cow<'static, str>,
    /// `Retry-After`, seconds.
    pub retry_after: Option<u64>,
}

impl Refusal {
    /// 409 with a code, a sentence and the next step.
    pub fn new(code: &'static str, sentence: impl Into<Cow<'static, str>>, next_step: impl Into<Cow<'static, str>>) -> Self {
        Self { status: StatusCode::CONFLICT, code, sentence: sentence.into(), next_step: next_step.into(), retry_after: None }
    }

    /// The same with another status (413, 415, 429, 503 …).
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

/// The code of a refusal of the whole database.
const AWAY: &str = "storage_unavailable";

/// The code of a refusal that a fresh proof of who this is would lift.
pub const PROOF_NEEDED: &str = "proof_needed";

#[derive(Debug)]
pub enum Error {
    /// 401: sign in first.
    SignedOut,
    /// 404: is not, or may not be known to be.
    NotFound,
    /// 403: seen, but not allowed; says by whom it may be done.
    Forbidden(Cow<'static, str>),
    /// 422: what was typed wrong.
    Invalid(FieldErrors),
    /// 409 and kin: a rule said no.
    Refused(Refusal),
    /// 500: our fault; the cause goes to the log, the person gets the request's id.
    Internal(anyhow::Error),
}

impl Error {
    pub fn forbidden(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::Forbidden(sentence.into())
    }

    /// One field, one message.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        let mut errors = FieldErrors::default();
        errors.add(field, message);
        Self::Invalid(errors)
    }

    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::Internal(cause.into())
    }

    /// Who is signed in should show once more that it is them.
    pub fn proof_needed() -> Self {
        Refusal::new(
            PROOF_NEEDED,
            "For this you have to show once more that it is you: your password was last given more than five minutes ago.",
            "Give it in your profile (by program: sign in again), then repeat this within five minutes.",
        )
        .into()
    }

    /// What was typed is worth keeping: the person can send it once it is known who they are.
    pub fn asks_who(&self) -> bool {
        matches!(self, Self::SignedOut) || self.code() == PROOF_NEEDED
    }

    /// The database takes nothing at this moment: whatever comes next fails as well.
    pub fn is_away(&self) -> bool {
        self.code() == AWAY
    }

    pub fn code(&self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::NotFound => "not_found",
            Self::Forbidden(_) => "forbidden",
            Self::Invalid(_) => "invalid",
            Self::Refused(refusal) => refusal.code,
            Self::Internal(_) => "internal",
        }
    }

    pub fn title(&self) -> &'static str {
        match self {
            Self::SignedOut => "Please sign in",
            Self::NotFound => "Not found",
            Self::Forbidden(_) => "Not allowed",
            Self::Invalid(_) => "Please check what you entered",
            Self::Refused(_) => "That cannot be done now",
            Self::Internal(_) => "Something went wrong on our side",
        }
    }

    /// A sentence for a person; never SQL, a path or a version.
    pub fn detail(&self) -> String {
        match self {
            Self::SignedOut => "Your session has ended or you have not signed in yet.".to_owned(),
            Self::NotFound => "There is nothing at this address, or it is not yours to see.".to_owned(),
            Self::Forbidden(sentence) => sentence.to_string(),
            Self::Invalid(errors) => {
                errors.0.values().flatten().next().cloned().unwrap_or_else(|| "Some fields need another look.".to_owned())
            }
            Self::Refused(refusal) => refusal.sentence.to_string(),
            Self::Internal(_) => "Nothing you did was lost that we had confirmed. Please try again.".to_owned(),
        }
    }

    /// Why one record of many was not taken, for an admin; never SQL, a path or a version.
    pub fn reason(&self) -> String {
        match self {
            Self::Internal(_) => "it could not be kept, by an error of this installation that its log names".to_owned(),
            other => other.detail(),
        }
    }

    /// RFC 9457 problem details.
    pub fn problem(&self, request_id: &str) -> serde_json::Value {
        let mut problem = json!({
            "type": format!("urn:one-legal:problem:{}", self.code()),
            "title": self.title(),
            "status": self.status_code().as_u16(),
            "detail": self.detail(),
            "code": self.code(),
            "request_id": request_id,
        });
        if let Self::Invalid(errors) = self {
            problem["errors"] = json!(errors);
        }
        if let Self::Refused(refusal) = self {
            problem["next_step"] = json!(refusal.next_step);
        }
        problem
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Internal(cause) => write!(f, "internal: {cause:#}"),
            other => write!(f, "{}: {}", other.code(), other.detail()),
        }
    }
}

impl std::error::Error for Error {}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refused(refusal) => refusal.status,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The bare answer; the error middleware fills in the request's id and makes a page where one is wanted.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if let Self::Refused(Refusal { retry_after: Some(seconds), .. }) = self {
            response.insert_header(("Retry-After", seconds.to_string()));
        }
        response.content_type("application/problem+json").body(self.problem("").to_string())
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

macro_rules! internal_from {
    ($($cause:ty),+ $(,)?) => {$(
        impl From<$cause> for Error {
            fn from(cause: $cause) -> Self {
                Self::Internal(cause.into())
            }
        }
    )+};
}
internal_from!(anyhow::Error, std::io::Error, serde_json::Error, askama::Error, object_store::Error, url::ParseError);

impl From<sea_orm::DbErr> for Error {
    /// A database that cannot be reached, is full or busy is 503 with a text; everything else is ours.
    fn from(cause: sea_orm::DbErr) -> Self {
        let words = cause.to_string().to_lowercase();
        let out_of_service = matches!(cause, sea_orm::DbErr::ConnectionAcquire(_) | sea_orm::DbErr::Conn(_))
            || ["disk is full", "disk i/o", "database is locked", "readonly database", "connection refused", "no space left"]
                .iter()
                .any(|sign| words.contains(sign));
        if out_of_service {
            tracing::error!(error = %cause, "database out of service");
            return Refusal::new(
                AWAY,
                "The database cannot take this right now. What was confirmed before is safe.",
                "Try again in a moment; if it goes on, tell the operator.",
            )
            .status(StatusCode::SERVICE_UNAVAILABLE)
            .retry_after(5)
            .into();
        }
        Self::Internal(cause.into())
    }
}
