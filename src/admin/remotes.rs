//! Health of other programs: settings, key, answer, and what waits for them.

use entity::{
    Moment, Reach,
    ids::TenantId,
    platform::{remote as row, sync},
    tenancy::{TenantKind, tenant},
};

use super::health::Finding;
use crate::{
    crm as clients, integrations, invoices, mission as mission_mode,
    platform::{Platform, Result, config::Service, remote},
    tenancy,
};

/// Books is read every six hours; later than that it has failed at least once.
const LATE: i64 = 7 * Moment::HOUR;

/// Of the whole installation, or as far as one MSP is concerned.
pub async fn findings(platform: &Platform, of: Option<TenantId>) -> Result<Vec<Finding>> {
    let mut found = vec![service(platform, &platform.config.books, "books", "clients who look for their invoices").await?];
    found.extend(books(platform, of).await?);
    found.push(service(platform, &platform.config.crm, "crm", "staff, who do not find a client of the CRM in the wizard").await?);
    found.extend(crm(platform, of).await?);
    found.extend(psa(platform, of).await?);
    found.extend(mission(platform, of).await?);
    found.extend(push(platform).await?);
    found.extend(wrong_keys(platform).await?);
    found.extend(hooks(platform).await?);
    Ok(found)
}

/// Other installations that push documents for signature.
async fn push(platform: &Platform) -> Result<Vec<Finding>> {
    let hits = "clients, who do not find another installation's document under Needs Your Signature";
    Ok(vec![match platform.config.push.key {
        Some(_) => Finding::ok("push", "Other installations can push documents for signature, with PORTAL_INTEGRATION_KEY."),
        None => Finding::warning(
            "push",
            "PORTAL_INTEGRATION_KEY is not set: no other installation can push a document for signature.",
            hits,
            "Set it here and there to the same key, e.g. from `openssl rand -hex 32`; or leave it if nobody pushes.",
        ),
    }])
}

/// Who came with another key than ours; the PSA's stands with the PSA.
async fn wrong_keys(platform: &Platform) -> Result<Vec<Finding>> {
    let config = &platform.config;
    let mut found = Vec::new();
    for (check, service, address) in [
        ("books_key", &config.books, "/api/books"),
        ("crm_key", &config.crm, "/api/crm"),
        ("push_key", &config.push, "/internal/signing/push"),
    ] {
        if let Some(row) = remote::last_refused(platform, service.key_setting).await? {
            found.push(
                Finding::warning(
                    check,
                    format!("Somebody at {} came to {address} with a key that is not ours.", row.ip),
                    "what that program sends or asks",
                    format!("If it was {}: set its key to the same as {} here.", service.name, service.key_setting),
                )
                .since(row.at),
            );
        }
    }
    Ok(found)
}

/// Addresses of customers' programs that take nothing.
async fn hooks(platform: &Platform) -> Result<Vec<Finding>> {
    let tx = platform.read(Reach::Everything("health looks at the whole installation")).await?;
    let mut found = Vec::new();
    for hook in integrations::outgoing::hooks_health(&tx).await? {
        let msp = tenancy::tenant(&tx, hook.tenant).await?.map(|row| row.name).unwrap_or_default();
        let state = if hook.paused { "is paused" } else { "takes nothing" };
        found.push(
            Finding::warning(
                "webhook",
                format!("{msp}'s webhook “{}” {state}: {}", hook.name, hook.why),
                "that program of theirs",
                "Its admin puts right what it says at Admin → Webhooks, and lets it go on.",
            )
            .since(hook.since)
            .of(hook.tenant)
            .at("/admin/integrations/hooks"),
        );
    }
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

async fn books(platform: &Platform, of: Option<TenantId>) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    if platform.config.books.is_off() {
        return Ok(found);
    }
    let now = platform.clock.now();
    let tx = platform.read(Reach::Everything("health looks at the whole installation")).await?;
    for tenant in tenancy::every_or(&tx, of).await?.into_iter().filter(|tenant| tenant.kind == TenantKind::Msp) {
        let waiting = invoices::unmapped(&tx, tenant.id).await?;
        if let Some(first) = waiting.first() {
            found.push(
                Finding::warning(
                    "books_clients",
                    format!("{} clients at Books are nobody at {}; the first: {}.", waiting.len(), tenant.name, first.row.name),
                    "those clients: they see no invoice",
                    "Its admin says who they are at Admin → Books.",
                )
                .since(first.row.first_seen_at)
                .of(tenant.id)
                .at("/admin/integrations/books"),
            );
        }
        let (books, hits) = (invoices::sync_of(&tx, tenant.id).await?, "clients, who see older invoices than there are");
        let page = |finding: Finding| finding.at("/admin/integrations/books");
        found.extend(untaken(books.as_ref(), "books_untaken", "invoices", &tenant, hits).map(page));
        found.extend(late(books, "books_sync", "invoices", &tenant, LATE, now, hits));
    }
    Ok(found)
}

