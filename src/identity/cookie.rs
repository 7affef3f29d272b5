//! The cookies: the session's, the known device's, the one of kept forms, and which portal this browser came by. Random tokens and a public name;
//! `__Host-` and `Secure` where the public address is https.

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
};

use entity::identity::AccountKind;

use super::queries::absolute_limit;
use crate::platform::Config;

fn name(config: &Config) -> &'static str {
    if config.secure_cookies() { "__Host-session" } else { "session" }
}

pub fn set(config: &Config, token: &str) -> Cookie<'static> {
    Cookie::build(name(config), token.to_owned())
        .path("/")
        .http_only(true)
        .secure(config.secure_cookies())
        .same_site(SameSite::Lax)
        .finish()
}

/// The same for this kind of person: a member stays signed in when the browser is closed, as long as the server lets the session live.
pub fn set_for(config: &Config, kind: AccountKind, token: &str) -> Cookie<'static> {
    let mut cookie = set(config, token);
    if kind == AccountKind::Member {
        cookie.set_max_age(Duration::milliseconds(absolute_limit(kind)));
    }
    cookie
}

pub fn gone(config: &Config) -> Cookie<'static> {
    let mut cookie = set(config, "");
    cookie.make_removal();
    cookie
}

pub fn token(request: &HttpRequest, config: &Config) -> Option<String> {
    request.cookie(name(config)).map(|cookie| cookie.value().to_owned()).filter(|token| token.len() <= 100)
}

/// The device cookie lives long: it tells a person's own browser from a stranger's.
pub fn device(config: &Config, token: &str) -> Cookie<'static> {
    long_lived(config, device_name(config), token)
}

pub fn device_token(request: &HttpRequest, config: &Config) -> Option<String> {
    request.cookie(device_name(config)).map(|cookie| cookie.value().to_owned()).filter(|token| token.len() <= 100)
}

fn device_name(config: &Config) -> &'static str {
    if config.secure_cookies() { "__Host-device" } else { "device" }
}

/// The slug of the portal this browser came by last: where its sign-in page leads when the address does not say.
pub fn portal(config: &Config, slug: &str) -> Cookie<'static> {
    long_lived(config, "portal", slug)
}

pub fn portal_slug(request: &HttpRequest) -> Option<String> {
    request.cookie("portal").map(|cookie| cookie.value().to_owned()).filter(|slug| slug.len() <= 63)
}

/// Names the browser that a form is kept for, for as long as one is kept.
pub fn kept(config: &Config, token: &str) -> Cookie<'static> {
    let mut cookie = long_lived(config, kept_name(config), token);
    cookie.set_max_age(Duration::days(1));
    cookie
}

pub fn kept_token(request: &HttpRequest, config: &Config) -> Option<String> {
    request.cookie(kept_name(config)).map(|cookie| cookie.value().to_owned()).filter(|token| token.len() <= 100)
}

fn kept_name(config: &Config) -> &'static str {
    if config.secure_cookies() { "__Host-kept" } else { "kept" }
}

fn long_lived(config: &Config, name: &'static str, value: &str) -> Cookie<'static> {
    Cookie::build(name, value.to_owned())
        .path("/")
        .http_only(true)
        .secure(config.secure_cookies())
        .same_site(SameSite::Lax)
        .max_age(Duration::days(400))
        .finish()
}
