//! Health of the domains that MSPs have of their own: whether each leads to its portal.

use entity::{Reach, ids::TenantId, tenancy::DomainState};

use super::health::Finding;
use crate::{
    platform::{Platform, Result},
    tenancy,
};

pub async fn findings(platform: &Platform, of: Option<TenantId>) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    let tx = platform.read(Reach::Everything("health looks at the whole installation")).await?;
    for tenant in tenancy::every_or(&tx, of).await? {
        for row in tenancy::domains(&tx, tenant.id).await? {
            match row.state {
                DomainState::Active => {
                    found.push(Finding::ok("domain", format!("{} leads to the portal of {}.", row.host, tenant.name)).of(tenant.id))
                }
                DomainState::Failing => found.push(
                    Finding::failing(
                        "domain",
                        format!("{} of {} does not lead here any more: {}", row.host, tenant.name, row.reason),
                        "clients who come by that address; links in mails lead to the address from before",
                        "Set its CNAME record again, or remove it at Admin → Domains.",
                    )
                    .since(row.since)
                    .of(tenant.id)
                    .at("/admin/domains"),
                ),
                DomainState::Pending | DomainState::Verified => found.push(
                    Finding::warning(
                        "domain",
                        format!("{} of {} is not in use yet. {}", row.host, tenant.name, row.reason),
                        "nobody yet",
                        "Set the records shown at Admin → Domains.",
                    )
                    .since(row.since)
                    .of(tenant.id)
                    .at("/admin/domains"),
                ),
            }
        }
    }
    Ok(found)
}
