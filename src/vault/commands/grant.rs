//! Lets an audience read a document, or no longer.

use entity::{
    Walled,
    ids::DocumentId,
    vault::{document, grant},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::store::insert_grant;
use crate::{
    audit,
    platform::{Error, Result, Work},
    vault::document::Audience,
};

/// From the commit on this audience may read it.
pub async fn grant(work: &mut Work, id: DocumentId, audience: Audience) -> Result<()> {
    let row = find(work, id).await?;
    insert_grant(work, row.tenant_id, id, &audience.to_string()).await?;
    record(work, "document.granted", &row, audience).await
}

/// From the commit on this audience may no longer read it (unless another grant speaks to the same person).
pub async fn ungrant(work: &mut Work, id: DocumentId, audience: Audience) -> Result<()> {
    let row = find(work, id).await?;
    grant::Entity::delete_many()
        .filter(grant::Column::DocumentId.eq(id))
        .filter(grant::Column::TenantId.eq(row.tenant_id))
        .filter(grant::Column::Audience.eq(audience.to_string()))
        .exec(work.write())
        .await?;
    record(work, "document.ungranted", &row, audience).await
}

/// The same for all documents of an owner (`matter:ID`, `conversation:ID`): somebody comes in. What waits for its message is
/// its sender's alone.
pub async fn grant_all(work: &mut Work, owner: &str, audience: Audience) -> Result<()> {
    for row in owned(work, owner).await?.into_iter().filter(|row| row.waiting_since.is_none()) {
        insert_grant(work, row.tenant_id, row.id, &audience.to_string()).await?;
        record(work, "document.granted", &row, audience).await?;
    }
    Ok(())
}

/// Somebody goes: from the commit on no document of this owner is granted to them.
pub async fn ungrant_all(work: &mut Work, owner: &str, audience: Audience) -> Result<()> {
    for row in owned(work, owner).await? {
        ungrant(work, row.id, audience).await?;
    }
    Ok(())
}

async fn owned(work: &Work, owner: &str) -> Result<Vec<document::Model>> {
    let tx = work.read();
    Ok(document::Entity::within(tx.reach()).filter(document::Column::Owner.eq(owner)).all(tx).await?)
}

async fn find(work: &Work, id: DocumentId) -> Result<document::Model> {
    let tx = work.read();
    document::Entity::within(tx.reach()).filter(document::Column::Id.eq(id)).one(tx).await?.ok_or(Error::NotFound)
}

async fn record(work: &mut Work, action: &'static str, row: &document::Model, audience: Audience) -> Result<()> {
    let line =
        audit::Line::new(action, format!("document:{}", row.id)).tenant(row.tenant_id).with("audience", audience.to_string());
    audit::record(work, line).await
}
