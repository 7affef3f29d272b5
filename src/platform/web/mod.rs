//! The web kit: proving access before reading a body, pages, answers, and the middlewares every request passes.

pub mod answer;
pub mod ask;
pub mod frame;
pub mod guard;
mod pace;
pub mod paging;
pub mod statics;
pub mod unsent;

pub use answer::{Answer, page, page_with, see_other};
pub use ask::{Ask, Body, Fields, Form, Json, Prove, Stream};
pub use frame::{Frame, FrameLook, NavItem, Person, Toast};
pub use paging::Pager;
pub use statics::STATIC;

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use actix_web::{HttpMessage, HttpRequest, http::header, web::Data};

use super::{Actor, Error, Platform, Result};

/// The id of this request: in the answer's `x-request-id`, in the log and in the audit log.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Fresh for every answer; `<script nonce>` and `<style nonce>` carry it.
#[derive(Clone, Debug)]
pub struct Nonce(pub String);

/// The platform of this server.
pub fn platform(request: &HttpRequest) -> Arc<Platform> {
    Arc::clone(request.app_data::<Data<Arc<Platform>>>().expect("app::server registers the platform").get_ref())
}

pub fn request_id(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

pub fn nonce(request: &HttpRequest) -> String {
    request.extensions().get::<Nonce>().map(|nonce| nonce.0.clone()).unwrap_or_default()
}

/// In whose name this request acts; a stranger where nobody is signed in.
pub fn actor(request: &HttpRequest) -> Actor {
    let mut actor =
        request.extensions().get::<Actor>().cloned().unwrap_or_else(|| Actor { name: "a stranger".to_owned(), ..Actor::default() });
    actor.ip = Some(peer_ip(request));
    actor.user_agent = user_agent(request);
    actor.request_id = Some(request_id(request));
    actor
}

/// The address the request came from; `X-Forwarded-For` counts only from a trusted proxy, and there the last address that is not
/// of our own proxies: everything left of it may be invented. An entry that cannot be read ends the search where it began, so that
/// nobody hides behind one.
pub fn peer_ip(request: &HttpRequest) -> String {
    let Some(peer) = request.peer_addr().map(|addr| addr.ip()) else { return "unknown".to_owned() };
    let platform = platform(request);
    let is_ours = |ip: &IpAddr| platform.config.trusted_proxies.contains(ip);
    if !is_ours(&peer) {
        return peer.to_string();
    }
    // Some proxies add a line of their own to what they were sent, and not a word to its last line.
    let lines: Vec<&str> = request.headers().get_all("x-forwarded-for").map(|line| line.to_str().unwrap_or("?")).collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    let hop = hops.map(|hop| forwarded(hop.trim())).find(|hop| hop.is_none_or(|ip| !is_ours(&ip)));
    hop.flatten().unwrap_or(peer).to_string()
}

/// `203.0.113.7`, `203.0.113.7:4431`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:4431`.
fn forwarded(hop: &str) -> Option<IpAddr> {
    let ip = hop.parse().ok().or_else(|| Some(hop.parse::<SocketAddr>().ok()?.ip()));
    ip.or_else(|| hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

pub fn user_agent(request: &HttpRequest) -> String {
    let text = request.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("");
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

/// A typed id from the path; what cannot be one is not found.
pub fn path_id<I: std::str::FromStr>(request: &HttpRequest, name: &str) -> Result<I> {
    request.match_info().get(name).and_then(|text| text.parse().ok()).ok_or(Error::NotFound)
}

/// A person's browser rather than a program: decides between a page and problem+JSON.
pub fn wants_page(request: &HttpRequest) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or("");
    accept.contains("text/html")
}
