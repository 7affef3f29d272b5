//! `/legal/prove` and `/portal/prove`: password and code once more, then back to what was about to be done.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use askama::Template;
use serde::Deserialize;

use super::{
    kept,
    profile::{self, ProofForm},
};
use crate::{
    entrance::{
        access::{Oneself, Visitor},
        portals,
    },
    identity::{self, FIRM, SignedIn},
    platform::{
        FieldErrors,
        web::{self, Answer, Ask, Form, Frame, answer::own_path, page_with, see_other},
    },
    tenancy,
};

#[derive(Template)]
#[template(path = "entrance/prove.html")]
struct ProvePage {
    frame: Frame,
    action: &'static str,
    next: String,
    email: String,
    /// Signs in by an app's code too.
    factor: bool,
    /// None: comes by the Hub or by mail, and has nothing to type here.
    password: bool,
    /// The portal to ask for a link by mail, where one would do.
    slug: String,
    /// Where a passkey proves it as well; empty where this person has none here.
    passkey_at: &'static str,
    passkey_offer: bool,
    errors: FieldErrors,
}

async fn asking(request: &HttpRequest, me: &SignedIn, next: &str, errors: FieldErrors) -> crate::platform::Result<ProvePage> {
    let portal = me.account.realm != FIRM;
    let slug = match crate::identity::realm_tenant(&me.account.realm) {
        Some(id) => {
            let tx = web::platform(request).read(profile::OWN).await?;
            tenancy::tenant(&tx, id).await?.map(|tenant| tenant.slug).unwrap_or_default()
        }
        None => String::new(),
    };
    let passkey_at = match (has_passkey(request, me.account.id).await?, portal) {
        (true, true) => "/portal/prove/passkey",
        (true, false) => "/legal/prove/passkey",
        _ => "",
    };
    Ok(ProvePage {
        passkey_at,
        passkey_offer: false,
        frame: Frame::of(request),
        action: if portal { "/portal/prove" } else { "/legal/prove" },
        next: next.to_owned(),
        email: me.account.email.clone(),
        factor: me.account.totp_secret.is_some(),
        password: me.account.password_hash.is_some(),
        slug,
        errors,
    })
}

/// Whether this person has a passkey that works on this host.
pub async fn has_passkey(request: &HttpRequest, account: entity::ids::AccountId) -> crate::platform::Result<bool> {
    let platform = web::platform(request);
    let Some(place) = portals::place(&platform, request).await? else { return Ok(false) };
    let tx = platform.read(profile::OWN).await?;
    Ok(!identity::usable_passkeys(&tx, account, &place).await?.is_empty())
}

/// The page that asks, as the answer to what was not done.
pub async fn asked(request: &HttpRequest, me: &SignedIn, next: &str) -> crate::platform::Result<HttpResponse> {
    page_with(StatusCode::CONFLICT, &asking(request, me, next, FieldErrors::default()).await?)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ProveForm {
    current_password: String,
    code: String,
    next: String,
}

/// What to do after the proof.
pub fn thanks(next: &str) -> &'static str {
    match (next.is_empty(), next.contains("/kept/")) {
        (true, _) => "Thank you. For five minutes you can do what needs it.",
        (false, true) => "Thank you. If what you typed is still here, nothing was sent yet: look at it once more and send it.",
        (false, false) => "Thank you. Now press the button again.",
    }
}

/// The question opened by itself: there is nothing here that waits for the answer.
pub async fn back_to(ask: Ask<Oneself>) -> Answer {
    see_other(ask.who.caller.home()).answer()
}

/// Where to after the proof: a form that only waited for it goes on by itself.
pub fn onward(next: &str) -> String {
    match next.contains("/kept/") && !next.contains('?') {
        true => format!("{next}?{}", kept::NOW),
        false => next.to_owned(),
    }
}

pub async fn prove(ask: Ask<(Oneself, Visitor), Form<ProveForm>>) -> Answer {
    let one = &ask.who.0;
    let Form(form) = &ask.body;
    let proof = ProofForm { current_password: form.current_password.clone(), code: form.code.clone(), ..ProofForm::default() };
    let next = own_path(Some(&form.next), "");
    match profile::proved(&ask.request, one, &proof).await? {
        Ok(_) => {
            let words = thanks(next);
            // A proof that still holds changed nothing.
            ask.platform().tripwire.audited(&web::request_id(&ask.request));
            let to = if next.is_empty() { one.caller.home().to_owned() } else { onward(next) };
            see_other(to).toast(words).answer()
        }
        Err(errors) => page_with(StatusCode::UNPROCESSABLE_ENTITY, &asking(&ask.request, &one.me, next, errors).await?),
    }
}
