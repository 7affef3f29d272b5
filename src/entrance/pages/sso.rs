//! `/api/auth/client-hub-sso` and `/api/auth/hub-sso`: a link of the Hub. A GET shows, only the button consumes (mail scanners
//! follow links); each way it can fail has its own words and its next step.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use askama::Template;
use entity::{identity::SsoFace, tenancy::tenant};
use serde::Deserialize;

use super::{portal, query, with_cookies};
use crate::{
    entrance::{
        access::{Visitor, session},
        portals,
    },
    identity::{
        self, Entered, FIRM, cookie, portal_realm,
        ticket::{self, Fault, Refused},
    },
    platform::{
        Platform, Refusal, Result,
        web::{Answer, Ask, Form, Frame, answer::own_path, page, page_with, see_other, wants_page},
    },
    tenancy::{self, BY_TICKET},
};

#[derive(Template)]
#[template(path = "entrance/sso.html")]
struct SsoPage {
    frame: Frame,
    action: &'static str,
    token: String,
    next: String,
    name: String,
    email: String,
    place: String,
}

#[derive(Template)]
#[template(path = "entrance/sso_refused.html")]
struct RefusedPage {
    frame: Frame,
    title: &'static str,
    reason: String,
    next_step: &'static str,
    /// To whom a fresh link can be mailed, and in which portal.
    mail_to: Option<(String, String)>,
    door: String,
}

fn face<W, B>(ask: &Ask<W, B>) -> SsoFace {
    if ask.request.path().ends_with("client-hub-sso") { SsoFace::Client } else { SsoFace::Staff }
}

fn address(face: SsoFace) -> &'static str {
    match face {
        SsoFace::Client => "/api/auth/client-hub-sso",
        SsoFace::Staff => "/api/auth/hub-sso",
    }
}

