//! What stands on the wire, as `docs/integrations/psa.yaml` says it. No database.

use std::sync::Arc;

use entity::Moment;
use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    platform::{
        Platform, Refusal,
        remote::{Call, CallError, Remote},
    },
    tickets::{Field, TicketPriority},
};

/// A field with the moment at which it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub value: String,
    /// RFC 3339 with milliseconds.
    pub at: String,
}

impl Written {
    pub fn new(value: impl Into<String>, at: Moment) -> Self {
        Self { value: value.into(), at: at.rfc3339() }
    }

    pub fn moment(&self) -> Result<Moment, Refusal> {
        OffsetDateTime::parse(&self.at, &Rfc3339).map(Moment::from_datetime).map_err(|_| {
            Refusal::new("bad_moment", format!("`{}` is no moment.", self.at), "Send RFC 3339, e.g. 2026-03-02T10:00:00.000Z.")
                .status(actix_web::http::StatusCode::UNPROCESSABLE_ENTITY)
        })
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub email: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    pub id: String,
    /// Ours, where it was written here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    pub author: String,
    pub body: String,
    #[serde(default)]
    pub internal: bool,
    #[serde(default)]
    pub by_client: bool,
}

/// A ticket as the PSA has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub id: String,
    /// Grows with every change there.
    pub version: i64,
    /// Ours, where it was opened here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The MSP, by its slug.
    pub tenant: String,
    pub company_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    #[serde(default)]
    pub description: String,
    pub subject: Written,
    pub priority: Written,
    pub status: Written,
    #[serde(default)]
    pub comments: Vec<Comment>,
}

impl Ticket {
    pub fn field(&self, field: Field) -> &Written {
        match field {
            Field::Subject => &self.subject,
            Field::Priority => &self.priority,
            Field::Status => &self.status,
        }
    }
}

/// What comes of a creation there.
#[derive(Clone, Debug, Deserialize)]
pub struct Created {
    pub id: String,
}

/// A page of what changed there.
#[derive(Clone, Debug, Deserialize)]
pub struct Page {
    pub items: Vec<Ticket>,
    /// To go on from next time.
    pub cursor: String,
    #[serde(default)]
    pub more: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub struct List<T> {
    pub items: Vec<T>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Named {
    pub id: String,
    pub name: String,
}

/// A contact as the PSA has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Person {
    pub id: String,
    pub company_id: String,
    pub name: String,
    #[serde(default)]
    pub email: String,
    /// Grows with every change there.
    #[serde(default)]
    pub version: i64,
    /// None where the PSA says nothing of the portal.
    #[serde(default)]
    pub portal_access: Option<bool>,
    #[serde(default)]
    pub access_level: Option<String>,
}

/// A contact as it is told when it changes there.
#[derive(Clone, Debug, Deserialize)]
pub struct ToldPerson {
    /// The MSP, by its slug.
    pub tenant: String,
    #[serde(default)]
    pub company_name: Option<String>,
    #[serde(flatten)]
    pub person: Person,
}

/// Whether it answers, at this moment: its statuses are asked for.
pub async fn answers(platform: &Arc<Platform>, tenant: &str) -> Result<(), CallError> {
    let psa = Remote::of(platform, &platform.config.psa)?;
    psa.call_now::<List<Named>>(platform, Call::get("statuses", &[("tenant", tenant)])).await.map(drop)
}

/// What is kept as an id of the PSA's: 1 to 200 characters.
pub fn is_id(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= 200
}

/// How far ahead of ours their clock may be: a writing from the future would stand until then.
pub const AHEAD: i64 = 5 * Moment::MINUTE;

/// Priorities have the same words on both sides; another word says nothing.
pub fn priority(word: &str) -> Option<String> {
    word.parse::<TicketPriority>().ok().map(|word| word.word().to_owned())
}
