//! The bytes of a document: always as an attachment, or shown in a sandbox where its kind is harmless.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, body::SizedStream, http::header, web::Query};
use serde::Deserialize;

use crate::{
    platform::web::{Answer, Ask, answer::disposition},
    tenancy::{
        Caller,
        caller::{Firm, PortalClient},
    },
    vault::{
        access::Reader,
        commands::open_document::{How, open_document},
        kind,
    },
};

#[derive(Deserialize)]
pub struct Which {
    /// A version's number; none is the newest.
    #[serde(default)]
    version: Option<String>,
    /// `1`: shown in the browser instead of kept.
    #[serde(default)]
    inline: Option<String>,
}

pub async fn legal(ask: Ask<(Firm, Reader)>, which: Query<Which>) -> Answer {
    send(&ask.request, &ask.who.1, &which).await
}

pub async fn portal(ask: Ask<(PortalClient, Reader)>, which: Query<Which>) -> Answer {
    send(&ask.request, &ask.who.1, &which).await
}

/// For programs: anybody signed in who may read it.
pub async fn api(ask: Ask<(Arc<Caller>, Reader)>, which: Query<Which>) -> Answer {
    send(&ask.request, &ask.who.1, &which).await
}

async fn send(request: &HttpRequest, reader: &Reader, which: &Which) -> Answer {
    let platform = crate::platform::web::platform(request);
    let actor = crate::platform::web::actor(request);
    let version = match which.version.as_deref() {
        None | Some("") => None,
        Some(text) => Some(text.parse::<i32>().map_err(|_| crate::platform::Error::NotFound)?),
    };
    let how = if which.inline.as_deref() == Some("1") { How::View } else { How::Download };
    let opened = open_document(&platform, actor, reader, version, how).await?;
    let inline = how == How::View && kind::is_viewable(&opened.media_type);
    let disposition = disposition(if inline { "inline" } else { "attachment" }, &opened.file_name);
    let media_type = if opened.media_type == "text/plain" { "text/plain; charset=utf-8" } else { opened.media_type.as_str() };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, sandbox(&opened.media_type)))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(SizedStream::new(opened.size, opened.content)))
}

/// Nothing runs, nothing loads, nothing frames it. A PDF viewer is part of the browser and brings its own styles.
fn sandbox(media_type: &str) -> &'static str {
    match media_type {
        "application/pdf" => "default-src 'none'; object-src 'self'; frame-ancestors 'none'; sandbox",
        "image/png" | "image/jpeg" => "default-src 'none'; img-src 'self'; frame-ancestors 'none'; sandbox",
        _ => "default-src 'none'; frame-ancestors 'none'; sandbox",
    }
}
