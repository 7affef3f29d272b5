//! The way to the attorney's own dashboard at Stripe: a link that opens once.

use std::sync::Arc;

use super::refresh_payee::refresh_payee;
use crate::{
    audit,
    payments::{access::Earner, queries, stripe::Stripe},
    platform::{Actor, Platform, Refusal, Result},
};

/// Its address.
pub async fn open_dashboard(platform: &Arc<Platform>, actor: Actor, earner: &Earner) -> Result<String> {
    let stripe = Stripe::needed(platform)?;
    let me = earner.caller.account;
    let mut work = platform.work(actor, earner.caller.reach()).await?;
    let account = queries::payee_of(work.read(), me).await?.filter(|row| row.submitted).and_then(|row| row.stripe_account);
    let Some(account) = account else {
        return Err(Refusal::new("no_account_yet", "There is no payout account to open yet.", "Finish its set-up first.").into());
    };
    let line = audit::Line::new("payout_account.shown_at_stripe", format!("account:{me}"));
    audit::record(&mut work, line).await?;
    work.commit().await?;
    Ok(stripe.login_link(&account).await?)
}

/// What is known of the account is looked at anew; where Stripe does not answer, what was seen last stands.
pub async fn look_at_account(platform: &Arc<Platform>, actor: Actor, earner: &Earner) {
    if let Err(error) = refresh_payee(platform, actor, earner.caller.account).await {
        tracing::warn!(%error, "the payout account is looked at later");
    }
}