/// What of a tenant's could not be taken the last time, by name.
fn untaken(
    state: Option<&sync::Model>,
    check: &'static str,
    things: &str,
    tenant: &tenant::Model,
    hits: &'static str,
) -> Option<Finding> {
    let row = state.filter(|row| !row.untaken.is_empty())?;
    let what = format!("Not all of {}'s {things} could be taken from {}: {}.", tenant.name, row.program, row.untaken);
    let fix = "Put right over there what it says; everything else is taken, and this with the next look.";
    Some(Finding::warning(check, what, hits, fix).of(tenant.id))
}

/// What of a tenant's was taken last, where that is too long ago.
fn late(
    state: Option<sync::Model>,
    check: &'static str,
    things: &str,
    tenant: &tenant::Model,
    after: i64,
    now: Moment,
    hits: &'static str,
) -> Option<Finding> {
    let row = state?;
    let at = row.taken_at.filter(|at| now.since(*at) > after)?;
    let why = if row.problem.is_empty() { "nobody has asked since" } else { &row.problem };
    let what = format!("{}'s {things} were last taken on {}: {why}.", tenant.name, at.words());
    Some(
        Finding::failing(check, what, hits, "Put right what it says; `serve` asks again every ten minutes.")
            .since(at)
            .of(tenant.id),
    )
}

/// The CRM is looked at every quarter of an hour; later than that it has failed several times.
const CRM_LATE: i64 = Moment::HOUR;

/// The CRM: whom an admin has to place, how old its clients are, and what it could not be told.
async fn crm(platform: &Platform, of: Option<TenantId>) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    if platform.config.crm.is_off() {
        return Ok(found);
    }
    let now = platform.clock.now();
    let tx = platform.read(Reach::Everything("health looks at the whole installation")).await?;
    for tenant in tenancy::every_or(&tx, of).await?.into_iter().filter(|tenant| tenant.kind == TenantKind::Msp) {
        let page = |finding: Finding| finding.of(tenant.id).at("/admin/integrations/crm");
        let waiting = clients::waiting(&tx, tenant.id).await?;
        if let Some(first) = waiting.first() {
            let what =
                format!("{} companies of the CRM wait at {} to be placed; the first: {}.", waiting.len(), tenant.name, first.name);
            let (hits, fix) = ("staff, who do not find those clients", "Its admin says who they are at Admin → CRM.");
            found.push(page(Finding::warning("crm_clients", what, hits, fix).since(first.first_seen_at)));
        }
        let (state, hits) = (clients::sync_of(&tx, tenant.id).await?, "staff, who do not find what is new at the CRM");
        found.extend(untaken(state.as_ref(), "crm_untaken", "clients", &tenant, hits).map(page));
        found.extend(late(state, "crm_sync", "clients", &tenant, CRM_LATE, now, hits).map(page));
        let behind = clients::behind(&tx, tenant.id).await?;
        if let Some(first) = behind.iter().find(|row| !row.trouble.is_empty()) {
            let what = format!(
                "The CRM does not know the newest score of {} clients of {}: {}.",
                behind.len(),
                tenant.name,
                first.trouble
            );
            let (hits, fix) =
                ("whoever reads a client's score in the CRM", "Put right what it says; the newest is told every five minutes.");
            found.push(page(Finding::warning("crm_figures", what, hits, fix).since(first.changed_at.unwrap_or(now))));
        }
    }
    Ok(found)
}

/// So long it is said that somebody looked in the wrong place.
const ASTRAY: i64 = 14 * Moment::DAY;

/// Mission: each cause for which a member finds empty pages. Where there is no mission organisation nobody misses it.
async fn mission(platform: &Platform, of: Option<TenantId>) -> Result<Vec<Finding>> {
    let hits = "members, who find their pages empty";
    let config = &platform.config.mission;
    let tx = platform.read(Reach::Everything("health looks at the whole installation")).await?;
    let tenants = tenancy::every_or(&tx, of).await?;
    let astray = mission_mode::astray(&tx, platform.clock.now().plus(-ASTRAY)).await?;
    drop(tx);
    let mut found = Vec::new();
    if config.is_off() {
        for tenant in tenants.iter().filter(|tenant| tenant.kind == TenantKind::Mission) {
            let what = format!("Mission is not connected: members of {} find empty pages.", tenant.name);
            let fix = format!("Set {} and {}.", config.url_setting, config.key_setting);
            found.push(Finding::warning("mission", what, hits, fix).of(tenant.id));
        }
        if found.is_empty() {
            found.push(Finding::ok("mission", "There is no mission organisation here, and no Mission is connected."));
        }
    } else {
        found.push(service(platform, config, "mission", hits).await?);
    }
    for one in astray {
        let name = tenants.iter().find(|tenant| tenant.id == one.tenant).map_or("an MSP", |tenant| tenant.name.as_str());
        let fix = match platform.config.mission_hosts.first() {
            Some(host) => format!("Tell them the right address: https://{host}, or the one their organisation gives."),
            None => "Set MISSION_HOSTS to the host names under which members come in, and tell them.".to_owned(),
        };
        let what = format!("Somebody looked for Mission pages in the portal of {name}, at {}: there are none.", one.host);
        let hits = "members who came to the portal of an MSP";
        found.push(Finding::warning("mission_host", what, hits, fix).of(one.tenant).since(one.at));
    }
    Ok(found)
}

