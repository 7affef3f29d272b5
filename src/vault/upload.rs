//! `Upload`: a form with files (`multipart/form-data`), read as it comes. Text fields stand before the files; each file is handed
//! on as a stream with the installation's limit, and nothing of it is kept in memory or in a temporary file.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use actix_multipart::{Field, Multipart};
use actix_web::{HttpRequest, dev::Payload, http::StatusCode, http::header};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use crate::platform::{
    Error, FieldErrors, Refusal, Result, text,
    web::{Body, Fields, ask::too_large, platform},
};

/// A text field may have so many bytes, and a form so many fields.
const FIELD_LIMIT: usize = 64 * 1024;
const FIELDS: usize = 200;

/// A form whose text fields were read and whose files come one by one.
pub struct Upload {
    /// The text fields that stood before the first file; those between files are added as they are passed.
    pub fields: Fields,
    multipart: Multipart,
    waiting: Option<IncomingFile>,
    limit: u64,
}

/// A file on its way in: its name as the sender gave it, and its bytes.
pub struct IncomingFile {
    /// The form's field, e.g. `file`.
    pub field: String,
    pub name: String,
    content: Field,
    left: u64,
    limit: u64,
}

impl Body for Upload {
    async fn read(request: &HttpRequest, payload: Payload) -> Result<Self> {
        let given = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        if !given.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
            return Err(Refusal::new(
                "unsupported_media_type",
                "This address takes a form with a file.",
                "Send multipart/form-data.",
            )
            .status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
            .into());
        }
        let limit = platform(request).config.upload_limit;
        let multipart = Multipart::new(request.headers(), payload);
        let mut upload = Self { fields: Fields::default(), multipart, waiting: None, limit };
        upload.waiting = upload.advance().await?;
        Ok(upload)
    }
}

impl Upload {
    /// The next file, once the one before was read or dropped. A file field left empty is no file.
    pub async fn next_file(&mut self) -> Result<Option<IncomingFile>> {
        match self.waiting.take() {
            Some(file) => Ok(Some(file)),
            None => self.advance().await,
        }
    }

    /// There are files behind the fields.
    pub fn has_files(&self) -> bool {
        self.waiting.is_some()
    }

    /// The form is shown again with its errors. What was typed is in it, what was chosen cannot be: that is said.
    pub async fn turn_back(&mut self, errors: &mut FieldErrors) {
        if self.has_files() {
            errors.add("files", "Choose your files again: they were not taken, because something else has to be put right first.");
        }
        self.drain().await;
    }

    /// Reads the rest away, so that the sender sees the answer instead of a broken connection; within bounds.
    pub async fn drain(&mut self) {
        self.waiting = None;
        let bound = self.limit.saturating_mul(2).max(64 * 1024 * 1024);
        let all = async {
            let mut seen = 0_u64;
            while let Some(Ok(mut field)) = self.multipart.next().await {
                while let Some(Ok(bytes)) = field.next().await {
                    seen += bytes.len() as u64;
                    if seen > bound {
                        return;
                    }
                }
            }
        };
        let _ = tokio::time::timeout(std::time::Duration::from_secs(60), all).await;
    }

    async fn advance(&mut self) -> Result<Option<IncomingFile>> {
        while let Some(field) = self.multipart.next().await {
            let mut field = field.map_err(|_| broken_off())?;
            let name = field.name().unwrap_or_default().to_owned();
            match field.content_disposition().and_then(|d| d.get_filename()).map(str::to_owned) {
                Some(file) if !file.is_empty() => {
                    return Ok(Some(IncomingFile { field: name, name: file, content: field, left: self.limit, limit: self.limit }));
                }
                Some(_) => while field.next().await.transpose().map_err(|_| broken_off())?.is_some() {},
                None => {
                    let value =
                        field.bytes(FIELD_LIMIT).await.map_err(|_| too_large(FIELD_LIMIT as u64))?.map_err(|_| broken_off())?;
                    if self.fields.0.len() >= FIELDS {
                        return Err(Error::invalid("form", "The form has too many fields."));
                    }
                    let value = text::taken(&name, &String::from_utf8_lossy(&value))?.into_owned();
                    self.fields.0.push((name, value));
                }
            }
        }
        Ok(None)
    }
}

fn broken_off() -> Error {
    Error::invalid("file", "The upload broke off before its end; nothing was saved. Please send it again.")
}

impl Stream for IncomingFile {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.content.poll_next_unpin(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Ready(Some(Err(_))) => Poll::Ready(Some(Err(broken_off()))),
            Poll::Ready(Some(Ok(bytes))) => Poll::Ready(Some(match self.left.checked_sub(bytes.len() as u64) {
                Some(left) => {
                    self.left = left;
                    Ok(bytes)
                }
                None => Err(too_large(self.limit)),
            })),
        }
    }
}
