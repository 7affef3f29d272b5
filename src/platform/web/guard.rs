//! What every request passes: its id, size and encoding, the same-origin rule for writes, the headers of every answer.

use std::time::Instant;

use actix_web::{
    HttpMessage,
    body::{BoxBody, MessageBody},
    cookie::Cookie,
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode, header, header::HeaderValue},
    middleware::Next,
};

use super::{Nonce, RequestId, pace::paced};
use crate::platform::{Error, Refusal, Result, random};

/// Paths that programs call with their own keys, without a browser's session.
fn is_machine_path(path: &str) -> bool {
    path.starts_with("/webhooks/")
        || path.starts_with("/internal/")
        || path.starts_with("/api/psa/")
        || path.starts_with("/api/books/")
        || path.starts_with("/api/crm/")
}

/// It comes with an API key, and so without anybody's session: the cookie is not looked at then.
pub fn brings_key(path: &str, headers: &header::HeaderMap) -> bool {
    path.starts_with("/api/v1/") && bearer(headers).is_some()
}

/// What stands after `Authorization: Bearer`.
pub fn bearer(headers: &header::HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim();
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The outermost middleware: id, checks, headers, log line.
pub async fn guard<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let clock = super::platform(request.request()).clock.now();
    let id = random::id(clock).simple().to_string();
    let nonce = hex::encode(random::bytes::<16>());
    request.extensions_mut().insert(RequestId(id.clone()));
    request.extensions_mut().insert(Nonce(nonce.clone()));
    let checked = check(&request);
    let mut response = match checked {
        Err(error) => request.error_response(error).map_into_boxed_body(),
        Ok(()) => match next.call(paced(request)).await {
            Ok(response) => response.map_into_boxed_body(),
            Err(error) => return Err(error),
        },
    };
    let what = format!("{} {}", response.request().method(), response.request().path());
    let changing = is_changing(response.request().method());
    let tripwire = &super::platform(response.request()).tripwire;
    if changing && (response.status().is_success() || response.status().is_redirection()) {
        tripwire.succeeded(&id, &what);
    }
    let took = started.elapsed();
    tracing::info!(
        request_id = %id,
        method = %response.request().method(),
        path = %response.request().match_pattern().unwrap_or_else(|| "(none)".to_owned()),
        status = response.status().as_u16(),
        micros = took.as_micros() as u64,
        "request"
    );
    headers(&mut response, &id, &nonce, took);
    Ok(response)
}

fn is_changing(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn check(request: &ServiceRequest) -> Result<()> {
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(Refusal::new(
            "content_encoding_refused",
            "Compressed request bodies are not taken.",
            "Send the body as it is, without Content-Encoding.",
        )
        .status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
        .into());
    }
    // What is no text in a body is none in an address (`platform::text`).
    if request.uri().path_and_query().is_some_and(|address| address.as_str().contains("%00")) {
        return Err(Refusal::new("bad_request", "The address holds a character that is no text (NUL).", "Check the address.")
            .status(StatusCode::BAD_REQUEST)
            .into());
    }
    let is_program = is_machine_path(request.path()) || brings_key(request.path(), request.headers());
    if is_changing(request.method()) && !is_program && !is_same_origin(request) {
        return Err(Refusal::new(
            "cross_origin",
            "This request did not come from a page of ours.",
            "Open the page here and try again.",
        )
        .status(StatusCode::FORBIDDEN)
        .into());
    }
    Ok(())
}

/// Fetch Metadata where the browser sends it, else the Origin; neither means no.
fn is_same_origin(request: &ServiceRequest) -> bool {
    if let Some(site) = request.headers().get("sec-fetch-site") {
        return site == "same-origin";
    }
    own_origin(request.request())
}

/// The `Origin` header names the very host and scheme this request was sent to.
pub fn own_origin(request: &actix_web::HttpRequest) -> bool {
    let Some(origin) = request.headers().get(header::ORIGIN).and_then(|v| v.to_str().ok()) else { return false };
    let platform = super::platform(request);
    let host = request.headers().get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or("");
    let scheme = platform.config.public_url.scheme();
    origin.eq_ignore_ascii_case(&format!("{scheme}://{host}"))
        || origin.eq_ignore_ascii_case(&platform.config.public_url.origin().ascii_serialization())
}

fn headers(response: &mut ServiceResponse<BoxBody>, id: &str, nonce: &str, took: std::time::Duration) {
    let is_static = response.request().path().starts_with("/static/");
    // A letter shows the logo in whatever reads mail.
    let resource = if response.request().path().starts_with("/look/") { "cross-origin" } else { "same-origin" };
    let secure = super::platform(response.request()).config.secure_cookies();
    let shows_page = response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/html"));
    let brought_toast = response.request().cookie(super::answer::TOAST).is_some();
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(header::HeaderName::from_static(name), value);
        }
    };
    set("x-request-id", id.to_owned());
    set("server-timing", format!("app;dur={:.2}", took.as_secs_f64() * 1_000.0));
    set("x-content-type-options", "nosniff".to_owned());
    set("cross-origin-opener-policy", "same-origin".to_owned());
    set("cross-origin-resource-policy", resource.to_owned());
    set("permissions-policy", "camera=(), microphone=(), geolocation=()".to_owned());
    set("x-frame-options", "DENY".to_owned());
    if secure {
        set("strict-transport-security", "max-age=31536000; includeSubDomains".to_owned());
    }
    if !headers.contains_key(header::REFERRER_POLICY) {
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    }
    if !is_static && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let policy = format!(
            "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
             connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        );
        if let Ok(value) = HeaderValue::from_str(&policy) {
            headers.insert(header::CONTENT_SECURITY_POLICY, value);
        }
    }
    if shows_page && brought_toast {
        let mut gone = Cookie::new(super::answer::TOAST, "");
        gone.set_path("/");
        gone.make_removal();
        if let Ok(value) = HeaderValue::from_str(&gone.to_string()) {
            headers.append(header::SET_COOKIE, value);
        }
    }
}

/// Turns an [`Error`] into a page for people, and puts the request's id into the problem for programs.
pub async fn errors<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = match next.call(request).await {
        Ok(response) => response.map_into_boxed_body(),
        Err(error) => return Err(error),
    };
    let Some(error) = response.response().error() else {
        if response.status() == StatusCode::NOT_FOUND && response.headers().get(header::CONTENT_TYPE).is_none() {
            let (request, _) = response.into_parts();
            let answer = super::answer::error_answer(&request, &Error::NotFound);
            return Ok(ServiceResponse::new(request, answer));
        }
        return Ok(response);
    };
    let fallback;
    let error = match error.as_error::<Error>() {
        Some(error) => error,
        None => {
            let status = error.as_response_error().status_code();
            fallback = match status {
                StatusCode::NOT_FOUND => Error::NotFound,
                status if status.is_client_error() => {
                    Refusal::new("bad_request", "The request could not be read.", "Check what was sent.").status(status).into()
                }
                _ => Error::Internal(anyhow::anyhow!("{error}")),
            };
            &fallback
        }
    };
    if let Error::Internal(cause) = error {
        tracing::error!(request_id = super::request_id(response.request()), "{cause:#}");
    }
    let answer = super::answer::error_answer(response.request(), error);
    let (request, _) = response.into_parts();
    Ok(ServiceResponse::new(request, answer))
}
