//! Books over its wire: `docs/integrations/books.yaml`.

use std::sync::Arc;

use serde::Deserialize;

use super::invoice::Incoming;
use crate::platform::{
    Platform,
    remote::{Call, CallError, Remote},
};

/// A page of what changed.
#[derive(Debug, Deserialize)]
pub struct Changed {
    pub invoices: Vec<Incoming>,
    /// Asks for the next page; none on the last.
    #[serde(default)]
    pub next_cursor: Option<String>,
    /// On the last page: everything up to here was answered. Asked with next time.
    #[serde(default)]
    pub mark: Option<String>,
}

/// What changed for this tenant since `mark` (empty: everything), from `cursor` on.
pub async fn changed(platform: &Arc<Platform>, tenant: &str, mark: &str, cursor: Option<&str>) -> Result<Changed, CallError> {
    let books = Remote::of(platform, &platform.config.books)?;
    let mut query = vec![("tenant", tenant)];
    if !mark.is_empty() {
        query.push(("since", mark));
    }
    if let Some(cursor) = cursor {
        query.push(("cursor", cursor));
    }
    books.call(platform, Call::get("v1/invoices", &query)).await
}

/// Whether it answers, at this moment: one invoice is asked for.
pub async fn answers(platform: &Arc<Platform>, tenant: &str) -> Result<(), CallError> {
    let books = Remote::of(platform, &platform.config.books)?;
    books.call_now::<Changed>(platform, Call::get("v1/invoices", &[("tenant", tenant), ("limit", "1")])).await.map(drop)
}
