//! `GET /api/v1/feed?after=SEQ`: what happened, in one sequence without a gap.

use serde::Deserialize;

use super::{
    event::{TYPES, body},
    queries,
};
use crate::{
    platform::{
        Error,
        leaf::{self, query, word},
        web::{Answer, Ask},
    },
    programs::{May, ReadEvents},
};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Since {
    after: String,
    limit: String,
    #[serde(rename = "type")]
    name: String,
}

/// `next` is the last number given, also where nothing came after it yet: ask with it again.
pub async fn feed(ask: Ask<May<ReadEvents>>) -> Answer {
    let since: Since = query(&ask.request)?;
    let after: i64 = word("after", &since.after, "Give a sequence number, e.g. after=120.")?.unwrap_or(0);
    if !since.name.is_empty() && !TYPES.iter().any(|(known, ..)| *known == since.name) {
        return Err(Error::invalid("type", "There is no event of this type; the API reference lists them."));
    }
    let limit = leaf::limit(&since.limit)?;
    let tx = ask.platform().read(ask.who.reach()).await?;
    let rows = queries::after(&tx, ask.who.tenant, after, &since.name, limit).await?;
    let next = rows.last().map_or(after, |row| row.seq);
    Ok(leaf::answer(rows.iter().map(body).collect(), Some(next)))
}
