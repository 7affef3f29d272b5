//! `/portal/login` and `/portal/register`: the client's door, in the tenant's look.

use actix_web::http::StatusCode;
use askama::Template;
use entity::{
    Reach,
    identity::{LinkPurpose, account},
    tenancy::tenant,
};
use serde::Deserialize;

use super::{INVALID, invite, locked_words, one_error, query, shown, with_cookies};
use crate::{
    entrance::{
        access::{Visitor, session},
        portals::{self, Portal},
    },
    identity::{self, AcceptInvite, Accepted, LinkState, SignIn, SignInAnswer, cookie, portal_realm},
    platform::{
        FieldErrors,
        web::{Answer, Ask, Form, Frame, answer::own_path, page, page_with, see_other},
    },
    tenancy::{self, Caller},
};

#[derive(Template)]
#[template(path = "entrance/portal_login.html")]
struct PortalLoginPage {
    frame: Frame,
    slug: String,
    email: String,
    next: String,
    /// Passkeys are made and used where browsers know them, which is on host names.
    passkey_at: &'static str,
    passkey_offer: bool,
    errors: FieldErrors,
}

const PASSKEY_AT: &str = "/portal/login/passkey";

/// No portal of that name, or none named.
#[derive(Template)]
#[template(path = "entrance/unknown_portal.html")]
struct UnknownPortalPage {
    frame: Frame,
    slug: Option<String>,
}

/// The frame in the tenant's look.
pub fn dressed(frame: Frame, tenant: &tenant::Model) -> Frame {
    Frame { look: tenancy::look(tenant), ..frame }
}

/// A page that says that there is no such portal, or asks which one.
pub fn nowhere(frame: Frame, portal: Portal) -> Answer {
    match portal {
        Portal::Unknown(slug) => page_with(StatusCode::NOT_FOUND, &UnknownPortalPage { frame, slug: Some(slug) }),
        _ => page(&UnknownPortalPage { frame, slug: None }),
    }
}

