//! A form whose session had ended: kept when it comes, gone when it was sent again. Called by the session middleware.

use std::sync::Arc;

use actix_web::{HttpMessage, HttpRequest, HttpResponse, http::StatusCode, http::header};
use askama::Template;
use entity::{
    identity::{AccountStatus, account},
    ids::KeptFormId,
};

use super::pages::{prove, with_cookies};
use crate::{
    identity::{self, FIRM, KeptForm, SignedIn, cookie},
    platform::{
        Result,
        web::{self, Frame, answer::own_path, page_with, unsent::MayKeep, unsent::Unsent},
    },
    tenancy::Caller,
};

/// Whose session this was; put into the request by [`mark`].
struct Sender(account::Model);

/// The addresses where people say who they are: nothing that is typed there is kept.
const DOORS: [&str; 12] = [
    "/api/auth/",
    "/login",
    "/logout",
    "/setup/",
    "/invite/",
    "/forgot",
    "/reset",
    "/portal/login",
    "/portal/logout",
    "/portal/link",
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

/// Who is to show once more that it is them; put into the request by [`mark_proof`].
struct Asked(Arc<SignedIn>);

/// A signed-in person's form that needs a fresh proof.
pub fn mark_proof(request: &HttpRequest, me: Arc<SignedIn>) {
    request.extensions_mut().insert(MayKeep);
    request.extensions_mut().insert(Asked(me));
}

/// The answer to a form that needs a fresh proof: the page that asks for it and leads back. None for anything else.
pub async fn ask_proof(request: &HttpRequest) -> Result<Option<HttpResponse>> {
    let Some(Asked(me)) = request.extensions_mut().remove::<Asked>() else { return Ok(None) };
    if !web::wants_page(request) {
        return Ok(None);
    }
    let platform = web::platform(request);
    let form = request.extensions_mut().remove::<Unsent>();
    let here = request.uri().path_and_query().map_or("", |p| p.as_str());
    let path = own_path(Some(here), "").to_owned();
    let portal = me.account.realm != FIRM;
    match form {
        Some(form) if !path.is_empty() => {
            let browser = cookie::kept_token(request, &platform.config);
            let (id, token) = identity::keep_form(&platform, me.account.id, browser.as_deref(), &KeptForm { path, form }).await?;
            let next = format!("{}/{id}", if portal { "/portal/kept" } else { "/legal/kept" });
            let answer = prove::asked(request, &me, &next).await?;
            Ok(Some(with_cookies(answer, &[cookie::kept(&platform.config, &token)])?))
        }
        // A button without words: back to where it stands.
        _ => {
            let referer = request.headers().get(header::REFERER).and_then(|v| v.to_str().ok()).unwrap_or("");
            let from = url::Url::parse(referer).ok().map(|from| match from.query() {
                Some(query) => format!("{}?{query}", from.path()),
                None => from.path().to_owned(),
            });
            let next = own_path(from.as_deref(), "").to_owned();
            Ok(Some(prove::asked(request, &me, &next).await?))
        }
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
