//! Notes that a key was used.

use std::sync::Arc;

use entity::{
    Reach,
    ids::{ApiKeyId, TenantId},
    programs::key,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::platform::{Actor, Platform, Result};

pub async fn touch_key(platform: &Arc<Platform>, id: ApiKeyId, tenant: TenantId) -> Result<()> {
    let mut work = platform.work(Actor::program("api key"), Reach::Tenants(vec![tenant])).await?;
    key::Entity::update_many()
        .col_expr(key::Column::LastUsedAt, Expr::value(work.now().0))
        .filter(key::Column::Id.eq(id))
        .exec(work.write())
        .await?;
    work.counts_as_audited("that a key is in use is a clock; what it does has its own lines");
    work.commit().await
}
