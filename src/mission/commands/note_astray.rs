//! Writes down that somebody looked for Mission pages in an MSP's portal: Health says it. At most once an hour for each.

use std::sync::Arc;

use entity::{Moment, Reach, ids::TenantId, mission::astray};
use sea_orm::{EntityTrait, Set, sea_query::OnConflict};

use crate::{
    mission::queries::astray_at,
    platform::{Actor, Platform, Result, text},
};

pub async fn note_astray(platform: &Arc<Platform>, tenant: TenantId, host: &str) -> Result<()> {
    let reach = Reach::Tenants(vec![tenant]);
    let now = platform.clock.now();
    let tx = platform.read(reach.clone()).await?;
    let fresh = astray_at(&tx, tenant).await?.is_some_and(|row| now.since(row.at) < Moment::HOUR);
    drop(tx);
    if fresh {
        return Ok(());
    }
    let mut work = platform.work(Actor::program("mission"), reach).await?;
    let host: String = text::line(host).chars().take(253).collect();
    let row = astray::ActiveModel { tenant_id: Set(tenant), host: Set(host), at: Set(now) };
    astray::Entity::insert(row)
        .on_conflict(
            OnConflict::column(astray::Column::TenantId).update_columns([astray::Column::Host, astray::Column::At]).to_owned(),
        )
        .exec_without_returning(work.write())
        .await?;
    work.counts_as_audited("where somebody looked in vain is no deed");
    work.commit().await
}
