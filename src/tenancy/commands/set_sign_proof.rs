//! Whether clients show once more that it is them right before they sign. And a client's lost app, taken off by their MSP's admin.

use entity::{ids::AccountId, tenancy::tenant};
use sea_orm::{ActiveModelTrait, Set};

use super::close_sessions::person_here;
use crate::{
    audit, identity,
    platform::{Result, Work},
    tenancy::caller::TenantAdmin,
};

pub async fn set_sign_proof(work: &mut Work, admin: &TenantAdmin, wanted: bool) -> Result<()> {
    tenant::ActiveModel { id: Set(admin.tenant), sign_proof: Set(wanted), ..Default::default() }.update(work.write()).await?;
    let line = audit::Line::new("sign_proof.set", format!("tenant:{}", admin.tenant)).tenant(admin.tenant);
    audit::record(work, line.with("wanted", wanted)).await
}

/// Of a client or member of this tenant alone: those of the firm's side have their own way ([`super::reset_factor`]).
pub async fn take_lost_factor(work: &mut Work, admin: &TenantAdmin, id: AccountId, verified: &str) -> Result<()> {
    let account = person_here(work.read(), admin, id).await?;
    identity::take_lost_factor(work, &account, verified).await
}
