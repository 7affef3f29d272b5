//! An account is shut, opened again, or its lock lifted. Tenancy decides who may ask for it.

use entity::{
    identity::{AccountStatus, account},
    ids::AccountId,
};
use sea_orm::{ActiveModelTrait, Set};

use super::{count_attempt, end_session::end_sessions_of, make_link::revoke_links, sign_in::line};
use crate::{
    audit,
    identity::queries,
    platform::{Error, Refusal, Result, Work},
};

/// No way in any more: sessions end at once, links are dead.
pub async fn deactivate(work: &mut Work, id: AccountId) -> Result<()> {
    let account = queries::account(work.read(), id).await?.ok_or(Error::NotFound)?;
    if account.status == AccountStatus::Deactivated {
        return Err(Refusal::new("already_deactivated", "This account is deactivated already.", "Reload the page.").into());
    }
    set(work, id, AccountStatus::Deactivated).await?;
    revoke_links(work, id, None).await?;
    let ended = end_sessions_of(work, id, None).await?;
    audit::record(work, line("account.deactivated", Some(&account), &account.realm).with("sessions_ended", ended)).await
}

/// Open again for somebody who had accepted; true. Who never had a password needs a new invitation: false.
pub async fn reactivate(work: &mut Work, id: AccountId) -> Result<bool> {
    let account = queries::account(work.read(), id).await?.ok_or(Error::NotFound)?;
    if account.status != AccountStatus::Deactivated {
        return Err(Refusal::new("not_deactivated", "This account is not deactivated.", "Reload the page.").into());
    }
    let accepted = account.password_hash.is_some() && queries::has_accepted(work.read(), id).await?;
    let status = if accepted { AccountStatus::Active } else { AccountStatus::Invited };
    set(work, id, status).await?;
    audit::record(work, line("account.reactivated", Some(&account), &account.realm).with("status", status.word())).await?;
    Ok(accepted)
}

/// Lifts the lock that wrong tries brought.
pub async fn unlock(work: &mut Work, id: AccountId) -> Result<()> {
    let account = queries::account(work.read(), id).await?.ok_or(Error::NotFound)?;
    count_attempt::clear_all(work, &account).await?;
    audit::record(work, line("account.unlocked", Some(&account), &account.realm)).await
}

async fn set(work: &mut Work, id: AccountId, status: AccountStatus) -> Result<()> {
    account::ActiveModel { id: Set(id), status: Set(status), ..Default::default() }.update(work.write()).await?;
    Ok(())
}
