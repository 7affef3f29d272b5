//! Asks the CRM what changed for a tenant since the last time, page by page, and takes it.

use std::sync::Arc;

use entity::{Reach, ids::TenantId};

use super::take::take;
use crate::{
    crm::{Company, wire},
    platform::{
        Actor, Error, Platform, Result, Work,
        remote::CallError,
        sync::{Page, Source, Synced, run},
    },
    tenancy,
};

struct Changes<'a> {
    platform: &'a Arc<Platform>,
    tenant: TenantId,
    slug: String,
}

impl Source for Changes<'_> {
    type Item = Company;

    fn name(item: &Company) -> String {
        item.called()
    }

    fn problem(item: &Company) -> Option<String> {
        item.problem()
    }

    async fn ask(&self, mark: &str, cursor: Option<&str>) -> std::result::Result<Page<Company>, CallError> {
        let wire::Changed { companies, next_cursor, mark } = wire::changed(self.platform, &self.slug, mark, cursor).await?;
        Ok(Page { items: companies, next_cursor, mark })
    }

    async fn keep(&self, work: &mut Work, items: &[Company]) -> Result<usize> {
        take(work, self.tenant, items).await
    }
}

/// Looks at once, however long ago the last look was.
pub async fn sync(platform: &Arc<Platform>, tenant: TenantId, actor: Actor) -> Result<Synced> {
    let tx = platform.read(Reach::Tenants(vec![tenant])).await?;
    let slug = tenancy::tenant(&tx, tenant).await?.ok_or(Error::NotFound)?.slug;
    drop(tx);
    let changes = Changes { platform, tenant, slug };
    run(platform, &platform.config.crm, tenant, &actor, &changes).await
}
