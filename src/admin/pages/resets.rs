//! Resets of a lost second factor, as operators and owners see them.

use entity::{
    Moment,
    ids::{AccountId, MfaResetId},
};

use crate::{
    identity,
    platform::{Platform, Result, Tx},
};

pub struct ResetRow {
    pub id: MfaResetId,
    pub account: AccountId,
    pub name: String,
    pub email: String,
    pub verified: String,
    pub started_by: Option<AccountId>,
    pub started_by_name: String,
    pub at: Moment,
    /// Started by, or for, the one who looks: somebody else decides.
    pub own: bool,
}

/// Those that wait for their second person.
pub async fn open(platform: &Platform, tx: &Tx) -> Result<Vec<ResetRow>> {
    let resets = identity::open_factor_resets(tx, platform.clock.now()).await?;
    let accounts = identity::accounts(tx, resets.iter().map(|reset| reset.account_id)).await?;
    Ok(resets
        .into_iter()
        .filter_map(|reset| {
            let account = accounts.get(&reset.account_id)?;
            Some(ResetRow {
                id: reset.id,
                account: account.id,
                name: account.name.clone(),
                email: account.email.clone(),
                verified: reset.verified,
                started_by: reset.started_by,
                started_by_name: reset.started_by_name,
                at: reset.created_at,
                own: false,
            })
        })
        .collect())
}
