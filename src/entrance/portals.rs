//! Which portal a stranger stands before: by `?tenant=`, else by the host (`harbor.` before `PORTAL_HOST`), else by where this
//! browser was last, else the only one there is.

use actix_web::{HttpRequest, http::header};
use entity::{Reach, tenancy::tenant};

use crate::{
    identity::cookie,
    platform::{Platform, Result},
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
    if let Some(slug) = named {
        return Ok(match tenancy::tenant_by_slug(&tx, &slug).await? {
            Some(tenant) => Portal::Found(Box::new(tenant)),
            None => Portal::Unknown(slug.chars().take(63).collect()),
        });
    }
    if let Some(slug) = slug_of_host(platform, request) {
        return Ok(match tenancy::tenant_by_slug(&tx, &slug).await? {
            Some(tenant) => Portal::Found(Box::new(tenant)),
            None => Portal::Unknown(slug.chars().take(63).collect()),
        });
    }
    if let Some(slug) = cookie::portal_slug(request)
        && let Some(tenant) = tenancy::tenant_by_slug(&tx, &slug).await?
    {
        return Ok(Portal::Found(Box::new(tenant)));
    }
    Ok(match tenancy::only_tenant(&tx).await? {
        Some(tenant) => Portal::Found(Box::new(tenant)),
        None => Portal::Unnamed,
    })
}

/// What stands before `PORTAL_HOST` in the host that was asked.
fn slug_of_host(platform: &Platform, request: &HttpRequest) -> Option<String> {
    let portal = platform.config.portal_host.as_deref()?;
    let host = request.headers().get(header::HOST)?.to_str().ok()?.to_lowercase();
    let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    let slug = name.strip_suffix(portal)?.strip_suffix('.')?;
    (!slug.is_empty() && platform.config.legal_host.as_deref() != Some(name)).then(|| slug.to_owned())
}
