//! Gives a new tenant the templates that ship with the product, published.

use entity::{
    ids::TenantId,
    policies::{TemplateState, template, template_version},
};
use sea_orm::{EntityTrait, Set};

use crate::{
    audit,
    platform::{Error, Result, Work},
    policies::defaults,
};

/// Called once, in the same work that makes the tenant.
pub async fn install_defaults(work: &mut Work, tenant: TenantId) -> Result<()> {
    let all = defaults::all().map_err(Error::internal)?;
    let now = work.now();
    let (mut templates, mut versions) = (Vec::new(), Vec::new());
    for default in &all {
        let (template_id, version_id) = (work.id(), work.id());
        templates.push(template::ActiveModel {
            id: Set(template_id),
            tenant_id: Set(tenant),
            slug: Set(default.slug.clone()),
            title: Set(default.title.clone()),
            category: Set(default.category),
            summary: Set(default.summary.clone()),
            state: Set(TemplateState::Published),
            acknowledgement: Set(default.acknowledgement),
            automatic: Set(default.automatic),
            direct_to_client: Set(default.direct_to_client),
            published_version_id: Set(Some(version_id)),
            created_at: Set(now),
            updated_at: Set(now),
        });
        versions.push(template_version::ActiveModel {
            id: Set(version_id),
            tenant_id: Set(tenant),
            template_id: Set(template_id),
            number: Set(1),
            content: Set(serde_json::to_string(&default.content())?),
            changes: Set("As it ships with The One Legal.".to_owned()),
            author: Set("The One Legal".to_owned()),
            created_at: Set(now),
            published_at: Set(Some(now)),
        });
    }
    let count = templates.len();
    template::Entity::insert_many(templates).exec_without_returning(work.write()).await?;
    template_version::Entity::insert_many(versions).exec_without_returning(work.write()).await?;
    let line = audit::Line::new("templates.installed", format!("tenant:{tenant}")).tenant(tenant).with("count", count);
    audit::record(work, line).await
}
