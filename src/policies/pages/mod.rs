//! The pages of templates and policies.

pub mod actions;
pub mod detail;
pub mod editor;
pub mod library;
pub mod list;
pub mod review;
pub mod wizard;

use entity::ids::{CompanyId, TenantId};

use crate::{
    platform::{Result, Tx},
    tenancy,
};

/// A list's query string, put together again without `page`.
fn with_filters(path: &str, filters: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in filters.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The clients of these tenants, by name; with the MSP's name where there are several.
async fn clients(tx: &Tx, tenants: &[TenantId]) -> Result<Vec<(CompanyId, String)>> {
    let mut clients = Vec::new();
    for tenant in tenants {
        let msp = if tenants.len() > 1 { tenancy::tenant(tx, *tenant).await?.map(|row| row.name) } else { None };
        for company in tenancy::companies(tx, *tenant).await? {
            let name = msp.as_ref().map_or_else(|| company.name.clone(), |msp| format!("{} ({msp})", company.name));
            clients.push((company.id, name));
        }
    }
    Ok(clients)
}

/// `2026-03-02` as `2 Mar 2026`.
fn short_day(text: &str) -> String {
    super::policy::day(text).map_or_else(
        || text.to_owned(),
        |day| {
            let month: &str = &day.month().to_string()[..3];
            format!("{} {month} {}", day.day(), day.year())
        },
    )
}
