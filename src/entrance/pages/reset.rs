//! Forgotten passwords, at both doors: the same answer whoever asks.

use actix_web::http::StatusCode;
use askama::Template;
use entity::{Reach, identity::LinkPurpose, tenancy::tenant};
use serde::Deserialize;

use super::{invite, portal, query, shown};
use crate::{
    entrance::{
        access::Visitor,
        portals::{self, Portal},
    },
    identity::{self, FIRM, LinkState, portal_realm},
    platform::{
        FieldErrors, Result,
        web::{Answer, Ask, Form, Frame, FrameLook, page, page_with, see_other},
    },
    tenancy,
};

#[derive(Template)]
#[template(path = "entrance/forgot.html")]
struct ForgotPage {
    frame: Frame,
    slug: String,
    /// Asked for: the page says what happens now.
    sent: bool,
    email: String,
    errors: FieldErrors,
}

impl ForgotPage {
    fn door(&self) -> String {
        if self.slug.is_empty() { "/login".to_owned() } else { format!("/portal/login?tenant={}", self.slug) }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ForgotForm {
    email: String,
    tenant: String,
}

pub async fn show_forgot(ask: Ask<()>) -> Answer {
    page(&ForgotPage { frame: ask.frame(), slug: String::new(), sent: false, email: String::new(), errors: FieldErrors::default() })
}

pub async fn forgot(ask: Ask<Visitor, Form<ForgotForm>>) -> Answer {
    let email = ask.body.0.email.clone();
    let frame = ask.frame();
    answer(&ask, frame, FIRM, &FrameLook::default(), String::new(), email).await
}

pub async fn show_portal_forgot(ask: Ask<()>) -> Answer {
    let named = query(&ask.request).tenant;
    match portals::find(&ask.platform(), &ask.request, named.as_deref()).await? {
        Portal::Found(tenant) => page(&ForgotPage {
            frame: portal::dressed(ask.frame(), &tenant),
            slug: tenant.slug.clone(),
            sent: false,
            email: String::new(),
            errors: FieldErrors::default(),
        }),
        other => portal::nowhere(ask.frame(), other),
    }
}

pub async fn portal_forgot(ask: Ask<Visitor, Form<ForgotForm>>) -> Answer {
    let Form(form) = &ask.body;
    let named = query(&ask.request).tenant.filter(|slug| !slug.is_empty()).unwrap_or_else(|| form.tenant.clone());
    match portals::find(&ask.platform(), &ask.request, Some(&named)).await? {
        Portal::Found(tenant) => {
            let frame = portal::dressed(ask.frame(), &tenant);
            let look = tenancy::look(&tenant);
            answer(&ask, frame, &portal_realm(tenant.id), &look, tenant.slug.clone(), form.email.clone()).await
        }
        other => portal::nowhere_posted(ask.frame(), other),
    }
}

async fn answer<W, B>(ask: &Ask<W, B>, frame: Frame, realm: &str, look: &FrameLook, slug: String, email: String) -> Answer {
    let mut errors = FieldErrors::default();
    if identity::parse_email(&email).is_none() {
        errors.add("email", "That is no e-mail address; it looks like name@company.com.");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &ForgotPage { frame, slug, sent: false, email, errors });
    }
    identity::ask_reset(&ask.platform(), ask.actor(), realm, &email, look).await?;
    page(&ForgotPage { frame, slug, sent: true, email, errors })
}

#[derive(Template)]
#[template(path = "entrance/reset.html")]
struct ResetPage {
    frame: Frame,
    token: String,
    email: String,
    /// The code of the app is still asked for afterwards.
    firm: bool,
    errors: FieldErrors,
}

type Alive = (ResetPage, Option<tenant::Model>);

/// The page of a live link at this door, or the one that says why it is dead.
async fn alive<W, B>(ask: &Ask<W, B>, token: &str, firm: bool) -> Result<Result<Alive, actix_web::HttpResponse>> {
    let platform = ask.platform();
    let state = invite::state(&platform, token, LinkPurpose::Reset).await?;
    if let LinkState::Alive { account, .. } = &state {
        let tenant = identity::realm_tenant(&account.realm);
        if tenant.is_none() == firm {
            let tx = platform.read(Reach::Everything("a portal's look before sign-in")).await?;
            let tenant = match tenant {
                Some(tenant) => tenancy::tenant(&tx, tenant).await?,
                None => None,
            };
            let frame = match &tenant {
                Some(tenant) => portal::dressed(ask.frame(), tenant),
                None => ask.frame(),
            };
            let page =
                ResetPage { frame, token: token.to_owned(), email: account.email.clone(), firm, errors: FieldErrors::default() };
            return Ok(Ok((page, tenant)));
        }
    }
    let state = if matches!(state, LinkState::Alive { .. }) { LinkState::Unknown } else { state };
    let door = if firm { "/forgot" } else { "/portal/forgot" };
    let Some(mut dead) = invite::dead_link(ask.frame(), &state, "link", door) else { return Err(crate::platform::Error::NotFound) };
    dead.action = "Ask for a new link";
    dead.also = Some((if firm { "/login" } else { "/portal/login" }.to_owned(), "Go to sign-in"));
    let tenant = if firm { None } else { invite::portal_of(ask, token, LinkPurpose::Reset).await? };
    Ok(Err(page_with(StatusCode::GONE, &dead.at(tenant.as_ref()))?))
}

async fn show_at<W, B>(ask: &Ask<W, B>, firm: bool) -> Answer {
    let token = query(&ask.request).token.unwrap_or_default();
    match alive(ask, &token, firm).await? {
        Ok((shown, _)) => page(&shown),
        Err(dead) => Ok(dead),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ResetForm {
    token: String,
    password: String,
}

async fn set_at(ask: &Ask<Visitor, Form<ResetForm>>, firm: bool) -> Answer {
    let Form(form) = &ask.body;
    let token = query(&ask.request).token.unwrap_or_else(|| form.token.clone());
    let (before, tenant) = match alive(ask, &token, firm).await? {
        Ok(found) => found,
        Err(dead) => return Ok(dead),
    };
    let about = tenant.iter().flat_map(|tenant| [tenant.name.clone(), tenant.portal_name.clone()]).collect();
    match identity::reset_password(&ask.platform(), ask.actor(), &token, &form.password, about).await {
        Ok(_) => {
            let door = tenant.map_or_else(|| "/login".to_owned(), |tenant| format!("/portal/login?tenant={}", tenant.slug));
            see_other(door).toast("Your new password stands. Sign in with it.").answer()
        }
        Err(error) => page_with(StatusCode::UNPROCESSABLE_ENTITY, &ResetPage { errors: shown(error)?, ..before }),
    }
}

pub async fn show(ask: Ask<()>) -> Answer {
    show_at(&ask, true).await
}

pub async fn set(ask: Ask<Visitor, Form<ResetForm>>) -> Answer {
    set_at(&ask, true).await
}

pub async fn show_portal(ask: Ask<()>) -> Answer {
    show_at(&ask, false).await
}

pub async fn set_portal(ask: Ask<Visitor, Form<ResetForm>>) -> Answer {
    set_at(&ask, false).await
}
