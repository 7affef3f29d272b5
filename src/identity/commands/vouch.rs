//! Somebody the Hub vouches for: the account of that e-mail, made if there is none, open from now on. A shut one stays shut.

use entity::{
    identity::{AccountKind, AccountStatus, account},
    ids::TenantId,
};
use sea_orm::{ActiveModelTrait, Set};

use super::{end_session::end_sessions_of, make_link::revoke_links, sign_in::line};
use crate::{
    audit,
    identity::{queries, ticket::Fault},
    platform::{Result, Work},
};

pub struct Vouched {
    pub realm: String,
    pub email: String,
    pub name: String,
    pub kind: AccountKind,
    pub tenant: TenantId,
}

pub async fn vouch(work: &mut Work, input: Vouched) -> Result<std::result::Result<account::Model, Fault>> {
    if let Some(account) = queries::account_by_email(work.read(), &input.realm, &input.email).await? {
        return vouch_for(work, account, input.kind, input.tenant).await;
    }
    let account = account::ActiveModel {
        id: Set(work.id()),
        realm: Set(input.realm),
        email: Set(input.email),
        name: Set(input.name),
        kind: Set(input.kind),
        status: Set(AccountStatus::Active),
        tenant_id: Set(Some(input.tenant)),
        password_hash: Set(None),
        totp_secret: Set(None),
        totp_step: Set(0),
        created_at: Set(work.now()),
        last_login_at: Set(None),
    }
    .insert(work.write())
    .await?;
    audit::record(work, line("account.provisioned", Some(&account), &account.realm).with("kind", account.kind.word())).await?;
    Ok(Ok(account))
}

/// The same for an account that is known. Whoever was invited and never accepted is in by this.
pub async fn vouch_for(
    work: &mut Work,
    account: account::Model,
    kind: AccountKind,
    tenant: TenantId,
) -> Result<std::result::Result<account::Model, Fault>> {
    if account.kind != kind || account.tenant_id != Some(tenant) {
        return Ok(Err(Fault::OtherPlace));
    }
    match account.status {
        AccountStatus::Active => Ok(Ok(account)),
        AccountStatus::Deactivated => Ok(Err(Fault::Shut)),
        AccountStatus::Invited => {
            // A password or an app from an invitation that was opened and not taken to its end proves nothing.
            revoke_links(work, account.id, None).await?;
            end_sessions_of(work, account.id, None).await?;
            let account = account::ActiveModel {
                id: Set(account.id),
                status: Set(AccountStatus::Active),
                password_hash: Set(None),
                totp_secret: Set(None),
                ..Default::default()
            }
            .update(work.write())
            .await?;
            audit::record(work, line("account.provisioned", Some(&account), &account.realm).with("was", "invited")).await?;
            Ok(Ok(account))
        }
    }
}
