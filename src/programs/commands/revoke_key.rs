//! Shuts a key, from this moment on.

use entity::{ids::ApiKeyId, programs::key};
use sea_orm::{ActiveModelTrait, Set};

use crate::{
    audit,
    platform::{Error, Result, Work},
    programs::queries,
    tenancy::caller::TenantAdmin,
};

pub async fn revoke_key(work: &mut Work, admin: &TenantAdmin, id: ApiKeyId) -> Result<()> {
    let row = queries::key(work.read(), admin.tenant, id).await?.ok_or(Error::NotFound)?;
    if row.revoked_at.is_some() {
        work.counts_as_audited("it is shut already");
        return Ok(());
    }
    key::ActiveModel {
        id: Set(id),
        revoked_at: Set(Some(work.now())),
        revoked_by_name: Set(Some(admin.caller.name.clone())),
        ..Default::default()
    }
    .update(work.write())
    .await?;
    let line = audit::Line::new("api_key.revoked", format!("api_key:{id}")).tenant(admin.tenant).with("name", row.name);
    audit::record(work, line).await
}
