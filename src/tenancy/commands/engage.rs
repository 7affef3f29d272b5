//! Attorneys and operators: invited to the installation, engaged with a tenant, let go.

use entity::{
    identity::AccountKind,
    ids::{AccountId, EngagementId, TenantId},
    tenancy::{AttorneyRole, engagement},
};
use sea_orm::{ActiveModelTrait, Set};

use crate::{
    audit,
    identity::{self, FIRM, Invite},
    platform::{Error, Refusal, Result, Work, web::FrameLook},
    tenancy::{caller::Operator, queries},
};

const PLACE: &str = "The One Legal";

pub async fn invite_attorney(work: &mut Work, _operator: &Operator, name: String, email: String) -> Result<AccountId> {
    Ok(invite_to_firm(work, name, email, AccountKind::Attorney).await?.0)
}

pub async fn invite_operator(work: &mut Work, _operator: &Operator, name: String, email: String) -> Result<AccountId> {
    Ok(invite_to_firm(work, name, email, AccountKind::Operator).await?.0)
}

/// From the command line, where whoever can run it owns the installation: the account and the set-up link.
pub async fn first_operator(work: &mut Work, email: String) -> Result<(AccountId, Option<String>)> {
    let name = email.split('@').next().unwrap_or("Operator").to_owned();
    invite_to_firm(work, name, email, AccountKind::Operator).await
}

async fn invite_to_firm(work: &mut Work, name: String, email: String, kind: AccountKind) -> Result<(AccountId, Option<String>)> {
    let inviter = if work.actor().account.is_some() { work.actor().name.clone() } else { "The operator".to_owned() };
    let invite = Invite {
        realm: FIRM.to_owned(),
        email,
        name,
        kind,
        tenant: None,
        look: FrameLook::default(),
        place: PLACE.to_owned(),
        inviter,
        letter: true,
        discreet: false,
    };
    let invited = identity::invite(work, invite).await?;
    if invited.link.is_none() {
        return Err(Error::invalid("email", "This person has an account here already; look for the name in the list."));
    }
    Ok((invited.account, invited.link))
}

/// A fresh link for an attorney or operator who has not accepted.
pub async fn resend_to_firm(work: &mut Work, _operator: &Operator, id: AccountId) -> Result<()> {
    of_firm(work, id).await?;
    let inviter = work.actor().name.clone();
    identity::resend_invite(work, id, &FrameLook::default(), PLACE, &inviter).await?;
    Ok(())
}

/// Shut out of the installation, whatever they are engaged with. Nobody shuts themselves out.
pub async fn deactivate_in_firm(work: &mut Work, operator: &Operator, id: AccountId) -> Result<()> {
    of_firm(work, id).await?;
    if id == operator.caller.account {
        return Err(Refusal::new("own_seat", "Nobody deactivates their own account.", "Ask another operator to do it.").into());
    }
    identity::deactivate(work, id).await
}

pub async fn reactivate_in_firm(work: &mut Work, operator: &Operator, id: AccountId) -> Result<()> {
    of_firm(work, id).await?;
    if !identity::reactivate(work, id).await? {
        resend_to_firm(work, operator, id).await?;
    }
    Ok(())
}

async fn of_firm(work: &Work, id: AccountId) -> Result<AccountKind> {
    let account = identity::account(work.read(), id).await?.ok_or(Error::NotFound)?;
    if !matches!(account.kind, AccountKind::Attorney | AccountKind::Operator) {
        return Err(Error::NotFound);
    }
    Ok(account.kind)
}

/// Engages an attorney with a tenant in a role; once more where it had ended, or in another role.
pub async fn engage(work: &mut Work, _operator: &Operator, tenant: TenantId, account: AccountId, role: AttorneyRole) -> Result<()> {
    if of_firm(work, account).await? != AccountKind::Attorney {
        return Err(Error::invalid("account", "Choose an attorney."));
    }
    queries::tenant(work.read(), tenant).await?.ok_or(Error::NotFound)?;
    let existing = queries::engagement_of(work.read(), tenant, account).await?;
    let id: EngagementId = match existing {
        Some(row) => {
            engagement::ActiveModel { id: Set(row.id), role: Set(role), ended_at: Set(None), ..Default::default() }
                .update(work.write())
                .await?;
            row.id
        }
        None => {
            let id = work.id();
            engagement::ActiveModel {
                id: Set(id),
                tenant_id: Set(tenant),
                account_id: Set(account),
                role: Set(role),
                created_at: Set(work.now()),
                ended_at: Set(None),
            }
            .insert(work.write())
            .await?;
            id
        }
    };
    identity::end_sessions_of(work, account, None).await?;
    let line = audit::Line::new("attorney.engaged", format!("engagement:{id}")).tenant(tenant);
    audit::record(work, line.with("account", account.to_string()).with("role", role.word())).await
}

/// Ends it: from this moment the tenant's data is not theirs to see.
pub async fn end_engagement(work: &mut Work, _operator: &Operator, tenant: TenantId, account: AccountId) -> Result<()> {
    let row =
        queries::engagement_of(work.read(), tenant, account).await?.filter(|row| row.ended_at.is_none()).ok_or(Error::NotFound)?;
    let now = work.now();
    engagement::ActiveModel { id: Set(row.id), ended_at: Set(Some(now)), ..Default::default() }.update(work.write()).await?;
    identity::end_sessions_of(work, account, None).await?;
    let line = audit::Line::new("engagement.ended", format!("engagement:{}", row.id)).tenant(tenant);
    audit::record(work, line.with("account", account.to_string())).await
}
