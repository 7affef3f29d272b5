//! The pages of the doors.

pub mod activity;
pub mod authenticator;
pub mod email;
pub mod factor;
pub mod home;
pub mod invite;
pub mod kept;
pub mod login;
pub mod mail_link;
pub mod passkey;
pub mod portal;
pub mod profile;
pub mod prove;
pub mod reset;
pub mod sso;

use actix_web::{HttpResponse, cookie::Cookie};
use entity::Moment;
use serde::Deserialize;

use crate::{
    identity::{Opened, cookie},
    platform::{
        Config, FieldErrors, Result,
        web::{Answer, answer::SeeOther},
    },
};

/// `?next=`, `?tenant=`, `?token=`, `?invite=`: whatever of them an address brings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    pub next: Option<String>,
    pub tenant: Option<String>,
    pub token: Option<String>,
    pub invite: Option<String>,
    pub way: Option<String>,
}

pub fn query(request: &actix_web::HttpRequest) -> Query {
    serde_html_form::from_str(request.query_string()).unwrap_or_default()
}

/// The one sentence for a wrong e-mail, a wrong password, and accounts that are not active.
pub const INVALID: &str = "Invalid credentials";

pub fn locked_words(until: Moment, now: Moment) -> String {
    let minutes = (until.since(now) + Moment::MINUTE - 1).div_euclid(Moment::MINUTE).max(1);
    let minutes = if minutes == 1 { "1 minute".to_owned() } else { format!("{minutes} minutes") };
    format!(
        "Three tries in a row went wrong, so signing in is locked for 15 minutes. You can try again in {minutes}. \
         If you have forgotten your password, choose a new one meanwhile."
    )
}

pub fn one_error(field: &str, words: impl Into<String>) -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.add(field, words);
    errors
}

/// Sets cookies on an answer.
pub fn with_cookies(answer: HttpResponse, cookies: &[Cookie<'static>]) -> Answer {
    let mut answer = answer;
    for cookie in cookies {
        answer.add_cookie(cookie).map_err(|e| anyhow::anyhow!("cookie: {e}"))?;
    }
    Ok(answer)
}

/// The cookies of a full session, and where to.
pub fn admit(config: &Config, opened: &Opened, to: SeeOther) -> Answer {
    with_cookies(to.answer()?, &full_cookies(config, opened))
}

pub fn full_cookies(config: &Config, opened: &Opened) -> [Cookie<'static>; 2] {
    [cookie::set_for(config, opened.account.kind, &opened.token), cookie::device(config, &opened.device)]
}

/// `?next=…` to carry on, kept on our own origin; empty where there is none.
pub fn carry(next: Option<&str>) -> String {
    match crate::platform::web::answer::own_path(next, "") {
        "" => String::new(),
        path => format!("?next={}", url::form_urlencoded::byte_serialize(path.as_bytes()).collect::<String>()),
    }
}

/// Field errors to show beside the fields; any other error goes up.
pub fn shown(error: crate::platform::Error) -> Result<FieldErrors> {
    match error {
        crate::platform::Error::Invalid(errors) => Ok(errors),
        other => Err(other),
    }
}
