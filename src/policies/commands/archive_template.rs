//! A template is put away: no new policies are made of it; those there are stay as they are.

use entity::policies::{TemplateState, template};
use sea_orm::{ActiveModelTrait, Set};

use crate::{
    audit,
    platform::{Refusal, Result, Work},
    policies::access::TemplatePublisher,
};

pub async fn archive_template(work: &mut Work, who: &TemplatePublisher) -> Result<()> {
    let row = &who.reader.template;
    if row.state == TemplateState::Archived {
        return Err(Refusal::new("wrong_status", "It is archived already.", "Publish it to use it again.").into());
    }
    let mut change: template::ActiveModel = row.clone().into();
    change.state = Set(TemplateState::Archived);
    change.updated_at = Set(work.now());
    change.update(work.write()).await?;
    audit::record(work, audit::Line::new("template.archived", format!("template:{}", row.id)).tenant(row.tenant_id)).await
}
