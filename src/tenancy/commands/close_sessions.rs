//! Whose sessions somebody else may see and end: an owner or admin those of the tenant's staff and clients, the operator those
//! of attorneys and operators. One's own are in the profile.

use entity::{
    identity::{AccountKind, account},
    ids::{AccountId, SessionId},
    tenancy::StaffRole,
};

use crate::{
    identity,
    platform::{Error, Refusal, Result, Tx, Work},
    tenancy::{
        caller::{Operator, TenantAdmin},
        queries,
    },
};

/// A person of this tenant; everybody else, attorneys too, is not there.
pub async fn person_here(tx: &Tx, admin: &TenantAdmin, id: AccountId) -> Result<account::Model> {
    let account = identity::account(tx, id).await?.ok_or(Error::NotFound)?;
    if account.tenant_id == Some(admin.tenant) { Ok(account) } else { Err(Error::NotFound) }
}

/// An attorney or operator; a tenant's people are not there.
pub async fn person_of_firm(tx: &Tx, _operator: &Operator, id: AccountId) -> Result<account::Model> {
    let account = identity::account(tx, id).await?.ok_or(Error::NotFound)?;
    if matches!(account.kind, AccountKind::Attorney | AccountKind::Operator) { Ok(account) } else { Err(Error::NotFound) }
}

/// An owner's sessions are ended by owners alone.
pub async fn may_close(tx: &Tx, admin: &TenantAdmin, id: AccountId) -> Result<bool> {
    let seat = queries::staff_by_account(tx, admin.tenant, id).await?;
    Ok(seat.is_none_or(|seat| seat.role != StaffRole::Owner) || admin.caller.staff_role(admin.tenant) == Some(StaffRole::Owner))
}

pub async fn close_as_admin(work: &mut Work, admin: &TenantAdmin, id: AccountId, one: Option<SessionId>) -> Result<usize> {
    let account = person_here(work.read(), admin, id).await?;
    if !may_close(work.read(), admin, id).await? {
        return Err(Error::forbidden("Only an owner can end an owner's sessions."));
    }
    not_oneself(account.id, admin.caller.account)?;
    identity::close_sessions(work, id, one).await
}

pub async fn close_as_operator(work: &mut Work, operator: &Operator, id: AccountId, one: Option<SessionId>) -> Result<usize> {
    let account = person_of_firm(work.read(), operator, id).await?;
    not_oneself(account.id, operator.caller.account)?;
    identity::close_sessions(work, id, one).await
}

fn not_oneself(id: AccountId, me: AccountId) -> Result<()> {
    if id == me {
        return Err(Refusal::new("own_sessions", "These are your own sessions.", "End them in your profile.").into());
    }
    Ok(())
}
