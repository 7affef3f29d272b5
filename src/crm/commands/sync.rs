//! Asks the CRM what changed for a tenant since the last time, page by page, and takes it.

use std::sync::Arc;

use entity::{Reach, ids::TenantId};

use super::take::take;
use crate::{
    crm::wire,
    platform::{
        Actor, Error, Platform, Result,
        sync::{Page, Synced, Take, run},
    },
    tenancy,
};

struct Changes<'a> {
    platform: &'a Arc<Platform>,
    tenant: TenantId,
    slug: String,
    actor: &'a Actor,
}

impl Take for Changes<'_> {
    async fn page(&self, mark: &str, cursor: Option<&str>) -> Result<std::result::Result<Page, String>> {
        let page = match wire::changed(self.platform, &self.slug, mark, cursor).await {
            Ok(page) => page,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let mut work = self.platform.work(self.actor.clone(), Reach::Tenants(vec![self.tenant])).await?;
        match take(&mut work, self.tenant, &page.companies).await {
            Ok(taken) => {
                work.commit().await?;
                Ok(Ok(Page { taken, next_cursor: page.next_cursor, mark: page.mark }))
            }
            Err(Error::Invalid(errors)) => {
                Ok(Err(errors.of("companies").first().cloned().unwrap_or_else(|| "a company cannot be read".to_owned())))
            }
            Err(error) => Err(error),
        }
    }
}

/// Looks at once, however long ago the last look was.
pub async fn sync(platform: &Arc<Platform>, tenant: TenantId, actor: Actor) -> Result<Synced> {
    let tx = platform.read(Reach::Tenants(vec![tenant])).await?;
    let slug = tenancy::tenant(&tx, tenant).await?.ok_or(Error::NotFound)?.slug;
    drop(tx);
    let changes = Changes { platform, tenant, slug, actor: &actor };
    run(platform, &platform.config.crm, tenant, &actor, &changes).await
}
