//! `/login`: the firm's door. E-mail and password, then the code.

use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use super::{INVALID, carry, locked_words, one_error, query, with_cookies};
use crate::{
    entrance::access::{Visitor, session},
    identity::{self, FIRM, SignIn, SignInAnswer, cookie},
    platform::{
        FieldErrors,
        web::{Answer, Ask, Form, Frame, answer::own_path, page, page_with, see_other},
    },
    tenancy::Caller,
};

#[derive(Template)]
#[template(path = "entrance/login.html")]
struct LoginPage {
    frame: Frame,
    email: String,
    next: String,
    errors: FieldErrors,
}

pub async fn show(ask: Ask<()>) -> Answer {
    let query = query(&ask.request);
    if let Ok(caller) = Caller::of(&ask.request) {
        return see_other(own_path(query.next.as_deref(), caller.home())).answer();
    }
    let next = own_path(query.next.as_deref(), "").to_owned();
    page(&LoginPage { frame: ask.frame(), email: String::new(), next, errors: FieldErrors::default() })
}

#[derive(Deserialize)]
pub struct LoginForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

pub async fn enter(ask: Ask<Visitor, Form<LoginForm>>) -> Answer {
    let platform = ask.platform();
    let Form(form) = &ask.body;
    let input = SignIn {
        realm: FIRM.to_owned(),
        email: form.email.clone(),
        password: form.password.clone(),
        device: cookie::device_token(&ask.request, &platform.config),
        before: session(&ask.request).map(|signed_in| signed_in.session.id),
    };
    let words = match identity::sign_in(&platform, ask.actor(), input).await? {
        SignInAnswer::CodeAwaited { token } => {
            let to = format!("/login/totp{}", carry(Some(&form.next)));
            return with_cookies(see_other(to).answer()?, &[cookie::set(&platform.config, &token)]);
        }
        SignInAnswer::SignedIn(opened) => return super::admit(&platform.config, &opened, see_other("/")),
        SignInAnswer::Wrong => INVALID.to_owned(),
        SignInAnswer::Locked(until) => locked_words(until, platform.clock.now()),
    };
    refused(ask.frame(), form.email.clone(), &form.next, words)
}

/// The door again, with the words why it stays shut.
pub fn refused(frame: Frame, email: String, next: &str, words: String) -> Answer {
    let next = own_path(Some(next), "").to_owned();
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &LoginPage { frame, email, next, errors: one_error("", words) })
}