/// The same as the answer to a form: nothing was done.
pub fn nowhere_posted(frame: Frame, portal: Portal) -> Answer {
    let mut answer = nowhere(frame, portal)?;
    if answer.status().is_success() {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(answer)
}

pub async fn show(ask: Ask<()>) -> Answer {
    let platform = ask.platform();
    let query = query(&ask.request);
    if let Ok(caller) = Caller::of(&ask.request)
        && caller.is_client()
    {
        return see_other(own_path(query.next.as_deref(), caller.home())).answer();
    }
    let tenant = match portals::find(&platform, &ask.request, query.tenant.as_deref()).await? {
        Portal::Found(tenant) => tenant,
        other => return nowhere(ask.frame(), other),
    };
    let next = own_path(query.next.as_deref(), "").to_owned();
    let frame = Frame { person: None, nav: Vec::new(), ..dressed(ask.frame(), &tenant) };
    let passkey_at = if portals::place(&platform, &ask.request).await?.is_some() { PASSKEY_AT } else { "" };
    let shown = PortalLoginPage {
        frame,
        slug: tenant.slug.clone(),
        email: String::new(),
        next,
        passkey_at,
        passkey_offer: query.way.is_none(),
        errors: FieldErrors::default(),
    };
    with_cookies(page(&shown)?, &[cookie::portal(&platform.config, &tenant.slug)])
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PortalLoginForm {
    email: String,
    password: String,
    next: String,
    tenant: String,
}

pub async fn enter(ask: Ask<Visitor, Form<PortalLoginForm>>) -> Answer {
    let platform = ask.platform();
    let Form(form) = &ask.body;
    let named = query(&ask.request).tenant.filter(|slug| !slug.is_empty()).unwrap_or_else(|| form.tenant.clone());
    let tenant = match portals::find(&platform, &ask.request, Some(&named)).await? {
        Portal::Found(tenant) => tenant,
        other => return nowhere_posted(ask.frame(), other),
    };
    let input = SignIn {
        realm: portal_realm(tenant.id),
        email: form.email.clone(),
        password: form.password.clone(),
        device: cookie::device_token(&ask.request, &platform.config),
        before: session(&ask.request).map(|signed_in| signed_in.session.id),
    };
    let words = match identity::sign_in(&platform, ask.actor(), input).await? {
        SignInAnswer::SignedIn(opened) => {
            return super::admit(&platform.config, &opened, see_other(own_path(Some(&form.next), "/portal/dashboard")));
        }
        SignInAnswer::CodeAwaited { token } => {
            return with_cookies(
                see_other(format!("/portal/login/totp{}", super::carry(Some(&form.next)))).answer()?,
                &[cookie::set(&platform.config, &token)],
            );
        }
        SignInAnswer::Wrong => INVALID.to_owned(),
        SignInAnswer::Locked(until) => locked_words(until, platform.clock.now()),
    };
    shut(ask.frame(), &tenant, form.email.clone(), &form.next, words)
}

/// The door again, with the words why it stays shut.
fn shut(frame: Frame, tenant: &tenant::Model, email: String, next: &str, words: String) -> Answer {
    let shown = PortalLoginPage {
        frame: dressed(frame, tenant),
        slug: tenant.slug.clone(),
        email,
        next: own_path(Some(next), "").to_owned(),
        passkey_at: PASSKEY_AT,
        passkey_offer: false,
        errors: one_error("", words),
    };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// The same for somebody whose half-done sign-in has ended.
pub async fn refused<W, B>(ask: &Ask<W, B>, account: &account::Model, next: &str, words: String) -> Answer {
    let tx = ask.platform().read(Reach::Everything("a portal's look before sign-in")).await?;
    match identity::realm_tenant(&account.realm) {
        Some(id) => match tenancy::tenant(&tx, id).await? {
            Some(tenant) => shut(ask.frame(), &tenant, account.email.clone(), next, words),
            None => Err(crate::platform::Error::NotFound),
        },
        None => Err(crate::platform::Error::NotFound),
    }
}

#[derive(Template)]
#[template(path = "entrance/register.html")]
struct RegisterPage {
    frame: Frame,
    token: String,
    next: String,
    typed_name: String,
    email: String,
    asked_by: String,
    errors: FieldErrors,
}

/// The invited person's link and the tenant whose portal it is, or the page that says why not.
async fn invited<W, B>(
    ask: &Ask<W, B>,
    token: &str,
) -> crate::platform::Result<Result<(RegisterPage, tenant::Model), actix_web::HttpResponse>> {
    let platform = ask.platform();
    let state = invite::state(&platform, token, LinkPurpose::Invite).await?;
    if let LinkState::Alive { account, asked_by } = &state
        && let Some(tenant) = identity::realm_tenant(&account.realm)
    {
        let tx = platform.read(Reach::Everything("a portal's look before sign-in")).await?;
        if let Some(tenant) = tenancy::tenant(&tx, tenant).await? {
            let page = RegisterPage {
                frame: dressed(ask.frame(), &tenant),
                token: token.to_owned(),
                next: own_path(query(&ask.request).next.as_deref(), "").to_owned(),
                typed_name: account.name.clone(),
                email: account.email.clone(),
                asked_by: asked_by.clone(),
                errors: FieldErrors::default(),
            };
            return Ok(Ok((page, tenant)));
        }
    }
    let state = if matches!(state, LinkState::Alive { .. }) { LinkState::Unknown } else { state };
    let Some(dead) = invite::dead_link(ask.frame(), &state, "invitation", "/portal/login") else {
        return Err(crate::platform::Error::NotFound);
    };
    let tenant = invite::portal_of(ask, token, LinkPurpose::Invite).await?;
    Ok(Err(page_with(StatusCode::GONE, &dead.at(tenant.as_ref()))?))
}

pub async fn show_register(ask: Ask<()>) -> Answer {
    let token = query(&ask.request).invite.unwrap_or_default();
    match invited(&ask, &token).await? {
        Ok((shown, _)) => page(&shown),
        Err(dead) => Ok(dead),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct RegisterForm {
    invite: String,
    next: String,
    name: String,
    password: String,
}

pub async fn register(ask: Ask<Visitor, Form<RegisterForm>>) -> Answer {
    let platform = ask.platform();
    let Form(form) = &ask.body;
    let token = query(&ask.request).invite.unwrap_or_else(|| form.invite.clone());
    let (before, tenant) = match invited(&ask, &token).await? {
        Ok(found) => found,
        Err(dead) => return Ok(dead),
    };
    let input = AcceptInvite {
        token,
        name: form.name.clone(),
        password: form.password.clone(),
        about: vec![tenant.name.clone(), tenant.portal_name.clone()],
        device: cookie::device_token(&ask.request, &platform.config),
    };
    match identity::accept_invite(&platform, ask.actor(), input).await {
        Ok(Accepted::SignedIn(opened)) => {
            let to = see_other(own_path(Some(&form.next), "/portal/dashboard"))
                .toast(format!("Welcome, {}. You are signed in.", opened.account.name));
            let mut answer = super::admit(&platform.config, &opened, to)?;
            answer.add_cookie(&cookie::portal(&platform.config, &tenant.slug)).map_err(|e| anyhow::anyhow!("cookie: {e}"))?;
            Ok(answer)
        }
        Ok(Accepted::SetUpNext { token }) => {
            with_cookies(see_other("/login/setup").answer()?, &[cookie::set(&platform.config, &token)])
        }
        Err(error) => {
            let errors = shown(error)?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &RegisterPage { typed_name: form.name.clone(), errors, ..before })
        }
    }
}
