//! `/invite/{token}` and `/setup/{token}`: a GET shows, only the button consumes (mail scanners follow links).

use actix_web::http::StatusCode;
use askama::Template;
use entity::{Reach, identity::LinkPurpose, tenancy::tenant};
use serde::Deserialize;

use super::{INVALID, locked_words, one_error, portal, shown, with_cookies};
use crate::{
    entrance::{access::Visitor, portals},
    identity::{self, AcceptInvite, Accepted, LinkState, SignInAnswer, cookie},
    platform::{
        FieldErrors, Platform, Result,
        web::{Answer, Ask, Form, Frame, page, page_with, see_other},
    },
    tenancy,
};

/// A link that opens nothing: why, and what to do.
#[derive(Template)]
#[template(path = "entrance/dead_link.html")]
pub struct DeadLinkPage {
    pub frame: Frame,
    pub title: &'static str,
    pub reason: String,
    pub next_step: String,
    pub href: String,
    pub action: &'static str,
    /// Another way in, beside the button: its address and words.
    pub also: Option<(String, &'static str)>,
}

impl DeadLinkPage {
    /// In the look of the portal that the link led to, with buttons into that portal: they lead there in a browser without
    /// cookies too.
    pub fn at(self, tenant: Option<&tenant::Model>) -> Self {
        let Some(tenant) = tenant else { return self };
        let there = |href: String| format!("{href}?tenant={}", tenant.slug);
        Self {
            frame: portal::dressed(self.frame, tenant),
            href: there(self.href),
            also: self.also.map(|(href, words)| (there(href), words)),
            ..self
        }
    }
}

/// The page of a dead link; none for one that is alive.
pub fn dead_link(frame: Frame, state: &LinkState, what: &str, door: &str) -> Option<DeadLinkPage> {
    let ask = |asked_by: &str| {
        if asked_by.is_empty() { "Ask for a new one.".to_owned() } else { format!("Ask {asked_by} to resend it.") }
    };
    let (title, reason, next_step) = match state {
        LinkState::Alive { .. } => return None,
        LinkState::Used => (
            "Already used",
            format!("This {what} has been used. Each works once."),
            "If it was you, sign in with the password you chose.".to_owned(),
        ),
        LinkState::Expired { asked_by } => ("Expired", format!("This {what} has expired."), ask(asked_by)),
        LinkState::Replaced { asked_by } => (
            "Replaced",
            format!("A newer {what} was sent, so this one does not work any more."),
            format!("Open the newest mail. If you cannot find it: {}", ask(asked_by)),
        ),
        LinkState::Withdrawn { asked_by } => (
            "Withdrawn",
            format!("This {what} was withdrawn."),
            if asked_by.is_empty() { ask(asked_by) } else { format!("Ask {asked_by} why.") },
        ),
        LinkState::Unknown => (
            "Link not found",
            format!("There is no such {what}."),
            "Check that you opened the whole address from the mail, or ask for a new one.".to_owned(),
        ),
    };
    Some(DeadLinkPage { frame, title, reason, next_step, href: door.to_owned(), action: "Go to sign-in", also: None })
}

/// The portal that this link led to, whatever became of the link. None for a token that nobody was sent, for one of the firm's,
/// and on the own domain of another MSP.
pub async fn portal_of<W, B>(ask: &Ask<W, B>, token: &str, purpose: LinkPurpose) -> Result<Option<tenant::Model>> {
    let platform = ask.platform();
    let tx = platform.read(Reach::Everything("a mailed link: nobody is signed in yet")).await?;
    let account = identity::link_account(&tx, token, purpose).await?;
    let tenant = match account.and_then(|account| identity::realm_tenant(&account.realm)) {
        Some(id) => tenancy::tenant(&tx, id).await?,
        None => None,
    };
    drop(tx);
    match tenant {
        Some(tenant) if portals::shows(&platform, &ask.request, &tenant).await? => Ok(Some(tenant)),
        _ => Ok(None),
    }
}

/// What the link is worth now.
pub async fn state(platform: &Platform, token: &str, purpose: LinkPurpose) -> Result<LinkState> {
    let tx = platform.read(Reach::Everything("a mailed link: nobody is signed in yet")).await?;
    identity::link_state(&tx, token, purpose, platform.clock.now()).await
}

#[derive(Template)]
#[template(path = "entrance/invite.html")]
struct InvitePage {
    frame: Frame,
    typed_name: String,
    email: String,
    asked_by: String,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "entrance/setup_start.html")]