fn status(fault: Fault) -> StatusCode {
    match fault {
        Fault::Expired | Fault::Used => StatusCode::GONE,
        Fault::Shut | Fault::NotEntitled => StatusCode::FORBIDDEN,
        Fault::NotConfigured | Fault::OtherPlace => StatusCode::CONFLICT,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// The address of such an answer holds a token: nobody is told where one came from, and nothing keeps it.
fn unseen(mut answer: HttpResponse) -> HttpResponse {
    let headers = answer.headers_mut();
    headers.insert(header::REFERRER_POLICY, header::HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    answer
}

/// Whose portal it is, where the ticket names one.
async fn place(platform: &Platform, refused: Option<&ticket::Ticket>) -> Result<Option<tenant::Model>> {
    let Some(ticket) = refused else { return Ok(None) };
    tenancy::tenant_of_ticket(&platform.read(BY_TICKET).await?, ticket).await
}

/// The ticket if it is believed, was not used and is for a portal of this host, and its tenant.
async fn looked_at<W, B>(ask: &Ask<W, B>, face: SsoFace, token: &str) -> Result<Result<(ticket::Ticket, tenant::Model), Refused>> {
    let platform = ask.platform();
    let ticket = match ticket::read(&platform.config, face, token, platform.clock.now()) {
        Ok(ticket) => ticket,
        Err(refused) => return Ok(Err(refused)),
    };
    let tx = platform.read(BY_TICKET).await?;
    let refused = |fault| Refused { fault, ticket: Some(ticket.clone()) };
    let Some(tenant) = tenancy::tenant_of_ticket(&tx, &ticket).await? else { return Ok(Err(refused(Fault::UnknownTenant))) };
    if identity::ticket_was_used(&tx, &ticket).await? {
        return Ok(Err(refused(Fault::Used)));
    }
    drop(tx);
    // On somebody else's domain there is no such portal, and nothing of it is shown.
    if !portals::shows(&platform, &ask.request, &tenant).await? {
        return Ok(Err(Fault::UnknownTenant.into()));
    }
    Ok(Ok((ticket, tenant)))
}

pub async fn show(ask: Ask<()>) -> Answer {
    let face = face(&ask);
    let query = query(&ask.request);
    let token = query.token.unwrap_or_default();
    let (ticket, tenant) = match looked_at(&ask, face, &token).await? {
        Ok(found) => found,
        Err(no) => return refused(&ask, face, no).await,
    };
    if face == SsoFace::Client
        && let Some(own) = at_home(&ask, &tenant, &token, query.next.as_deref()).await?
    {
        return Ok(unseen(see_other(own).answer()?));
    }
    let (frame, place) = match face {
        SsoFace::Client => (portal::dressed(stranger(&ask), &tenant), tenancy::look(&tenant).name),
        SsoFace::Staff => (stranger(&ask), tenant.name.clone()),
    };
    let next = own_path(query.next.as_deref(), "").to_owned();
    let shown = SsoPage { frame, action: address(face), token, next, name: ticket.name, email: ticket.email, place };
    Ok(unseen(page(&shown)?))
}

/// Where this link is opened instead: a portal with a domain of its own is entered there. None where it stands there already.
async fn at_home<W, B>(ask: &Ask<W, B>, tenant: &tenant::Model, token: &str, next: Option<&str>) -> Result<Option<String>> {
    let platform = ask.platform();
    let Some(own) = tenancy::look(tenant).host else { return Ok(None) };
    if portals::by_own_domain(&platform, &ask.request).await? {
        return Ok(None);
    }
    let mut asked = url::form_urlencoded::Serializer::new(String::new());
    asked.append_pair("token", token);
    if let Some(next) = next {
        asked.append_pair("next", next);
    }
    Ok(Some(platform.config.link_at(Some(&own), &format!("{}?{}", address(SsoFace::Client), asked.finish()))))
}

/// The frame as before sign-in, whoever is signed in here.
fn stranger<W, B>(ask: &Ask<W, B>) -> Frame {
    Frame { person: None, nav: Vec::new(), ..ask.frame() }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct TicketForm {
    token: String,
    next: String,
}

pub async fn enter(ask: Ask<Visitor, Form<TicketForm>>) -> Answer {
    let platform = ask.platform();
    let face = face(&ask);
    let token = match ask.body.0.token.as_str() {
        "" => query(&ask.request).token.unwrap_or_default(),
        typed => typed.to_owned(),
    };
    let (ticket, tenant) = match looked_at(&ask, face, &token).await? {
        Ok(found) => found,
        Err(no) => return refused(&ask, face, no).await,
    };
    let before = session(&ask.request).map(|signed_in| signed_in.session.id);
    let device = cookie::device_token(&ask.request, &platform.config);
    let mut work = ask.work(BY_TICKET).await?;
    let entered = match tenancy::enter_by_ticket(&mut work, &ticket, before, device.as_deref()).await? {
        Ok(entered) => entered,
        Err(fault) => {
            drop(work);
            return refused(&ask, face, Refused { fault, ticket: Some(ticket) }).await;
        }
    };
    work.commit().await?;
    let (home, code_page) = match face {
        SsoFace::Client => ("/portal/dashboard", "/portal/login/totp"),
        SsoFace::Staff => ("/legal/dashboard", "/login/totp"),
    };
    let next = own_path(Some(&ask.body.0.next), "");
    let mut answer = match entered {
        Entered::SignedIn(opened) => super::admit(&platform.config, &opened, see_other(if next.is_empty() { home } else { next }))?,
        Entered::CodeAwaited { token } => {
            let to = see_other(format!("{code_page}{}", super::carry(Some(next))));
            with_cookies(to.answer()?, &[cookie::set(&platform.config, &token)])?
        }
    };
    if face == SsoFace::Client {
        answer.add_cookie(&cookie::portal(&platform.config, &tenant.slug)).map_err(|e| anyhow::anyhow!("cookie: {e}"))?;
    }
    Ok(unseen(answer))
}

/// Notes the refusal for those who look after the Hub's links, and says what is so.
async fn refused<W, B>(ask: &Ask<W, B>, face: SsoFace, no: Refused) -> Answer {
    let platform = ask.platform();
    let tenant = place(&platform, no.ticket.as_ref()).await?;
    note(ask, face, &no, tenant.as_ref()).await?;
    let fault = no.fault;
    if !wants_page(&ask.request) {
        return Err(Refusal::new(fault.code(), fault.reason(face), fault.next_step(face)).status(status(fault)).into());
    }
    let frame = match (&tenant, face) {
        (Some(tenant), SsoFace::Client) => portal::dressed(stranger(ask), tenant),
        _ => stranger(ask),
    };
    let slug = tenant.as_ref().map(|tenant| tenant.slug.clone());
    let mail_to = match (face, fault, no.ticket, &slug) {
        (SsoFace::Client, Fault::Expired | Fault::Used, Some(ticket), Some(slug)) if !ticket.email.is_empty() => {
            Some((ticket.email, slug.clone()))
        }
        _ => None,
    };
    let door = match (face, &slug) {
        (SsoFace::Staff, _) => "/login".to_owned(),
        (SsoFace::Client, Some(slug)) => format!("/portal/login?tenant={slug}"),
        (SsoFace::Client, None) => "/portal/login".to_owned(),
    };
    let (title, reason, next_step) = (fault.title(face), fault.reason(face), fault.next_step(face));
    Ok(unseen(page_with(status(fault), &RefusedPage { frame, title, reason, next_step, mail_to, door })?))
}

async fn note<W, B>(ask: &Ask<W, B>, face: SsoFace, no: &Refused, tenant: Option<&tenant::Model>) -> Result<()> {
    if no.fault == Fault::NotConfigured {
        return Ok(());
    }
    // Nobody's name is believed of a link that was not signed, and nobody's of one that names no tenant.
    let (realm, email) = match (&no.ticket, tenant) {
        (Some(ticket), Some(tenant)) => {
            (if face == SsoFace::Client { portal_realm(tenant.id) } else { FIRM.to_owned() }, ticket.email.clone())
        }
        _ => (String::new(), String::new()),
    };
    let mut work = ask.work(BY_TICKET).await?;
    if identity::note_arrival(&mut work, face, &realm, &email, Some(no.fault)).await? {
        work.commit().await?;
    }
    Ok(())
}
