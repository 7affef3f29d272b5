//! Begins the confirmation that the MSP's bank wants: where its owner or admin goes for it.

use std::sync::Arc;

use entity::payments::Step;

use crate::{
    audit,
    payments::{access::PayoutPayer, stripe::Stripe},
    platform::{Platform, Refusal, Result, Work},
};

/// The bank's page.
pub async fn confirm(platform: &Arc<Platform>, mut work: Work, payer: &PayoutPayer) -> Result<String> {
    let row = payer.now(&work).await?;
    let stripe = Stripe::needed(platform)?;
    let nothing = || Refusal::new("nothing_to_confirm", "The bank asks for no confirmation now.", "Look at the payout's history.");
    let (Some(intent), Some(method)) = (&row.intent, &row.method) else { return Err(nothing().into()) };
    if row.step != Step::Confirming {
        return Err(nothing().into());
    }
    let line = audit::Line::new("settlement.confirmation_begun", format!("settlement:{}", row.id)).tenant(row.tenant_id);
    audit::record(&mut work, line.with("attempt", row.attempt)).await?;
    work.enqueue(&crate::payments::jobs::Advance { settlement: row.id, due: None }).await?;
    work.commit().await?;
    let back = platform.config.link(&format!("/legal/payouts/{}/confirmed", row.id));
    let there = stripe.confirm_intent(intent, method, &back).await?;
    // Without a page the bank was content: the next look shows it.
    Ok(there.unwrap_or(back))
}
