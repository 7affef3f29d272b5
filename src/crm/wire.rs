//! The CRM over its wire: `docs/integrations/crm.yaml`.

use std::sync::Arc;

use serde::Deserialize;

use super::company::Company;
use crate::platform::{
    Platform,
    remote::{Call, CallError, Remote},
};

/// A page of what changed.
#[derive(Debug, Deserialize)]
pub struct Changed {
    pub companies: Vec<Company>,
    /// Asks for the next page; none on the last.
    #[serde(default)]
    pub next_cursor: Option<String>,
    /// On the last page: everything up to here was answered. Asked with next time.
    #[serde(default)]
    pub mark: Option<String>,
}

/// What changed for this tenant since `mark` (empty: everything), from `cursor` on.
pub async fn changed(platform: &Arc<Platform>, tenant: &str, mark: &str, cursor: Option<&str>) -> Result<Changed, CallError> {
    let crm = Remote::of(platform, &platform.config.crm)?;
    let mut query = vec![("tenant", tenant)];
    if !mark.is_empty() {
        query.push(("since", mark));
    }
    if let Some(cursor) = cursor {
        query.push(("cursor", cursor));
    }
    crm.call(platform, Call::get("v1/companies", &query)).await
}

/// Whether it answers, at this moment: one company is asked for.
pub async fn answers(platform: &Arc<Platform>, tenant: &str) -> Result<(), CallError> {
    let crm = Remote::of(platform, &platform.config.crm)?;
    crm.call_now::<Changed>(platform, Call::get("v1/companies", &[("tenant", tenant), ("limit", "1")])).await.map(drop)
}
