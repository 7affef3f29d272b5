//! Answers: a page, a redirect after a write, a toast for the page that comes next.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    http::{StatusCode, header},
};
use askama::Template;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::Toast;
use crate::platform::Result;

pub type Answer = Result<HttpResponse>;

/// 200 with a page.
pub fn page(template: &impl Template) -> Answer {
    page_with(StatusCode::OK, template)
}

/// A page with another status: 422 for a form with errors.
pub fn page_with(status: StatusCode, template: &impl Template) -> Answer {
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(template.render()?))
}

/// 303 to a page of ours, as the answer to a write.
pub fn see_other(location: impl AsRef<str>) -> SeeOther {
    SeeOther { location: location.as_ref().to_owned(), toast: None }
}

pub struct SeeOther {
    location: String,
    toast: Option<Toast>,
}

impl SeeOther {
    /// Shown once by the page that comes next.
    pub fn toast(mut self, text: impl Into<String>) -> Self {
        self.toast = Some(Toast { tone: "success".to_owned(), text: text.into() });
        self
    }

    pub fn warn(mut self, text: impl Into<String>) -> Self {
        self.toast = Some(Toast { tone: "warning".to_owned(), text: text.into() });
        self
    }

    pub fn answer(self) -> Answer {
        let mut response = HttpResponse::SeeOther();
        response.insert_header((header::LOCATION, self.location));
        if let Some(toast) = self.toast {
            let value = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&toast)?);
            response.cookie(
                Cookie::build(TOAST, value)
                    .path("/")
                    .http_only(true)
                    .same_site(SameSite::Lax)
                    .max_age(Duration::seconds(60))
                    .finish(),
            );
        }
        Ok(response.finish())
    }
}

pub const TOAST: &str = "toast";

/// The toasts this request brings; a page that shows them lets the middleware take the cookie away.
pub fn toasts(request: &HttpRequest) -> Vec<Toast> {
    let read = |cookie: Cookie<'_>| -> Option<Toast> {
        let bytes = URL_SAFE_NO_PAD.decode(cookie.value()).ok()?;
        let mut toast: Toast = serde_json::from_slice(&bytes).ok()?;
        toast.text.truncate(toast.text.floor_char_boundary(300));
        if !matches!(toast.tone.as_str(), "success" | "warning" | "danger" | "info") {
            toast.tone = "info".to_owned();
        }
        Some(toast)
    };
    request.cookie(TOAST).and_then(read).into_iter().collect()
}

/// `next` if it stays on our own origin, else `fallback`.
pub fn own_path<'a>(next: Option<&'a str>, fallback: &'a str) -> &'a str {
    match next {
        Some(path)
            if path.starts_with('/')
                && !path.starts_with("//")
                && !path.contains('\\')
                && !path.chars().any(|c| c.is_control())
                && path.len() <= 2_000 =>
        {
            path
        }
        _ => fallback,
    }
}

/// `Content-Disposition` after RFC 6266: an ASCII fallback and the real name, both harmless.
pub fn disposition(kind: &str, name: &str) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const ATTR: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'\'')
        .add(b'(')
        .add(b')')
        .add(b'*')
        .add(b'%')
        .add(b'/')
        .add(b'\\')
        .add(b':')
        .add(b';')
        .add(b'<')
        .add(b'=')
        .add(b'>')
        .add(b'?')
        .add(b'@')
        .add(b'[')
        .add(b']')
        .add(b'{')
        .add(b'}')
        .add(b',');
    let ascii: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' }).collect();
    format!("{kind}; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(name, ATTR))
}

#[derive(Template)]
#[template(path = "layout/error.html")]
struct ErrorPage<'a> {
    frame: super::Frame,
    status: u16,
    title: &'a str,
    detail: String,
    next_step: String,
    request_id: String,
}

/// The same within the portal, with its menu, for somebody who is signed in there.
#[derive(Template)]
#[template(path = "layout/error_portal.html")]
struct PortalErrorPage<'a> {
    frame: super::Frame,
    status: u16,
    title: &'a str,
    detail: String,
    next_step: String,
    request_id: String,
}

/// A page for people, problem+JSON for programs.
pub fn error_answer(request: &HttpRequest, error: &crate::platform::Error) -> HttpResponse {
    use actix_web::ResponseError;
    let request_id = super::request_id(request);
    let bare = error.error_response();
    let mut response = HttpResponse::build(bare.status());
    if let Some(wait) = bare.headers().get(header::RETRY_AFTER) {
        response.insert_header((header::RETRY_AFTER, wait.clone()));
    }
    if super::wants_page(request) {
        if matches!(error, crate::platform::Error::SignedOut) && request.method() == actix_web::http::Method::GET {
            let here = request.uri().path_and_query().map_or("/", |p| p.as_str());
            let next: String = url::form_urlencoded::byte_serialize(here.as_bytes()).collect();
            let door = if here.starts_with("/portal") { "/portal/login" } else { "/login" };
            return HttpResponse::SeeOther().insert_header((header::LOCATION, format!("{door}?next={next}"))).finish();
        }
        let next_step = match error {
            crate::platform::Error::Refused(refusal) => refusal.next_step.to_string(),
            crate::platform::Error::SignedOut => "Sign in and try again.".to_owned(),
            crate::platform::Error::NotFound => "Check the address, or go back to where you came from.".to_owned(),
            crate::platform::Error::Forbidden(_) => "Ask an admin of your company, or go back.".to_owned(),
            crate::platform::Error::Invalid(_) => "Go back, correct it and send it again.".to_owned(),
            crate::platform::Error::Internal(_) => "If it happens again, tell the operator the number below.".to_owned(),
        };
        let frame = super::Frame::of(request);
        let (status, title, detail, number) = (bare.status().as_u16(), error.title(), error.detail(), request_id.clone());
        let is_inside = frame.look.portal && frame.person.is_some() && !frame.nav.is_empty();
        let page = if is_inside {
            PortalErrorPage { frame, status, title, detail, next_step, request_id: number }.render()
        } else {
            ErrorPage { frame, status, title, detail, next_step, request_id: number }.render()
        };
        if let Ok(html) = page {
            return response.content_type("text/html; charset=utf-8").body(html);
        }
    }
    response.content_type("application/problem+json").body(error.problem(&request_id).to_string())
}
