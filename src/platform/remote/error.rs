//! Why another program gave no answer, in words for whoever runs the installation.

use std::fmt;

use entity::Moment;
use reqwest::StatusCode;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// The setting that is missing.
    NotSet(&'static str),
    /// No connection: name, port, TLS, or cut off in the middle.
    Unreachable(String),
    TimedOut,
    /// It failed again and again and is not asked until then.
    Resting(Moment),
    /// 401 or 403: it does not take our key.
    KeyRefused,
    /// 404.
    Missing,
    /// Another 4xx: it read the request and said no.
    Refused {
        status: u16,
        detail: String,
    },
    /// 429 or 5xx.
    Failed(u16),
    /// 2xx with something that is not what its contract says.
    Garbage(String),
}

impl CallError {
    /// The same call may succeed later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::TimedOut | Self::Resting(_) | Self::Failed(_))
    }

    /// What is wrong and what to do, to whoever runs the installation.
    pub fn fix(&self) -> String {
        match self {
            Self::NotSet(setting) => format!("Set {setting} and start again."),
            Self::Unreachable(_) | Self::TimedOut | Self::Resting(_) | Self::Failed(_) => {
                "Look whether it runs and whether this machine reaches it. Everything waiting is delivered when it is back."
                    .to_owned()
            }
            Self::KeyRefused => "Compare the key here with the one it expects; they must be the same.".to_owned(),
            Self::Missing | Self::Refused { .. } => "Look at what it says, put that right, then send again.".to_owned(),
            Self::Garbage(_) => {
                "Look whether the address is the right one, and whether both sides speak the same version.".to_owned()
            }
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSet(setting) => write!(f, "{setting} is not set"),
            Self::Unreachable(why) => write!(f, "it cannot be reached ({why})"),
            Self::TimedOut => write!(f, "it did not answer in time"),
            Self::Resting(until) => write!(f, "it failed several times in a row and is asked again from {}", until.words()),
            Self::KeyRefused => write!(f, "it refused our key"),
            Self::Missing => write!(f, "it does not know what was asked for"),
            Self::Refused { status, detail } if detail.is_empty() => write!(f, "it refused with {status}"),
            Self::Refused { status, detail } => write!(f, "it refused with {status}: {detail}"),
            Self::Failed(status) => write!(f, "it failed with {status}"),
            Self::Garbage(why) => write!(f, "it answered something that is not in its contract ({why})"),
        }
    }
}

impl CallError {
    /// What a status other than success says; `detail` is what the other side said of its no.
    pub(in crate::platform) fn of_status(status: StatusCode, detail: impl FnOnce() -> String) -> Self {
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Self::KeyRefused,
            StatusCode::NOT_FOUND => Self::Missing,
            status if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() => Self::Failed(status.as_u16()),
            status if status.is_client_error() => Self::Refused { status: status.as_u16(), detail: detail() },
            status => Self::Garbage(format!("status {}", status.as_u16())),
        }
    }

    /// The same of a call that broke off, or never began.
    pub(in crate::platform) fn of_transport(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::TimedOut;
        }
        // The innermost cause says it in words; the address stands in the settings.
        let error = error.without_url();
        let mut cause: &dyn std::error::Error = &error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        Self::Unreachable(cause.to_string())
    }
}
