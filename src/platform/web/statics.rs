//! Static files, built into the binary, compressed once and named by their content.
//!
//! Pages ask for `/static/{version}/app.css`, where the version is made of every byte of every file: a browser keeps what it got
//! for ever, and a new version is seen with the next page. Files name each other by relative addresses and so stay in their version.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    io::Write,
    sync::{Arc, LazyLock},
};

use actix_web::{HttpRequest, HttpResponse, http::header, web, web::Bytes};
use flate2::{Compression, write::GzEncoder};
use parking_lot::Mutex;
use rust_embed::Embed;
use sha2::{Digest, Sha256};

use crate::platform::{Error, Result};

#[derive(Embed)]
#[folder = "static/"]
struct Files;

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut all = Sha256::new();
    for path in Files::iter().collect::<BTreeSet<_>>() {
        if let Some(file) = Files::get(&path) {
            all.update(path.as_bytes());
            all.update(file.metadata.sha256_hash());
        }
    }
    hex::encode(&all.finalize()[..8])
});

/// Where the files lie: `{{ crate::platform::web::STATIC }}/app.css` in a template. The only place that makes their addresses.
pub struct Static;

pub const STATIC: Static = Static;

impl fmt::Display for Static {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/static/{}", *VERSION)
    }
}

/// The file's own path, and how long what is answered may be kept.
fn asked(path: &str) -> (&str, &'static str) {
    match path.split_once('/') {
        Some((version, file)) if version == *VERSION => (file, "public, max-age=31536000, immutable"),
        // A page of another version, while a new one is put in place: it gets what there is, and keeps nothing.
        Some((version, file)) if version.len() == 16 && version.bytes().all(|byte| byte.is_ascii_hexdigit()) => (file, "no-cache"),
        _ => (path, "public, max-age=600"),
    }
}

pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/static/{path:.*}", web::get().to(file));
    config.route("/favicon.ico", web::get().to(favicon));
}

async fn favicon() -> Result<HttpResponse> {
    Ok(HttpResponse::Found().insert_header((header::LOCATION, format!("{STATIC}/favicon.svg"))).finish())
}

/// Compressed files by path: each is compressed at its first use.
#[derive(Default)]
struct Compressed(Mutex<HashMap<String, Bytes>>);

impl Compressed {
    fn of(&self, path: &str, plain: &[u8]) -> Result<Bytes> {
        if let Some(bytes) = self.0.lock().get(path) {
            return Ok(bytes.clone());
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain)?;
        let bytes = Bytes::from(encoder.finish()?);
        self.0.lock().insert(path.to_owned(), bytes.clone());
        Ok(bytes)
    }
}

async fn file(request: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    let (path, kept) = asked(&path);
    let file = Files::get(path).ok_or(Error::NotFound)?;
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..12]));
    let header_is = |name: header::HeaderName, test: &dyn Fn(&str) -> bool| {
        request.headers().get(name).and_then(|v| v.to_str().ok()).is_some_and(test)
    };
    let unchanged = header_is(header::IF_NONE_MATCH, &|known| known == tag);
    let mut response = if unchanged { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, kept))
        .insert_header((header::VARY, "accept-encoding"));
    if unchanged {
        return Ok(response.finish());
    }
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    response.content_type(kind.as_ref());
    let is_text =
        kind.type_() == mime_guess::mime::TEXT || ["javascript", "svg", "json"].iter().any(|t| kind.subtype().as_str().contains(t));
    if is_text && header_is(header::ACCEPT_ENCODING, &|accepted| accepted.contains("gzip")) {
        let compressed: Arc<Compressed> = super::platform(&request).shared();
        let bytes = compressed.of(path, &file.data)?;
        return Ok(response.insert_header((header::CONTENT_ENCODING, "gzip")).body(bytes));
    }
    Ok(response.body(file.data.into_owned()))
}
