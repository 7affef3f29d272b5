//! Static files, built into the binary, compressed once and named by their content.

use std::{collections::HashMap, io::Write, sync::Arc};

use actix_web::{HttpRequest, HttpResponse, http::header, web, web::Bytes};
use flate2::{Compression, write::GzEncoder};
use parking_lot::Mutex;
use rust_embed::Embed;

use crate::platform::{Error, Result};

#[derive(Embed)]
#[folder = "static/"]
struct Files;

pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/static/{path:.*}", web::get().to(file));
    config.route("/favicon.ico", web::get().to(favicon));
}

async fn favicon() -> Result<HttpResponse> {
    Ok(HttpResponse::MovedPermanently().insert_header((header::LOCATION, "/static/favicon.svg")).finish())
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
    let file = Files::get(&path).ok_or(Error::NotFound)?;
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..12]));
    let header_is = |name: header::HeaderName, test: &dyn Fn(&str) -> bool| {
        request.headers().get(name).and_then(|v| v.to_str().ok()).is_some_and(test)
    };
    let unchanged = header_is(header::IF_NONE_MATCH, &|known| known == tag);
    let mut response = if unchanged { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "public, max-age=600"))
        .insert_header((header::VARY, "accept-encoding"));
    if unchanged {
        return Ok(response.finish());
    }
    let kind = mime_guess::from_path(path.as_str()).first_or_octet_stream();
    response.content_type(kind.as_ref());
    let is_text =
        kind.type_() == mime_guess::mime::TEXT || ["javascript", "svg", "json"].iter().any(|t| kind.subtype().as_str().contains(t));
    if is_text && header_is(header::ACCEPT_ENCODING, &|accepted| accepted.contains("gzip")) {
        let compressed: Arc<Compressed> = super::platform(&request).shared();
        let bytes = compressed.of(&path, &file.data)?;
        return Ok(response.insert_header((header::CONTENT_ENCODING, "gzip")).body(bytes));
    }
    Ok(response.body(file.data.into_owned()))
}
