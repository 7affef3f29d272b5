//! `Ask<Witness, Body>`: proves access first and reads the body after it.
//!
//! actix polls all extractors of a handler at once, so a body extractor beside a witness would answer 415 to a stranger who
//! should see 404. No handler takes a body any other way.

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::StatusCode, http::header, web::Bytes};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;

use crate::platform::{Actor, Error, Platform, Refusal, Result, Work, text};

/// A proof of access that only its slice can make.
pub trait Prove: Sized + 'static {
    fn prove(request: &HttpRequest) -> impl Future<Output = Result<Self>>;
}

/// Anyone at all: for pages before sign-in.
impl Prove for () {
    async fn prove(_: &HttpRequest) -> Result<Self> {
        Ok(())
    }
}

/// Two proofs: both must hold.
impl<A: Prove, B: Prove> Prove for (A, B) {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Ok((A::prove(request).await?, B::prove(request).await?))
    }
}

/// What a request carries, read only after access is proved. Every body has a limit.
pub trait Body: Sized + 'static {
    fn read(request: &HttpRequest, payload: Payload) -> impl Future<Output = Result<Self>>;
}

pub struct Ask<W, B = ()> {
    pub who: W,
    pub body: B,
    pub request: HttpRequest,
}

impl<W, B> Ask<W, B> {
    pub fn platform(&self) -> Arc<Platform> {
        super::platform(&self.request)
    }

    pub fn actor(&self) -> Actor {
        super::actor(&self.request)
    }

    pub fn frame(&self) -> super::Frame {
        super::Frame::of(&self.request)
    }

    /// A unit of work in the caller's name, inside that reach.
    pub async fn work(&self, reach: entity::Reach) -> Result<Work> {
        self.platform().work(self.actor(), reach).await
    }
}

impl<W: Prove, B: Body> FromRequest for Ask<W, B> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let who = match W::prove(&request).await {
                Ok(who) => who,
                Err(error) => {
                    if error.asks_who() {
                        super::unsent::gather(&request, payload).await;
                    }
                    return Err(error);
                }
            };
            let body = B::read(&request, payload).await?;
            Ok(Self { who, body, request })
        })
    }
}

impl Body for () {
    async fn read(_: &HttpRequest, _: Payload) -> Result<Self> {
        Ok(())
    }
}

/// Form bytes; a wizard page with a long text is far below this.
const FORM_LIMIT: usize = 1024 * 1024;
const JSON_LIMIT: usize = 256 * 1024;

/// An HTML form (`application/x-www-form-urlencoded`); repeated names fill a `Vec`.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + 'static> Body for Form<T> {
    async fn read(request: &HttpRequest, payload: Payload) -> Result<Self> {
        let bytes = taken(read_form(request, payload).await?)?;
        match serde_html_form::from_bytes(&bytes) {
            Ok(form) => Ok(Self(form)),
            Err(error) => Err(Error::invalid("form", format!("The form could not be read: {error}"))),
        }
    }
}

/// A form whose field names are not known beforehand (a wizard page of variables), in the order sent.
#[derive(Clone, Debug, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl Body for Fields {
    async fn read(request: &HttpRequest, payload: Payload) -> Result<Self> {
        let bytes = taken(read_form(request, payload).await?)?;
        Ok(Self(url::form_urlencoded::parse(&bytes).into_owned().collect()))
    }
}

pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> Body for Json<T> {
    async fn read(request: &HttpRequest, payload: Payload) -> Result<Self> {
        expect_type(request, "application/json")?;
        let bytes = read_limited(payload, JSON_LIMIT).await?;
        let unread = |error: serde_json::Error| Error::invalid("body", format!("The JSON could not be read: {error}"));
        let mut value: serde_json::Value = serde_json::from_slice(&bytes).map_err(unread)?;
        text::take_json(&mut value)?;
        Ok(Self(serde_json::from_value(value).map_err(unread)?))
    }
}

/// The raw payload, for uploads: the handler streams it and keeps the limit itself.
pub struct Stream(pub Payload);

impl Body for Stream {
    async fn read(_: &HttpRequest, payload: Payload) -> Result<Self> {
        Ok(Self(payload))
    }
}

/// The form with every name and value as [`text`] takes it.
fn taken(bytes: Bytes) -> Result<Bytes> {
    let mut changed = false;
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(&bytes) {
        let (clean_name, clean_value) = (text::taken(&name, &name)?, text::taken(&name, &value)?);
        changed |= clean_name != name || clean_value != value;
        out.append_pair(&clean_name, &clean_value);
    }
    Ok(if changed { out.finish().into() } else { bytes })
}

async fn read_form(request: &HttpRequest, payload: Payload) -> Result<Bytes> {
    expect_type(request, "application/x-www-form-urlencoded")?;
    read_limited(payload, FORM_LIMIT).await
}

fn expect_type(request: &HttpRequest, expected: &'static str) -> Result<()> {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    if given.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    Err(Refusal::new(
        "unsupported_media_type",
        format!("This address takes {expected}."),
        format!("Send Content-Type: {expected}."),
    )
    .status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
    .into())
}

/// Reads up to `limit` bytes; more is 413, a body that breaks off is 422 and nothing was done.
pub async fn read_limited(mut payload: Payload, limit: usize) -> Result<Bytes> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::invalid("body", "The request broke off before its end."))?;
        if bytes.len() + chunk.len() > limit {
            return Err(too_large(limit as u64));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}

/// 413 with the limit in words.
pub fn too_large(limit: u64) -> Error {
    let words = if limit >= 1024 * 1024 { format!("{} MB", limit / 1024 / 1024) } else { format!("{} kB", limit / 1024) };
    Refusal::new(
        "too_large",
        format!("That is larger than the limit of {words}."),
        "Send a smaller file or text; nothing was saved.",
    )
    .status(StatusCode::PAYLOAD_TOO_LARGE)
    .into()
}
