//! What can be wrong with an installation, as a finding: what, since when, whom it hits, the fix.

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Ok,
    /// Works, but somebody should look.
    Warning,
    Failing,
}

/// The outcome of one check.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    pub check: &'static str,
    pub state: State,
    /// What is so, in a sentence.
    pub what: String,
    /// RFC 3339; none where it is not known or all is well.
    pub since: Option<String>,
    pub hits: &'static str,
    /// What to do; empty where all is well.
    pub fix: String,
}

impl Finding {
    pub fn ok(check: &'static str, what: impl Into<String>) -> Self {
        Self { check, state: State::Ok, what: what.into(), since: None, hits: "", fix: String::new() }
    }

    pub fn failing(check: &'static str, what: impl Into<String>, hits: &'static str, fix: impl Into<String>) -> Self {
        Self { check, state: State::Failing, what: what.into(), since: None, hits, fix: fix.into() }
    }

    pub fn warning(check: &'static str, what: impl Into<String>, hits: &'static str, fix: impl Into<String>) -> Self {
        Self { state: State::Warning, ..Self::failing(check, what, hits, fix) }
    }

    pub fn since(mut self, at: entity::Moment) -> Self {
        self.since = Some(at.rfc3339());
        self
    }

    /// How a page and the shell show the state.
    pub fn word(&self) -> &'static str {
        match self.state {
            State::Ok => "ok",
            State::Warning => "warning",
            State::Failing => "failing",
        }
    }
}
