//! The newest version becomes the one new policies are made of; a snapshot of it goes to the vault.

use entity::{
    policies::{TemplateState, template, template_version},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, QueryOrder, Set};

use crate::{
    audit,
    platform::{Error, Refusal, Result, Work},
    policies::{
        access::TemplatePublisher,
        template::{Content, undefined},
    },
    vault,
};

/// Also brings an archived template back.
pub async fn publish_template(work: &mut Work, who: &TemplatePublisher) -> Result<()> {
    let row = &who.reader.template;
    let newest = template_version::Entity::within(work.read().reach())
        .filter(template_version::Column::TemplateId.eq(row.id))
        .order_by_desc(template_version::Column::Number)
        .one(work.read())
        .await?
        .ok_or(Error::NotFound)?;
    if row.state == TemplateState::Published && row.published_version_id == Some(newest.id) {
        return Err(Refusal::new("nothing_to_publish", "The newest version is published already.", "Edit it first.").into());
    }
    let content: Content = serde_json::from_str(&newest.content)?;
    let missing = undefined(&content);
    if !missing.is_empty() {
        let sentence = format!("The text uses variables that are not defined: {}.", missing.join(", "));
        return Err(
            Refusal::new("undefined_variables", sentence, "Define them in the editor, or take them out of the text.").into()
        );
    }
    if content.sections.iter().all(|section| section.body.trim().is_empty()) {
        return Err(Refusal::new("empty_template", "There is no text in it yet.", "Write at least one section.").into());
    }
    let (now, number) = (work.now(), newest.number);
    let mut change: template::ActiveModel = row.clone().into();
    change.state = Set(TemplateState::Published);
    change.published_version_id = Set(Some(newest.id));
    change.updated_at = Set(now);
    change.update(work.write()).await?;
    if newest.published_at.is_none() {
        let mut change: template_version::ActiveModel = newest.into();
        change.published_at = Set(Some(now));
        change.update(work.write()).await?;
        let snapshot = vault::NewDocument {
            tenant: row.tenant_id,
            company: None,
            category: vault::Category::Templates,
            title: format!("{} (template, version {number})", row.title),
            file_name: format!("{}-v{number}.md", row.slug),
            media_type: "text/markdown".to_owned(),
            owner: format!("template:{}", row.id),
            audience: vec![vault::Audience::Staff, vault::Audience::Attorneys],
        };
        vault::store(work, snapshot, content.markdown(&row.title).into_bytes()).await?;
    }
    let line = audit::Line::new("template.published", format!("template:{}", row.id)).tenant(row.tenant_id).with("version", number);
    audit::record(work, line).await
}
