//! The draft of a template is saved: a new version the first time, the same one until it is published.

use entity::{
    policies::{Acknowledgement, Category, template, template_version},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, QueryOrder, Set};

use crate::{
    audit,
    platform::{Error, FieldErrors, Result, Work},
    policies::{
        access::TemplateWriter,
        template::{Content, problems},
    },
};

/// What the editor sends.
#[derive(Clone, Debug, Default)]
pub struct Edited {
    pub title: String,
    pub category: String,
    pub summary: String,
    pub acknowledgement: String,
    pub automatic: bool,
    pub direct_to_client: bool,
    pub changes: String,
    pub content: Content,
}

pub async fn save_template(work: &mut Work, who: &TemplateWriter, input: &Edited) -> Result<()> {
    let row = &who.reader.template;
    let mut errors: FieldErrors = problems(&input.content);
    let title = input.title.trim();
    if title.is_empty() || title.chars().count() > 200 || title.chars().any(char::is_control) {
        errors.add("title", "Give a title of at most 200 characters.");
    }
    if input.changes.chars().count() > 1_000 {
        errors.add("changes", "At most 1,000 characters.");
    }
    if input.summary.chars().count() > 1_000 {
        errors.add("summary", "At most 1,000 characters.");
    }
    let category = input.category.parse::<Category>();
    if category.is_err() {
        errors.add("category", "Choose a category.");
    }
    let acknowledgement = input.acknowledgement.parse::<Acknowledgement>();
    if acknowledgement.is_err() {
        errors.add("acknowledgement", "Choose one.");
    }
    let (Ok(category), Ok(acknowledgement), true) = (category, acknowledgement, errors.is_empty()) else {
        return Err(errors.into());
    };
    let (now, author) = (work.now(), who.reader.caller.name.clone());
    let newest = template_version::Entity::within(work.read().reach())
        .filter(template_version::Column::TemplateId.eq(row.id))
        .order_by_desc(template_version::Column::Number)
        .one(work.read())
        .await?
        .ok_or(Error::NotFound)?;
    let content = serde_json::to_string(&input.content)?;
    let number = if newest.published_at.is_none() { newest.number } else { newest.number + 1 };
    if newest.published_at.is_none() {
        let mut change: template_version::ActiveModel = newest.into();
        change.content = Set(content);
        change.changes = Set(input.changes.trim().to_owned());
        change.author = Set(author);
        change.update(work.write()).await?;
    } else if newest.content != content {
        template_version::ActiveModel {
            id: Set(work.id()),
            tenant_id: Set(row.tenant_id),
            template_id: Set(row.id),
            number: Set(number),
            content: Set(content),
            changes: Set(input.changes.trim().to_owned()),
            author: Set(author),
            created_at: Set(now),
            published_at: Set(None),
        }
        .insert(work.write())
        .await?;
    }
    let mut change: template::ActiveModel = row.clone().into();
    change.title = Set(title.to_owned());
    change.category = Set(category);
    change.summary = Set(input.summary.trim().to_owned());
    change.acknowledgement = Set(acknowledgement);
    change.automatic = Set(input.automatic);
    change.direct_to_client = Set(input.direct_to_client);
    change.updated_at = Set(now);
    change.update(work.write()).await?;
    let line = audit::Line::new("template.saved", format!("template:{}", row.id)).tenant(row.tenant_id).with("version", number);
    audit::record(work, line).await
}
