//! Lists that programs read on and on: `?after=CURSOR&limit=N`, the oldest first, `{"items": […], "next": CURSOR or null}`.
//!
//! A cursor names the last thing seen, so what is added while somebody reads comes at the end, and nothing comes twice.

use actix_web::{HttpRequest, HttpResponse};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Error, Result};

/// Things in one answer, where nothing else is asked for, and at most.
pub const USUAL: u64 = 50;
pub const MOST: u64 = 200;

/// Where to read on, and how much.
#[derive(Clone, Copy, Debug)]
pub struct Leaf {
    pub after: Option<Uuid>,
    pub limit: u64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
    limit: String,
}

impl Leaf {
    /// As the address says it; nonsense is 422 and named.
    pub fn of(request: &HttpRequest) -> Result<Self> {
        let asked: Asked = query(request)?;
        let after = word("after", &asked.after, "That is no cursor: give `next` of the answer before.")?;
        Ok(Self { after, limit: limit(&asked.limit)? })
    }

    /// The rows of this leaf, and one more that says whether another follows.
    pub fn select<E: EntityTrait>(&self, rows: Select<E>, id: E::Column) -> Select<E> {
        let rows = match self.after {
            Some(after) => rows.filter(id.gt(after)),
            None => rows,
        };
        rows.order_by_asc(id).limit(self.limit + 1)
    }

    /// What [`Leaf::select`] found, and the cursor of what comes after it.
    pub fn cut<M>(&self, mut rows: Vec<M>, id_of: impl Fn(&M) -> Uuid) -> (Vec<M>, Option<Uuid>) {
        let kept = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > kept;
        rows.truncate(kept);
        let next = if more { rows.last().map(id_of) } else { None };
        (rows, next)
    }
}

/// `limit=` of an address: 1 to [`MOST`].
pub fn limit(text: &str) -> Result<u64> {
    let limit: Option<u64> = word("limit", text, "Give a number from 1 to 200.")?;
    match limit.unwrap_or(USUAL) {
        limit @ 1..=MOST => Ok(limit),
        _ => Err(Error::invalid("limit", "Give a number from 1 to 200.")),
    }
}

/// The address's parameters; names it does not know are passed over.
pub fn query<T: DeserializeOwned>(request: &HttpRequest) -> Result<T> {
    serde_html_form::from_str(request.query_string())
        .map_err(|error| Error::invalid("query", format!("The parameters of the address could not be read: {error}")))
}

/// A parameter as what it stands for; none where it is empty.
pub fn word<T: std::str::FromStr>(name: &str, text: &str, wrong: &str) -> Result<Option<T>> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Error::invalid(name, wrong))
}

/// The answer: the items, and where to read on.
pub fn answer(items: Vec<Value>, next: Option<impl std::fmt::Display>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "items": items, "next": next.map(|next| next.to_string()) }))
}