/// The PSA: its settings, its key, how it was compared, what waits. Each cause for which technicians do not find a ticket there.
async fn psa(platform: &Platform, of: Option<TenantId>) -> Result<Vec<Finding>> {
    let hits = "technicians, who do not find their clients' tickets in the PSA";
    let health = integrations::psa::health(platform, of).await?;
    if health.off {
        let what = "No PSA is connected: tickets are worked on here alone.";
        return Ok(vec![Finding::ok("psa", what)]);
    }
    let mut found = Vec::new();
    found.push(match (health.missing, &health.seen) {
        (Some(setting), _) => Finding::failing(
            "psa",
            format!("{setting} is not set: no ticket reaches the PSA."),
            hits,
            format!("Set {setting} and start again; the key must be the same as in the PSA's Settings → Integrations → Portal."),
        ),
        (None, Some(seen)) if seen.failing_since.is_some() => Finding::failing(
            "psa",
            format!("The PSA was asked, and {}.", seen.last_error.as_deref().unwrap_or("it failed")),
            hits,
            "Look whether it runs, and whether PSA_API_URL and PSA_SERVICE_KEY here are those of the PSA. What waits is delivered in order.",
        )
        .since(seen.failing_since.unwrap_or(platform.clock.now())),
        (None, Some(seen)) => match seen.last_success_at {
            Some(at) => Finding::ok("psa", format!("The PSA last answered on {}.", at.words())),
            None => Finding::warning("psa", "The PSA has not been asked yet.", hits, "`serve` asks it every five minutes."),
        },
        (None, None) => Finding::warning("psa", "The PSA has not been asked yet.", hits, "`serve` asks it every five minutes."),
    });
    if let Some(at) = health.refused_at {
        found.push(
            Finding::warning(
                "psa_key",
                "Somebody came to /api/psa with a key that is not ours.",
                hits,
                "If it was the PSA: set its key to the same as PSA_SERVICE_KEY here.",
            )
            .since(at),
        );
    }
    if health.missing.is_some() {
        return Ok(found);
    }
    let now = platform.clock.now();
    for tenant in health.tenants {
        let state = tenant.state.as_ref();
        let unsent = tenant.unsent;
        let compared = match state.and_then(|row| Some((row.failing_since?, row.last_error.clone()?))) {
            Some((since, why)) => Finding::failing(
                "psa_sync",
                format!("The comparison of {}'s tickets came to no end: {why}", tenant.name),
                hits,
                "Put right what it says; it is tried again every five minutes.",
            )
            .since(since),
            None => match state.and_then(|row| row.last_ok_at) {
                Some(at) if now.since(at) <= 12 * Moment::MINUTE => {
                    Finding::ok("psa_sync", format!("{}'s tickets were last compared with the PSA on {}.", tenant.name, at.words()))
                }
                Some(at) => Finding::failing(
                    "psa_sync",
                    format!(
                        "{}'s tickets were last compared with the PSA on {}; it should be every five minutes.",
                        tenant.name,
                        at.words()
                    ),
                    hits,
                    "Is `serve` running? Look at its log, and at Operator → Jobs.",
                )
                .since(at),
                None => Finding::warning(
                    "psa_sync",
                    format!("{}'s tickets were never compared with the PSA.", tenant.name),
                    hits,
                    "`serve` does it every five minutes; wait for the next.",
                ),
            },
        };
        found.push(compared.of(tenant.id));
        if unsent.in_trouble > 0 || tenant.unmatched > 0 {
            let what = format!(
                "{}: {} of {} waiting tickets are in trouble, {} companies or statuses of the PSA are not matched.",
                tenant.name, unsent.in_trouble, unsent.waiting, tenant.unmatched
            );
            let fix = "Its owner or an admin looks at Admin → PSA: each ticket says why it waits.";
            found.push(Finding::warning("psa_tickets", what, hits, fix).of(tenant.id).at("/admin/integrations/psa"));
        }
        if let Some(first) = tenant.people.first() {
            let what = format!(
                "{}: {} of the PSA's contacts wait for an admin's word on their portal access; the first: {}.",
                tenant.name,
                tenant.people.len(),
                first.name
            );
            let hits = "those people, who do not come in, or come in still";
            let fix = "Its owner or an admin says what is to be at Admin → PSA; why each waits stands there.";
            found.push(
                Finding::warning("psa_people", what, hits, fix)
                    .since(first.waits_since.unwrap_or(now))
                    .of(tenant.id)
                    .at("/admin/integrations/psa"),
            );
        }
    }
    Ok(found)
}
