//! The MSP's own people: invited, given another role, shut out, let in.

use entity::{
    identity::{AccountKind, AccountStatus},
    ids::{StaffId, TenantId},
    tenancy::{StaffRole, staff},
};
use sea_orm::{ActiveModelTrait, Set};

use crate::{
    audit,
    identity::{self, FIRM, Invite},
    platform::{Error, Refusal, Result, Work, web::FrameLook},
    tenancy::{
        caller::{Operator, TenantAdmin},
        queries,
    },
};

#[derive(Clone, Debug)]
pub struct InviteStaff {
    pub name: String,
    pub email: String,
    pub role: StaffRole,
}

pub async fn invite_staff(work: &mut Work, admin: &TenantAdmin, input: InviteStaff) -> Result<StaffId> {
    may_make(admin, input.role)?;
    seat(work, admin.tenant, input, true).await
}

/// The operator gives a new tenant its first owner.
pub async fn invite_owner(work: &mut Work, _operator: &Operator, tenant: TenantId, name: String, email: String) -> Result<StaffId> {
    seat(work, tenant, InviteStaff { name, email, role: StaffRole::Owner }, false).await
}

/// The operator may know where an address signs in; an MSP may not.
async fn seat(work: &mut Work, tenant: TenantId, input: InviteStaff, discreet: bool) -> Result<StaffId> {
    let place = queries::tenant(work.read(), tenant).await?.ok_or(Error::NotFound)?.name;
    let inviter = work.actor().name.clone();
    let invite = Invite {
        realm: FIRM.to_owned(),
        email: input.email,
        name: input.name,
        kind: AccountKind::Staff,
        tenant: Some(tenant),
        look: FrameLook::default(),
        place,
        inviter,
        letter: true,
        discreet,
    };
    let invited = identity::invite(work, invite).await?;
    if queries::staff_by_account(work.read(), tenant, invited.account).await?.is_some() {
        return Err(Error::invalid("email", "This person has a seat here already; look for the name in the list."));
    }
    let id: StaffId = work.id();
    staff::ActiveModel {
        id: Set(id),
        tenant_id: Set(tenant),
        account_id: Set(invited.account),
        role: Set(input.role),
        created_at: Set(work.now()),
    }
    .insert(work.write())
    .await?;
    let line = audit::Line::new("staff.seated", format!("staff:{id}")).tenant(tenant).with("role", input.role.word());
    audit::record(work, line).await?;
    Ok(id)
}

/// Owners are made and unmade by owners.
fn may_make(admin: &TenantAdmin, role: StaffRole) -> Result<()> {
    if role == StaffRole::Owner && admin.caller.staff_role(admin.tenant) != Some(StaffRole::Owner) {
        return Err(Error::forbidden("Only an owner can make somebody an owner, or change one."));
    }
    Ok(())
}

/// The seat, if this admin may change it: not one's own, an owner's only as an owner, and never the last owner's.
async fn seat_to_change(work: &Work, admin: &TenantAdmin, id: StaffId, leaves_owner: bool) -> Result<staff::Model> {
    let row = queries::staff_in(work.read(), id).await?.ok_or(Error::NotFound)?;
    if row.account_id == admin.caller.account {
        return Err(Refusal::new("own_seat", "Nobody changes their own seat.", "Ask another owner or admin to do it.").into());
    }
    may_make(admin, row.role)?;
    if row.role == StaffRole::Owner && leaves_owner {
        let owners = queries::staff_of(work.read(), admin.tenant, &[StaffRole::Owner]).await?;
        let accounts = identity::accounts(work.read(), owners).await?;
        let others = accounts.values().filter(|a| a.status == AccountStatus::Active && a.id != row.account_id).count();
        if others == 0 {
            return Err(Refusal::new(
                "last_owner",
                "This is the last owner who can sign in.",
                "Make somebody else an owner first.",
            )
            .into());
        }
    }
    Ok(row)
}

/// Another role; the person's sessions end, so that it holds at once everywhere.
pub async fn change_role(work: &mut Work, admin: &TenantAdmin, id: StaffId, role: StaffRole) -> Result<()> {
    let row = seat_to_change(work, admin, id, role != StaffRole::Owner).await?;
    may_make(admin, role)?;
    staff::ActiveModel { id: Set(id), role: Set(role), ..Default::default() }.update(work.write()).await?;
    identity::end_sessions_of(work, row.account_id, None).await?;
    let line = audit::Line::new("role.changed", format!("staff:{id}")).tenant(admin.tenant);
    audit::record(work, line.with("from", row.role.word()).with("to", role.word())).await
}

pub async fn deactivate_staff(work: &mut Work, admin: &TenantAdmin, id: StaffId) -> Result<()> {
    let row = seat_to_change(work, admin, id, true).await?;
    identity::deactivate(work, row.account_id).await
}

/// Who never accepted is invited anew.
pub async fn reactivate_staff(work: &mut Work, admin: &TenantAdmin, id: StaffId) -> Result<()> {
    let row = seat_to_change(work, admin, id, false).await?;
    if !identity::reactivate(work, row.account_id).await? {
        resend_staff(work, admin, id).await?;
    }
    Ok(())
}

pub async fn resend_staff(work: &mut Work, admin: &TenantAdmin, id: StaffId) -> Result<()> {
    let row = seat_to_change(work, admin, id, false).await?;
    let place = queries::tenant(work.read(), admin.tenant).await?.ok_or(Error::NotFound)?.name;
    let inviter = work.actor().name.clone();
    identity::resend_invite(work, row.account_id, &FrameLook::default(), &place, &inviter).await?;
    Ok(())
}

pub async fn unlock_staff(work: &mut Work, admin: &TenantAdmin, id: StaffId) -> Result<()> {
    let row = seat_to_change(work, admin, id, false).await?;
    identity::unlock(work, row.account_id).await
}
