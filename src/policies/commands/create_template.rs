//! A template of the attorney's own begins: a draft with one empty section.

use entity::{
    ids::{TemplateId, TenantId},
    policies::{Acknowledgement, Category, TemplateState, template, template_version},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, PaginatorTrait, QueryFilter, Set};

use crate::{
    audit,
    platform::{FieldErrors, Result, Work},
    policies::{
        access::TemplateAuthor,
        template::{Content, Section, slug_of},
    },
};

/// What the page asks, as typed.
#[derive(Clone, Debug, Default)]
pub struct NewTemplate {
    pub tenant: String,
    pub title: String,
    pub category: String,
    pub summary: String,
}

pub async fn create_template(work: &mut Work, who: &TemplateAuthor, input: &NewTemplate) -> Result<TemplateId> {
    let mut errors = FieldErrors::default();
    let tenants = who.tenants();
    let tenant = match (input.tenant.parse::<TenantId>(), tenants.as_slice()) {
        (Ok(id), tenants) if tenants.contains(&id) => Some(id),
        (Err(_), [only]) => Some(*only),
        _ => None,
    };
    if tenant.is_none() {
        errors.add("tenant", "Choose the MSP it is for.");
    }
    let title = input.title.trim();
    if title.is_empty() || title.chars().count() > 200 || title.chars().any(char::is_control) {
        errors.add("title", "Give a title of at most 200 characters.");
    }
    let category = input.category.parse::<Category>();
    if category.is_err() {
        errors.add("category", "Choose a category.");
    }
    if input.summary.chars().count() > 1_000 {
        errors.add("summary", "At most 1,000 characters.");
    }
    let (Some(tenant), Ok(category), true) = (tenant, category, errors.is_empty()) else { return Err(errors.into()) };
    let slug = free_slug(work, tenant, title).await?;
    let (id, now) = (work.id::<TemplateId>(), work.now());
    let row = template::ActiveModel {
        id: Set(id),
        tenant_id: Set(tenant),
        slug: Set(slug),
        title: Set(title.to_owned()),
        category: Set(category),
        summary: Set(input.summary.trim().to_owned()),
        state: Set(TemplateState::Draft),
        acknowledgement: Set(Acknowledgement::Required),
        automatic: Set(false),
        direct_to_client: Set(false),
        published_version_id: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    row.insert(work.write()).await?;
    let content = Content { variables: Vec::new(), sections: vec![Section { name: "Purpose".to_owned(), body: String::new() }] };
    template_version::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(tenant),
        template_id: Set(id),
        number: Set(1),
        content: Set(serde_json::to_string(&content)?),
        changes: Set(String::new()),
        author: Set(who.caller.name.clone()),
        created_at: Set(now),
        published_at: Set(None),
    }
    .insert(work.write())
    .await?;
    audit::record(work, audit::Line::new("template.created", format!("template:{id}")).tenant(tenant).with("title", title)).await?;
    Ok(id)
}

async fn free_slug(work: &Work, tenant: TenantId, title: &str) -> Result<String> {
    let base = slug_of(title);
    for number in 1.. {
        let slug = if number == 1 { base.clone() } else { format!("{base}-{number}") };
        let taken = template::Entity::within(work.read().reach())
            .filter(template::Column::TenantId.eq(tenant))
            .filter(template::Column::Slug.eq(&slug))
            .count(work.read())
            .await?;
        if taken == 0 {
            return Ok(slug);
        }
    }
    Ok(base)
}
