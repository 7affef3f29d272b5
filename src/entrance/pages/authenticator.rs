//! `…/profile/authenticator`: another authenticator app while the old one still works; a client's first, and off again.

use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use super::{
    factor::{self, RecoveryCodesPage},
    profile::{self, ProofForm, Typed},
    shown, with_cookies,
};
use crate::{
    entrance::access::{Oneself, Visitor},
    identity::{self, FIRM, NewFactor, SignedIn, cookie},
    platform::{
        FieldErrors, Platform, Result,
        web::{Answer, Ask, Form, Frame, page, page_with, see_other},
    },
};

#[derive(Template)]
#[template(path = "entrance/authenticator.html")]
struct NewAppPage {
    frame: Frame,
    base: &'static str,
    /// None stands yet.
    first: bool,
    qr: String,
    secret: String,
    sealed: String,
    errors: FieldErrors,
}

fn new_app(frame: Frame, platform: &Platform, me: &SignedIn, sealed: String, errors: FieldErrors) -> Result<NewAppPage> {
    let secret = identity::factor_in_change(platform, me, &sealed)?;
    let (qr, secret, _) = factor::drawn(&secret, &me.account.email)?;
    let base = if me.account.realm == FIRM { "/legal/profile" } else { "/portal/profile" };
    Ok(NewAppPage { frame, base, first: me.account.totp_secret.is_none(), qr, secret, sealed, errors })
}

/// Shows the new secret to who has proved who they are.
pub async fn begin(ask: Ask<(Oneself, Visitor), Form<ProofForm>>) -> Answer {
    let platform = ask.platform();
    let one = &ask.who.0;
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
    let Form(form) = &ask.body;
    match identity::confirm_factor_change(&platform, ask.actor(), me, &form.sealed, &form.code).await {
        Ok(NewFactor { token, codes: Some(codes) }) => {
            let onward = profile::base(&ask.who.0).to_owned();
            let shown = RecoveryCodesPage { frame: ask.frame(), email: me.account.email.clone(), codes, onward };
            with_cookies(page(&shown)?, &[cookie::set(&platform.config, &token)])
        }
        Ok(NewFactor { token, codes: None }) => {
            let to =
                see_other(profile::base(&ask.who.0)).toast("Your new app is set up; the old one's codes do not work any more.");
            with_cookies(to.answer()?, &[cookie::set(&platform.config, &token)])
        }
        Err(error) => {
            let errors = shown(error)?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &new_app(ask.frame(), &platform, me, form.sealed.clone(), errors)?)
        }
    }
}

/// A client goes on without an app.
pub async fn turn_off(ask: Ask<(Oneself, Visitor), Form<ProofForm>>) -> Answer {
    let platform = ask.platform();
    let one = &ask.who.0;
    let me = match profile::proved(&ask.request, one, &ask.body.0).await? {
        Ok(me) => me,
        Err(errors) => return profile::render(&ask, one, Typed::default(), errors).await,
    };
    let token = identity::turn_factor_off(&platform, ask.actor(), &me).await?;
    let to = see_other(profile::base(one)).toast("Your authenticator app is turned off. All your other sessions were ended.");
    with_cookies(to.answer()?, &[cookie::set(&platform.config, &token)])
}
