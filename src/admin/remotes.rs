//! Health of other programs: settings, key, answer, and what waits for them.

use entity::{Moment, Reach, platform::remote as row};

use super::health::Finding;
use crate::{
    invoices,
    platform::{Platform, Result, config::Service, remote},
    tenancy,
};

/// Books is read every six hours; later than that it has failed at least once.
const LATE: i64 = 7 * Moment::HOUR;

pub async fn findings(platform: &Platform) -> Result<Vec<Finding>> {
    let mut found = vec![service(platform, &platform.config.books, "books", "clients who look for their invoices").await?];
    found.extend(books(platform).await?);
    Ok(found)
}

/// What is so with one program: not wanted, a setting missing, not answering, or well.
async fn service(platform: &Platform, service: &Service, check: &'static str, hits: &'static str) -> Result<Finding> {
    let name = service.name;
    if service.is_off() {
        let fix = format!("Set {} and {}, or leave it if you do not use {name}.", service.url_setting, service.key_setting);
        return Ok(Finding::warning(check, format!("{name} is not connected."), hits, fix));
    }
    let missing = [(service.url.is_none(), service.url_setting), (service.key.is_none(), service.key_setting)];
    if let Some((_, setting)) = missing.into_iter().find(|(missing, _)| *missing) {
        return Ok(Finding::failing(check, format!("{setting} is not set: {name} is not asked."), hits, format!("Set {setting}.")));
    }
    let seen = remote::seen(platform, name).await?;
    Ok(match seen {
        None => Finding::warning(check, format!("{name} was not asked yet."), hits, "Wait for the first look, or ask it by hand."),
        Some(row::Model { failing_since: Some(since), last_error, .. }) => {
            let why = last_error.unwrap_or_default();
            let fix = if why.contains("refused our key") {
                format!("Compare {} here with the key {name} expects; they must be the same.", service.key_setting)
            } else {
                format!(
                    "Look whether {name} runs at {} and this machine reaches it; what waits is delivered then.",
                    service.url_setting
                )
            };
            Finding::failing(check, format!("{name} does not do its part: {why}."), hits, fix).since(since)
        }
        Some(_) => Finding::ok(check, format!("{name} answers.")),
    })
}

async fn books(platform: &Platform) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    if platform.config.books.is_off() {
        return Ok(found);
    }
    let now = platform.clock.now();
    let tx = platform.read(Reach::Everything("health looks at the whole installation")).await?;
    for tenant in tenancy::tenants(&tx).await? {
        let waiting = invoices::unmapped(&tx, tenant.id).await?;
        if let Some(first) = waiting.first() {
            found.push(
                Finding::warning(
                    "books_clients",
                    format!("{} clients at Books are nobody at {}; the first: {}.", waiting.len(), tenant.name, first.row.name),
                    "those clients: they see no invoice",
                    "Its admin says who they are at Admin → Books.",
                )
                .since(first.row.first_seen_at),
            );
        }
        if let Some(row) = invoices::sync_of(&tx, tenant.id).await?
            && let Some(at) = row.taken_at.filter(|at| now.since(*at) > LATE)
        {
            found.push(
                Finding::failing(
                    "books_sync",
                    format!("{}'s invoices were last taken on {}: {}.", tenant.name, at.words(), row.problem),
                    "clients, who see older invoices than there are",
                    "Put right what it says; `serve` asks again every ten minutes.",
                )
                .since(at),
            );
        }
    }
    Ok(found)
}
