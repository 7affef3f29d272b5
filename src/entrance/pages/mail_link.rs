//! `/portal/link`: into the portal by a link in a mail, without a password. A GET shows, only the button consumes.

use actix_web::http::StatusCode;
use askama::Template;
use entity::{Reach, identity::LinkPurpose, tenancy::tenant};
use serde::Deserialize;

use super::{invite, portal, query, with_cookies};
use crate::{
    entrance::{
        access::{Visitor, session},
        portals::{self, Portal},
    },
    identity::{self, Entered, LinkState, cookie, portal_realm},
    platform::{
        Error, FieldErrors, Result,
        web::{Answer, Ask, Form, Frame, answer::own_path, page, page_with, see_other},
    },
    tenancy,
};

#[derive(Template)]
#[template(path = "entrance/mail_link.html")]
struct MailLinkPage {
    frame: Frame,
    slug: String,
    /// Asked for: the page says what happens now.
    sent: bool,
    email: String,
    next: String,
    errors: FieldErrors,
}

pub async fn show(ask: Ask<()>) -> Answer {
    let query = query(&ask.request);
    match portals::find(&ask.platform(), &ask.request, query.tenant.as_deref()).await? {
        Portal::Found(tenant) => page(&MailLinkPage {
            frame: portal::dressed(ask.frame(), &tenant),
            slug: tenant.slug.clone(),
            sent: false,
            email: String::new(),
            next: own_path(query.next.as_deref(), "").to_owned(),
            errors: FieldErrors::default(),
        }),
        other => portal::nowhere(ask.frame(), other),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct LinkForm {
    email: String,
    tenant: String,
    next: String,
}

/// The same answer whoever asks.
pub async fn send(ask: Ask<Visitor, Form<LinkForm>>) -> Answer {
    let Form(form) = &ask.body;
    let named = query(&ask.request).tenant.filter(|slug| !slug.is_empty()).unwrap_or_else(|| form.tenant.clone());
    let tenant = match portals::find(&ask.platform(), &ask.request, Some(&named)).await? {
        Portal::Found(tenant) => tenant,
        other => return portal::nowhere_posted(ask.frame(), other),
    };
    let next = own_path(Some(&form.next), "").to_owned();
    let mut shown = MailLinkPage {
        frame: portal::dressed(ask.frame(), &tenant),
        slug: tenant.slug.clone(),
        sent: false,
        email: form.email.clone(),
        next: next.clone(),
        errors: FieldErrors::default(),
    };
    if identity::parse_email(&form.email).is_none() {
        shown.errors.add("email", "That is no e-mail address; it looks like name@company.com.");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    let look = tenancy::look(&tenant);
    identity::ask_sign_in_link(&ask.platform(), ask.actor(), &portal_realm(tenant.id), &form.email, &next, &look).await?;
    page(&MailLinkPage { sent: true, ..shown })
}

#[derive(Template)]
#[template(path = "entrance/mail_link_open.html")]
struct OpenPage {
    frame: Frame,
    email: String,
    place: String,
    next: String,
}

fn token<W, B>(ask: &Ask<W, B>) -> String {
    ask.request.match_info().get("token").unwrap_or_default().to_owned()
}

/// The page of a live link and whose portal it is, or the one that says why it is dead.
async fn alive<W, B>(ask: &Ask<W, B>) -> Result<Result<(OpenPage, tenant::Model), actix_web::HttpResponse>> {
    let platform = ask.platform();
    let state = invite::state(&platform, &token(ask), LinkPurpose::SignIn).await?;
    if let LinkState::Alive { account, .. } = &state
        && let Some(tenant) = identity::realm_tenant(&account.realm)
    {
        let tx = platform.read(Reach::Everything("a portal's look before sign-in")).await?;
        if let Some(tenant) = tenancy::tenant(&tx, tenant).await? {
            let frame = Frame { person: None, nav: Vec::new(), ..portal::dressed(ask.frame(), &tenant) };
            let next = own_path(query(&ask.request).next.as_deref(), "").to_owned();
            let place = frame.look.name.clone();
            return Ok(Ok((OpenPage { frame, email: account.email.clone(), place, next }, tenant)));
        }
    }
    let state = if matches!(state, LinkState::Alive { .. }) { LinkState::Unknown } else { state };
    let Some(mut dead) = invite::dead_link(ask.frame(), &state, "link", "/portal/link") else { return Err(Error::NotFound) };
    dead.action = "Mail me a new link";
    dead.also = Some(("/portal/login".to_owned(), "Go to sign-in"));
    if !matches!(state, LinkState::Unknown) {
        dead.next_step = "Have a new one mailed to you.".to_owned();
    }
    let tenant = invite::portal_of(ask, &token(ask), LinkPurpose::SignIn).await?;
    Ok(Err(page_with(StatusCode::GONE, &dead.at(tenant.as_ref()))?))
}

pub async fn open(ask: Ask<()>) -> Answer {
    match alive(&ask).await? {
        Ok((shown, _)) => page(&shown),
        Err(dead) => Ok(dead),
    }
}

pub async fn enter(ask: Ask<Visitor, Form<LinkForm>>) -> Answer {
    let platform = ask.platform();
    let (_, tenant) = match alive(&ask).await? {
        Ok(found) => found,
        Err(dead) => return Ok(dead),
    };
    let before = session(&ask.request).map(|signed_in| signed_in.session.id);
    let device = cookie::device_token(&ask.request, &platform.config);
    let next = own_path(Some(&ask.body.0.next), "");
    let entered = identity::enter_by_link(&platform, ask.actor(), &token(&ask), before, device.as_deref()).await?;
    let mut answer = match entered {
        Entered::SignedIn(opened) => {
            super::admit(&platform.config, &opened, see_other(if next.is_empty() { "/portal/dashboard" } else { next }))?
        }
        Entered::CodeAwaited { token } => {
            let to = see_other(format!("/portal/login/totp{}", super::carry(Some(next))));
            with_cookies(to.answer()?, &[cookie::set(&platform.config, &token)])?
        }
    };
    answer.add_cookie(&cookie::portal(&platform.config, &tenant.slug)).map_err(|e| anyhow::anyhow!("cookie: {e}"))?;
    Ok(answer)
}