struct StartPage {
    frame: Frame,
    email: String,
    errors: FieldErrors,
}

fn token<W, B>(ask: &Ask<W, B>) -> String {
    ask.request.match_info().get("token").unwrap_or_default().to_owned()
}

pub async fn show(ask: Ask<()>) -> Answer {
    let state = state(&ask.platform(), &token(&ask), LinkPurpose::Invite).await?;
    match state {
        LinkState::Alive { account, asked_by } if identity::realm_tenant(&account.realm).is_none() => page(&InvitePage {
            frame: ask.frame(),
            typed_name: account.name,
            email: account.email,
            asked_by,
            errors: FieldErrors::default(),
        }),
        other => gone(ask.frame(), &other),
    }
}

fn gone(frame: Frame, state: &LinkState) -> Answer {
    // A portal's invitation under the firm's address is none.
    let state = if matches!(state, LinkState::Alive { .. }) { &LinkState::Unknown } else { state };
    match dead_link(frame, state, "invitation", "/login") {
        Some(dead) => page_with(StatusCode::GONE, &dead),
        None => Err(crate::platform::Error::NotFound),
    }
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct InviteForm {
    name: String,
    password: String,
}

pub async fn accept(ask: Ask<Visitor, Form<InviteForm>>) -> Answer {
    let platform = ask.platform();
    let token = token(&ask);
    let (account, asked_by) = match state(&platform, &token, LinkPurpose::Invite).await? {
        LinkState::Alive { account, asked_by } if identity::realm_tenant(&account.realm).is_none() => (account, asked_by),
        other => return gone(ask.frame(), &other),
    };
    let Form(form) = &ask.body;
    let input = AcceptInvite {
        token,
        name: form.name.clone(),
        password: form.password.clone(),
        about: vec![asked_by.clone()],
        device: cookie::device_token(&ask.request, &platform.config),
    };
    match identity::accept_invite(&platform, ask.actor(), input).await {
        Ok(Accepted::SetUpNext { token }) => {
            with_cookies(see_other("/login/setup").answer()?, &[cookie::set(&platform.config, &token)])
        }
        Ok(Accepted::SignedIn(opened)) => super::admit(&platform.config, &opened, see_other("/")),
        Err(error) => {
            let errors = shown(error)?;
            let page = InvitePage { frame: ask.frame(), typed_name: form.name.clone(), email: account.email, asked_by, errors };
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

pub async fn show_set_up(ask: Ask<()>) -> Answer {
    match state(&ask.platform(), &token(&ask), LinkPurpose::Setup).await? {
        LinkState::Alive { account, .. } => {
            page(&StartPage { frame: ask.frame(), email: account.email, errors: FieldErrors::default() })
        }
        other => gone(ask.frame(), &other),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct StartForm {
    password: String,
}

pub async fn start_set_up(ask: Ask<Visitor, Form<StartForm>>) -> Answer {
    let platform = ask.platform();
    let token = token(&ask);
    let email = match state(&platform, &token, LinkPurpose::Setup).await? {
        LinkState::Alive { account, .. } => account.email,
        other => return gone(ask.frame(), &other),
    };
    let words = match identity::start_set_up(&platform, ask.actor(), &token, &ask.body.0.password).await? {
        SignInAnswer::CodeAwaited { token } => {
            return with_cookies(see_other("/login/setup").answer()?, &[cookie::set(&platform.config, &token)]);
        }
        SignInAnswer::SignedIn(opened) => return super::admit(&platform.config, &opened, see_other("/")),
        SignInAnswer::Wrong => INVALID.to_owned(),
        SignInAnswer::Locked(until) => locked_words(until, platform.clock.now()),
    };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &StartPage { frame: ask.frame(), email, errors: one_error("", words) })
}
