//! Ids that the commands of the story do not answer.

use entity::{
    ids::{EnvelopeId, NotificationId, PolicyCommentId, PolicyId, TemplateId},
    notifications::notification,
    policies::{comment, template},
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::stage::Stage;
use crate::{
    platform::{Error, Result},
    policies,
};

pub struct Found {
    pub comment: PolicyCommentId,
    pub template: TemplateId,
    pub envelope: EnvelopeId,
    pub notification: NotificationId,
}

pub async fn ids(stage: &Stage<'_>, asked: PolicyId, commented: PolicyId) -> Result<Found> {
    let tx = stage.platform.read(stage.caller("mira").reach()).await?;
    let comment = comment::Entity::within(tx.reach())
        .filter(comment::Column::PolicyId.eq(commented))
        .filter(comment::Column::ParentId.is_null())
        .filter(comment::Column::Anchor.ne(""))
        .one(&tx)
        .await?
        .ok_or(Error::NotFound)?;
    let template =
        template::Entity::within(tx.reach()).filter(template::Column::Slug.eq("msa")).one(&tx).await?.ok_or(Error::NotFound)?;
    let notification = notification::Entity::within(tx.reach())
        .filter(notification::Column::AccountId.eq(stage.account("mira")))
        .order_by_desc(notification::Column::CreatedAt)
        .one(&tx)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(Found {
        comment: comment.id,
        template: template.id,
        envelope: policies::envelope_for(&tx, asked).await?.ok_or(Error::NotFound)?,
        notification: notification.id,
    })
}
