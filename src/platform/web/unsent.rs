//! What a form carried that came after its session had ended. Read only where the middleware knows whose session that was, and
//! only so much.

use std::time::Duration;

use actix_multipart::Multipart;
use actix_web::{HttpMessage, HttpRequest, dev::Payload, http::header};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};

/// Put into a request whose typed fields may be read although nobody is signed in.
pub struct MayKeep;

/// A form as it was sent, without its files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsent {
    /// In the order sent.
    pub fields: Vec<(String, String)>,
    /// Field and name of each file: to be chosen again.
    pub files: Vec<(String, String)>,
    pub multipart: bool,
}

/// Bytes of text that are kept, and of anything that is read to get at them.
const TEXT_LIMIT: usize = 256 * 1024;
const READ_LIMIT: usize = 16 * 1024 * 1024;
const FIELDS: usize = 300;

/// A form that has one of these asks who somebody is; nothing of it is kept.
const SECRETS: [&str; 9] = ["password", "passwd", "passphrase", "code", "otp", "totp", "token", "secret", "pin"];

fn is_secret(name: &str) -> bool {
    name.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| SECRETS.contains(&word))
}

/// Reads the form and lays it into the request, if something was typed and all of it can be kept.
pub async fn gather(request: &HttpRequest, payload: Payload) {
    if request.extensions().get::<MayKeep>().is_none() {
        return;
    }
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_lowercase();
    let read = async {
        match given.split(';').next().unwrap_or("").trim() {
            "application/x-www-form-urlencoded" => plain(payload).await,
            "multipart/form-data" => parts(Multipart::new(request.headers(), payload)).await,
            _ => None,
        }
    };
    let Ok(Some(form)) = tokio::time::timeout(Duration::from_secs(20), read).await else { return };
    let inert = form.fields.iter().all(|(name, value)| !name.contains('\0') && !value.contains('\0'));
    let typed = inert && form.fields.iter().any(|(_, value)| !value.trim().is_empty());
    if typed && form.fields.len() <= FIELDS && !form.fields.iter().any(|(name, _)| is_secret(name)) {
        request.extensions_mut().insert(form);
    }
}

async fn plain(payload: Payload) -> Option<Unsent> {
    let bytes = super::ask::read_limited(payload, TEXT_LIMIT).await.ok()?;
    Some(Unsent { fields: url::form_urlencoded::parse(&bytes).into_owned().collect(), ..Unsent::default() })
}

/// The text fields; of files the names alone. Where a file is too large to be read to its end, what stood before it is kept.
async fn parts(mut multipart: Multipart) -> Option<Unsent> {
    let mut form = Unsent { multipart: true, ..Unsent::default() };
    let (mut text, mut read) = (0, 0);
    while let Some(Ok(mut field)) = multipart.next().await {
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.content_disposition().and_then(|d| d.get_filename()).map(str::to_owned);
        if let Some(file) = file {
            if !file.is_empty() {
                form.files.push((name, file.chars().filter(|c| !c.is_control()).take(200).collect()));
            }
            while let Some(Ok(bytes)) = field.next().await {
                read += bytes.len();
                if read > READ_LIMIT {
                    return Some(form);
                }
            }
            continue;
        }
        let mut value = Vec::new();
        while let Some(Ok(bytes)) = field.next().await {
            text += bytes.len();
            if text > TEXT_LIMIT {
                return None;
            }
            value.extend_from_slice(&bytes);
        }
        form.fields.push((name, String::from_utf8_lossy(&value).into_owned()));
    }
    Some(form)
}

#[cfg(test)]
mod tests {
    //! Which names are secrets.
    use super::is_secret;

    #[test]
    fn names_of_secrets_are_known_by_their_words() {
        for name in ["password", "current_password", "code", "recovery_code", "API-Token", "client.secret"] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["title", "encoded", "passenger", "shipping", "body", "variables[postcode]"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
