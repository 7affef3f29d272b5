//! `/legal/profile/authenticator`: another authenticator app, while the old one still works.

use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use super::{
    factor,
    profile::{self, ProofForm, Typed},
    shown, with_cookies,
};
use crate::{
    entrance::access::{Oneself, Visitor},
    identity::{self, FIRM, SignedIn, cookie},
    platform::{
        Error, FieldErrors, Platform, Result,
        web::{Answer, Ask, Form, Frame, page, page_with, see_other},
    },
};

#[derive(Template)]
#[template(path = "entrance/authenticator.html")]
struct NewAppPage {
    frame: Frame,
    base: &'static str,
    qr: String,
    secret: String,
    sealed: String,
    errors: FieldErrors,
}

fn new_app(frame: Frame, platform: &Platform, me: &SignedIn, sealed: String, errors: FieldErrors) -> Result<NewAppPage> {
    let secret = identity::factor_in_change(platform, me, &sealed)?;
    let (qr, secret, _) = factor::drawn(&secret, &me.account.email)?;
    Ok(NewAppPage { frame, base: "/legal/profile", qr, secret, sealed, errors })
}

/// Shows the new secret to who has proved who they are.
pub async fn begin(ask: Ask<(Oneself, Visitor), Form<ProofForm>>) -> Answer {
    let platform = ask.platform();
    let one = &ask.who.0;
    if one.me.account.realm != FIRM {
        return Err(Error::NotFound);
    }
    let me = match profile::proved(&ask.request, one, &ask.body.0).await? {
        Ok(me) => me,
        Err(errors) => return profile::render(&ask, one, Typed::default(), errors).await,
    };
    let sealed = identity::begin_factor_change(&platform, &me)?;
    platform.tripwire.audited(&crate::platform::web::request_id(&ask.request));
    page(&new_app(ask.frame(), &platform, &me, sealed, FieldErrors::default())?)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct NewAppForm {
    sealed: String,
    code: String,
}

pub async fn confirm(ask: Ask<(Oneself, Visitor), Form<NewAppForm>>) -> Answer {
    let platform = ask.platform();
    let me = &ask.who.0.me;
    if me.account.realm != FIRM {
        return Err(Error::NotFound);
    }
    let Form(form) = &ask.body;
    match identity::confirm_factor_change(&platform, ask.actor(), me, &form.sealed, &form.code).await {
        Ok(token) => {
            let to = see_other("/legal/profile").toast("Your new app is set up; the old one's codes do not work any more.");
            with_cookies(to.answer()?, &[cookie::set(&platform.config, &token)])
        }
        Err(error) => {
            let errors = shown(error)?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &new_app(ask.frame(), &platform, me, form.sealed.clone(), errors)?)
        }
    }
}
