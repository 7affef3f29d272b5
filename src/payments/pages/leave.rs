//! Leaving for Stripe or a bank. Browsers hold the redirect after a form against `form-action 'self'`, so a post is answered by a
//! page of ours that goes on by itself and has a link. Where it leads comes from Stripe's own answer, never from the request.

use actix_web::HttpResponse;
use askama::Template;

use crate::platform::web::{Answer, Ask, Frame, page};

#[derive(Template)]
#[template(path = "payments/leave.html")]
struct LeavePage {
    frame: Frame,
    heading: &'static str,
    words: &'static str,
    to: String,
    back: String,
}

/// Answers a post: a page that goes on to `to`, with `back` for somebody who would rather stay.
pub fn page_to<W, B>(ask: &Ask<W, B>, heading: &'static str, words: &'static str, to: String, back: &str) -> Answer {
    page(&LeavePage { frame: ask.frame(), heading, words, to, back: back.to_owned() })
}

/// Answers a get: goes there at once.
pub fn at_once(to: &str) -> Answer {
    Ok(HttpResponse::SeeOther().insert_header((actix_web::http::header::LOCATION, to)).finish())
}
