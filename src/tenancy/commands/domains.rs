//! Hosts of an MSP's own: named by an admin, looked at until they lead here, and let go.

use std::sync::Arc;

use entity::{
    Moment, Reach,
    ids::{DomainId, TenantId},
    tenancy::{DomainState, domain, tenant},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::{
    audit,
    platform::{Actor, Error, Platform, Result, Work, random},
    tenancy::{
        caller::TenantAdmin,
        domain::{self as rule, Seen},
        queries,
    },
};

/// Hosts of one portal.
const MOST: usize = 10;
/// Between two looks of our own: soon while somebody waits for it, seldom afterwards.
const SOON: i64 = 5 * Moment::MINUTE;
const SELDOM: i64 = Moment::HOUR;

pub async fn add_domain(work: &mut Work, admin: &TenantAdmin, typed: &str) -> Result<DomainId> {
    let platform = Arc::clone(work.platform());
    let config = &platform.config;
    let ours: Vec<&str> =
        [config.public_url.host_str(), config.portal_host.as_deref(), config.legal_host.as_deref()].into_iter().flatten().collect();
    let host = rule::parse(typed, &ours).map_err(|words| Error::invalid("host", words))?;
    let known = queries::domains(work.read(), admin.tenant).await?;
    if known.iter().any(|row| row.host == host) {
        return Err(Error::invalid("host", "This domain is in the list already."));
    }
    if known.len() >= MOST {
        return Err(Error::invalid("host", "Ten domains are the most; remove one that is not used."));
    }
    let id: DomainId = work.id();
    let row = domain::ActiveModel {
        id: Set(id),
        tenant_id: Set(admin.tenant),
        host: Set(host.clone()),
        held: Set(None),
        token: Set(hex::encode(random::bytes::<16>())),
        state: Set(DomainState::Pending),
        reason: Set(String::new()),
        checked_at: Set(None),
        since: Set(work.now()),
        created_at: Set(work.now()),
    };
    domain::Entity::insert(row).exec_without_returning(work.write()).await?;
    record(work, admin.tenant, "domain.added", &host, "").await?;
    Ok(id)
}

pub async fn remove_domain(work: &mut Work, admin: &TenantAdmin, id: DomainId) -> Result<String> {
    let row = one(work, id).await?.filter(|row| row.tenant_id == admin.tenant).ok_or(Error::NotFound)?;
    domain::Entity::delete_many().filter(domain::Column::Id.eq(id)).exec(work.write()).await?;
    settle_host(work, admin.tenant).await?;
    record(work, admin.tenant, "domain.removed", &row.host, "").await?;
    Ok(row.host)
}

/// One look at the domain name system, and what follows from it.
pub async fn check_domain(platform: &Arc<Platform>, actor: Actor, reach: Reach, id: DomainId) -> Result<domain::Model> {
    let tx = platform.read(reach.clone()).await?;
    let row = domain::Entity::within(tx.reach()).filter(domain::Column::Id.eq(id)).one(&tx).await?.ok_or(Error::NotFound)?;
    drop(tx);
    let (proved, leads) = look(platform, &row).await;
    let tx = platform.read(Reach::Everything("whose domain this is, of all tenants")).await?;
    let taken = queries::domain_holder(&tx, &row.host).await?.is_some_and(|holder| holder != row.tenant_id);
    drop(tx);
    let mut work = platform.work(actor, reach).await?;
    let row = one(&work, id).await?.ok_or(Error::NotFound)?;
    let (mut state, mut reason) = rule::next(row.state, proved, leads);
    if taken && state != DomainState::Pending {
        (state, reason) = (DomainState::Pending, "Another portal here has this domain. Remove it there first.".to_owned());
    }
    let held = (state != DomainState::Pending).then(|| row.host.clone());
    let since = if state == row.state { row.since } else { work.now() };
    let after = domain::Model { held, state, reason, checked_at: Some(work.now()), since, ..row.clone() };
    domain::ActiveModel {
        id: Set(id),
        held: Set(after.held.clone()),
        state: Set(after.state),
        reason: Set(after.reason.clone()),
        checked_at: Set(after.checked_at),
        since: Set(after.since),
        ..Default::default()
    }
    .update(work.write())
    .await?;
    if after.state == row.state {
        work.counts_as_audited("the same as at the look before");
    } else {
        settle_host(&mut work, row.tenant_id).await?;
        record(&mut work, row.tenant_id, "domain.changed", &row.host, after.state.word()).await?;
    }
    work.commit().await?;
    Ok(after)
}

async fn look(platform: &Platform, row: &domain::Model) -> (Seen, Seen) {
    let dns = &platform.dns;
    let proved = match row.held {
        Some(_) => Seen::Yes,
        None => rule::proved(dns.texts(&format!("{}.{}", rule::PROOF, row.host)).await, &row.host, &row.token),
    };
    let Some(target) = platform.config.portal_target() else {
        return (proved, Seen::No("This installation has no host name of its own; its operator sets PORTAL_HOST.".to_owned()));
    };
    let other = dns.other_name(&row.host).await;
    let addresses = match &other {
        Ok(names) if names.is_empty() => match (dns.addresses(&row.host).await, dns.addresses(&target).await) {
            (Ok(its), Ok(ours)) => Ok((its, ours)),
            (Err(why), _) | (_, Err(why)) => Err(why),
        },
        _ => Ok((Vec::new(), Vec::new())),
    };
    (proved, rule::leads_here(other, addresses, &row.host, &target))
}

/// Every domain whose time has come.
pub async fn check_due(platform: &Arc<Platform>) -> Result<()> {
    let now = platform.clock.now();
    let every = Reach::Everything("domains of every tenant are looked at");
    let tx = platform.read(every.clone()).await?;
    let rows = domain::Entity::within(tx.reach()).order_by_asc(domain::Column::CheckedAt).all(&tx).await?;
    drop(tx);
    for row in rows {
        let fresh = row.state != DomainState::Active && now.since(row.since) < Moment::DAY;
        let pause = if fresh { SOON } else { SELDOM };
        if row.checked_at.is_none_or(|at| now.since(at) >= pause) {
            check_domain(platform, Actor::program("job check_domains"), every.clone(), row.id).await?;
        }
    }
    Ok(())
}

/// Until the end of the process.
pub async fn check_forever(platform: Arc<Platform>) {
    loop {
        if let Err(error) = check_due(&platform).await {
            tracing::error!(%error, "domains could not be looked at; in a minute again");
        }
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    }
}

/// Links lead to the domain that has worked longest.
async fn settle_host(work: &mut Work, tenant: TenantId) -> Result<()> {
    let rows = queries::domains(work.read(), tenant).await?;
    let first = rows.into_iter().filter(|row| row.state == DomainState::Active).min_by_key(|row| (row.since, row.id));
    let host = first.map(|row| row.host).unwrap_or_default();
    tenant::ActiveModel { id: Set(tenant), host: Set(host), ..Default::default() }.update(work.write()).await?;
    Ok(())
}

async fn one(work: &Work, id: DomainId) -> Result<Option<domain::Model>> {
    Ok(domain::Entity::within(work.read().reach()).filter(domain::Column::Id.eq(id)).one(work.read()).await?)
}

async fn record(work: &mut Work, tenant: TenantId, action: &'static str, host: &str, state: &str) -> Result<()> {
    let mut line = audit::Line::new(action, format!("tenant:{tenant}")).tenant(tenant).with("host", host);
    if !state.is_empty() {
        line = line.with("state", state);
    }
    audit::record(work, line).await
}
