//! What can be wrong with an installation, as a finding: what, since when, whom it hits, the fix.

use entity::ids::TenantId;
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
    /// The MSP it concerns; none: the whole installation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<TenantId>,
    /// Where a button or a list for it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<&'static str>,
}

impl Finding {
    pub fn ok(check: &'static str, what: impl Into<String>) -> Self {
        Self { check, state: State::Ok, what: what.into(), since: None, hits: "", fix: String::new(), tenant: None, page: None }
    }

    pub fn failing(check: &'static str, what: impl Into<String>, hits: &'static str, fix: impl Into<String>) -> Self {
        Self { check, state: State::Failing, what: what.into(), since: None, hits, fix: fix.into(), tenant: None, page: None }
    }

    pub fn warning(check: &'static str, what: impl Into<String>, hits: &'static str, fix: impl Into<String>) -> Self {
        Self { state: State::Warning, ..Self::failing(check, what, hits, fix) }
    }

    pub fn since(mut self, at: entity::Moment) -> Self {
        self.since = Some(at.rfc3339());
        self
    }

    /// Concerns one MSP alone.
    pub fn of(mut self, tenant: TenantId) -> Self {
        self.tenant = Some(tenant);
        self
    }

    /// Is put right, or seen line by line, there.
    pub fn at(mut self, page: &'static str) -> Self {
        self.page = Some(page);
        self
    }

    pub fn is_ok(&self) -> bool {
        self.state == State::Ok
    }

    /// The check as people read it.
    pub fn title(&self) -> String {
        let words = self
            .check
            .replace('_', " ")
            .replace("sso", "SSO")
            .replace("psa", "PSA")
            .replace("crm", "CRM")
            .replace("public url", "public address");
        words[..1].to_uppercase() + &words[1..]
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
