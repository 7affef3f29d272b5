//! A form whose session had ended: kept when it comes, gone when it was sent again. Called by the session middleware.

use actix_web::{HttpMessage, HttpRequest, HttpResponse, http::StatusCode, http::header};
use askama::Template;
use entity::{
    identity::{AccountStatus, account},
    ids::KeptFormId,
};

use super::pages::with_cookies;
use crate::{
    identity::{self, FIRM, KeptForm, cookie},
    platform::{
        Result,
        web::{self, Frame, answer::own_path, page_with, unsent::MayKeep, unsent::Unsent},
    },
    tenancy::Caller,
};

/// Whose session this was; put into the request by [`mark`].
struct Sender(account::Model);

/// The addresses where people say who they are: nothing that is typed there is kept.
const DOORS: [&str; 10] = [
    "/login",
    "/logout",
    "/setup/",
    "/invite/",
    "/forgot",
    "/reset",
    "/portal/login",
    "/portal/logout",
    "/portal/register",
    "/portal/reset",
];

/// A person's form that will be answered by "sign in first", from somebody whose session this browser still names.
pub fn mark(request: &HttpRequest, account: account::Model) {
    let path = request.path();
    if account.status == AccountStatus::Active && !DOORS.iter().any(|door| path.starts_with(door)) {
        request.extensions_mut().insert(MayKeep);
        request.extensions_mut().insert(Sender(account));
    }
}

#[derive(Template)]
#[template(path = "entrance/session_over.html")]
struct SessionOver {
    frame: Frame,
    files: Vec<(String, String)>,
    door: String,
}

/// The answer to a form that was gathered: it is kept, and the page says how to go on. None where there is nothing to keep.
pub async fn keep(request: &HttpRequest) -> Result<Option<HttpResponse>> {
    let Some(form) = request.extensions_mut().remove::<Unsent>() else { return Ok(None) };
    let Some(Sender(account)) = request.extensions_mut().remove::<Sender>() else { return Ok(None) };
    let here = request.uri().path_and_query().map_or("", |p| p.as_str());
    let path = own_path(Some(here), "").to_owned();
    if path.is_empty() {
        return Ok(None);
    }
    let platform = web::platform(request);
    let files = form.files.clone();
    let browser = cookie::kept_token(request, &platform.config);
    let (id, token) = identity::keep_form(&platform, account.id, browser.as_deref(), &KeptForm { path, form }).await?;
    let (door, base) = if account.realm == FIRM { ("/login", "/legal/kept") } else { ("/portal/login", "/portal/kept") };
    let next: String = url::form_urlencoded::byte_serialize(format!("{base}/{id}").as_bytes()).collect();
    let shown = SessionOver { frame: Frame::of(request), files, door: format!("{door}?next={next}") };
    let answer = page_with(StatusCode::UNAUTHORIZED, &shown)?;
    Ok(Some(with_cookies(answer, &[cookie::kept(&platform.config, &token)])?))
}

/// After a form was taken: if it was the kept one, sent again from its page, it need not be kept any more.
pub async fn retire(request: &HttpRequest) -> Result<()> {
    let platform = web::platform(request);
    let Some(token) = cookie::kept_token(request, &platform.config) else { return Ok(()) };
    let Ok(caller) = Caller::of(request) else { return Ok(()) };
    let referer = request.headers().get(header::REFERER).and_then(|v| v.to_str().ok()).unwrap_or("");
    let Ok(from) = url::Url::parse(referer) else { return Ok(()) };
    let id = from.path().strip_prefix("/legal/kept/").or_else(|| from.path().strip_prefix("/portal/kept/"));
    let Some(id) = id.and_then(|id| id.parse::<KeptFormId>().ok()) else { return Ok(()) };
    let kept = identity::kept_form(&platform, caller.account, &token, id).await?;
    let here = request.uri().path_and_query().map_or("", |p| p.as_str());
    if kept.is_some_and(|(kept, _)| kept.path == here) {
        identity::forget_form(&platform, caller.account, id).await?;
    }
    Ok(())
}
