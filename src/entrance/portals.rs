//! Which portal a stranger stands before: by the MSP's own domain, else by `?tenant=`, else by the host (`harbor.` before
//! `PORTAL_HOST`), else by where this browser was last, else the only one there is.

use actix_web::{HttpRequest, http::header};
use entity::{
    Reach,
    tenancy::{TenantKind, tenant},
};

use crate::{
    identity::{Place, cookie},
    platform::{Platform, Result, Tx},
    tenancy,
};

pub enum Portal {
    Found(Box<tenant::Model>),
    /// There is no portal of that name.
    Unknown(String),
    /// Nothing says which.
    Unnamed,
}

pub async fn find(platform: &Platform, request: &HttpRequest, named: Option<&str>) -> Result<Portal> {
    let tx = platform.read_in_line(Reach::Everything("a portal's look before sign-in")).await?;
    let named = named.map(str::trim).filter(|slug| !slug.is_empty()).map(str::to_lowercase);
    match of_domain(platform, &tx, request).await? {
        // A domain shows its own portal and no other.
        Some(Portal::Found(tenant)) if named.as_ref().is_none_or(|slug| *slug == tenant.slug) => return Ok(Portal::Found(tenant)),
        Some(Portal::Found(_)) => return Ok(Portal::Unknown(named.unwrap_or_default().chars().take(63).collect())),
        Some(other) => return Ok(other),
        None => {}
    }
    let host = host_of(request).unwrap_or_default();
    let by_mission = platform.config.is_mission_host(&host);
    // Before a mission host stand mission organisations alone.
    let here = |found: Option<tenant::Model>| found.filter(|tenant| !by_mission || tenant.kind == TenantKind::Mission);
    if let Some(slug) = named {
        return Ok(match here(tenancy::tenant_by_slug(&tx, &slug).await?) {
            Some(tenant) => Portal::Found(Box::new(tenant)),
            None => Portal::Unknown(slug.chars().take(63).collect()),
        });
    }
    if let Some(slug) = slug_of_host(platform, &host) {
        return Ok(match here(tenancy::tenant_by_slug(&tx, &slug).await?) {
            Some(tenant) => Portal::Found(Box::new(tenant)),
            None => Portal::Unknown(slug.chars().take(63).collect()),
        });
    }
    if let Some(slug) = cookie::portal_slug(request)
        && let Some(tenant) = here(tenancy::tenant_by_slug(&tx, &slug).await?)
    {
        return Ok(Portal::Found(Box::new(tenant)));
    }
    let only = if by_mission { only_mission(&tx).await? } else { tenancy::only_tenant(&tx).await? };
    Ok(match only {
        Some(tenant) => Portal::Found(Box::new(tenant)),
        None => Portal::Unnamed,
    })
}

/// The portal of a domain that an MSP has named as its own; one that is not active shows nobody's.
async fn of_domain(platform: &Platform, tx: &Tx, request: &HttpRequest) -> Result<Option<Portal>> {
    let Some(host) = host_of(request).filter(|host| !is_ours(platform, host)) else { return Ok(None) };
    Ok(match tenancy::tenant_by_host(tx, &host).await? {
        Some(tenant) => Some(Portal::Found(Box::new(tenant))),
        None if tenancy::is_named_host(tx, &host).await? => Some(Portal::Unknown(host)),
        None => None,
    })
}

/// Whether this tenant is at home on the host that was asked: it is everywhere but on a domain of somebody else's.
pub async fn shows(platform: &Platform, request: &HttpRequest, tenant: &tenant::Model) -> Result<bool> {
    let tx = platform.read_in_line(Reach::Everything("a portal's look before sign-in")).await?;
    Ok(match of_domain(platform, &tx, request).await? {
        None => true,
        Some(Portal::Found(own)) => own.id == tenant.id,
        Some(_) => false,
    })
}

/// This request came by a domain of an MSP's own that works.
pub async fn by_own_domain(platform: &Platform, request: &HttpRequest) -> Result<bool> {
    let Some(host) = host_of(request).filter(|host| !is_ours(platform, host)) else { return Ok(false) };
    let tx = platform.read_in_line(Reach::Everything("a portal's look before sign-in")).await?;
    Ok(tenancy::tenant_by_host(&tx, &host).await?.is_some())
}

/// Where a passkey made now would work: this host, if it is one of ours or an MSP's domain that works.
pub async fn place(platform: &Platform, request: &HttpRequest) -> Result<Option<Place>> {
    let Some(host) = host_of(request) else { return Ok(None) };
    if !is_ours(platform, &host) && !by_own_domain(platform, request).await? {
        return Ok(None);
    }
    let asked = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let origin = url::Url::parse(&format!("{}://{asked}", platform.config.public_url.scheme()));
    Ok(origin.ok().and_then(Place::of))
}

/// The name that was asked, without its port.
pub fn host_of(request: &HttpRequest) -> Option<String> {
    let host = request.headers().get(header::HOST)?.to_str().ok()?.to_lowercase();
    Some(host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name).to_owned())
}

fn is_ours(platform: &Platform, host: &str) -> bool {
    let config = &platform.config;
    config.public_url.host_str() == Some(host)
        || config.legal_host.as_deref() == Some(host)
        || config.is_mission_host(host)
        || config
            .portal_host
            .as_deref()
            .is_some_and(|portal| host == portal || host.strip_suffix(portal).is_some_and(|rest| rest.ends_with('.')))
}

/// The one mission organisation, where there is one.
async fn only_mission(tx: &Tx) -> Result<Option<tenant::Model>> {
    let mut all: Vec<tenant::Model> =
        tenancy::tenants(tx).await?.into_iter().filter(|tenant| tenant.kind == TenantKind::Mission).collect();
    Ok(if all.len() == 1 { all.pop() } else { None })
}

/// What stands before `PORTAL_HOST`, or before a mission host, in the host that was asked.
fn slug_of_host(platform: &Platform, name: &str) -> Option<String> {
    let config = &platform.config;
    let bases = config.portal_host.iter().chain(&config.mission_hosts);
    let slug = bases.filter_map(|base| name.strip_suffix(base.as_str())?.strip_suffix('.')).next()?;
    (!slug.is_empty() && config.legal_host.as_deref() != Some(name)).then(|| slug.to_owned())
}
