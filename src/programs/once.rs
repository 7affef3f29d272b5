//! `Idempotency-Key`: the same write again gets the same answer, and does nothing. Kept for a day.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use serde::Serialize;
use serde_json::Value;

use super::{
    access::May,
    commands::keep_answer::{Claimed, claim, keep},
    key::Scope,
};
use crate::platform::{
    Error, Result, Work, random, secret,
    web::{Answer, Ask, Json},
};

/// The longest word a program may give.
const LONGEST: usize = 200;

/// The program's own word for this write, where it gives one.
fn word_of(request: &HttpRequest) -> Result<Option<String>> {
    let Some(value) = request.headers().get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(word) if (1..=LONGEST).contains(&word.len()) => Ok(Some(word.to_owned())),
        _ => Err(Error::invalid("idempotency-key", "Give 1 to 200 letters, digits or signs.")),
    }
}

/// The same as a command's own key; a fresh one where the program gives none.
pub fn own_word(request: &HttpRequest) -> String {
    word_of(request).ok().flatten().unwrap_or_else(random::token)
}

/// Does it in one unit of work and answers with status and JSON; what was done under the same word before is only answered again.
/// What was refused may be sent again: nothing of it is kept.
pub async fn once<S: Scope, B: Serialize>(
    ask: &Ask<May<S>, Json<B>>,
    act: impl AsyncFnOnce(&mut Work) -> Result<(StatusCode, Value)>,
) -> Answer {
    let word = word_of(&ask.request)?;
    let request = format!("{} {} {}", ask.request.method(), ask.request.path(), serde_json::to_string(&ask.body.0)?);
    let request = secret::sha256_hex(request.as_bytes());
    let mut work = ask.work(ask.who.reach()).await?;
    let claimed = match (&word, ask.who.key) {
        (Some(word), Some(key)) => match claim(&mut work, ask.who.tenant, key, word, &request).await? {
            Claimed::Before(status, body) => {
                work.counts_as_audited("it was done before; nothing changes");
                work.commit().await?;
                return Ok(HttpResponse::build(status).insert_header(("idempotent-replay", "true")).json(body));
            }
            Claimed::Now(id) => Some(id),
        },
        _ => None,
    };
    let (status, body) = act(&mut work).await?;
    if let Some(id) = claimed {
        keep(&mut work, id, status, &body).await?;
    }
    work.commit().await?;
    Ok(HttpResponse::build(status).json(body))
}
