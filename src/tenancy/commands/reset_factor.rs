//! Who may be the second person for a lost device: an operator, or the owner of a tenant the person works for.

use entity::{
    ids::{AccountId, MfaResetId},
    tenancy::StaffRole,
};

use crate::{
    identity,
    platform::{Error, Result, Tx, Work},
    tenancy::{
        caller::{Operator, TenantAdmin},
        queries,
    },
};

pub async fn start_as_operator(work: &mut Work, _operator: &Operator, email: &str, verified: &str) -> Result<MfaResetId> {
    identity::start_factor_reset(work, email, verified).await
}

pub async fn confirm_as_operator(work: &mut Work, _operator: &Operator, id: MfaResetId) -> Result<()> {
    identity::confirm_factor_reset(work, id).await
}

pub async fn cancel_as_operator(work: &mut Work, _operator: &Operator, id: MfaResetId) -> Result<()> {
    identity::cancel_factor_reset(work, id).await
}

pub async fn confirm_as_owner(work: &mut Work, owner: &TenantAdmin, id: MfaResetId) -> Result<()> {
    owners_reset(work, owner, id).await?;
    identity::confirm_factor_reset(work, id).await
}

pub async fn cancel_as_owner(work: &mut Work, owner: &TenantAdmin, id: MfaResetId) -> Result<()> {
    owners_reset(work, owner, id).await?;
    identity::cancel_factor_reset(work, id).await
}

async fn owners_reset(work: &Work, owner: &TenantAdmin, id: MfaResetId) -> Result<()> {
    let account = identity::reset_account(work, id).await?;
    if !works_here(work.read(), owner, account).await? {
        return Err(Error::NotFound);
    }
    if owner.caller.staff_role(owner.tenant) != Some(StaffRole::Owner) {
        return Err(Error::forbidden("Only an owner of your MSP can confirm this."));
    }
    Ok(())
}

/// The person has a seat at this tenant, or is engaged with it.
pub async fn works_here(tx: &Tx, admin: &TenantAdmin, account: AccountId) -> Result<bool> {
    let seat = queries::staff_by_account(tx, admin.tenant, account).await?;
    let engagement = queries::engagement_of(tx, admin.tenant, account).await?.filter(|row| row.ended_at.is_none());
    Ok(seat.is_some() || engagement.is_some())
}
