//! Looks at what is true of a settlement outside: our own rows, and Stripe's objects, fetched now.

use entity::{
    Moment, Unwalled,
    payments::{payee, payer, settlement},
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter};

use crate::{
    payments::{
        settlement::{Facts, Payee, Payer, State},
        stripe::{Called, Stripe},
    },
    platform::{Result, Tx},
};

/// Names of objects that a call has just answered and that stand in no row yet.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub intent: Option<String>,
    pub transfer: Option<String>,
}

/// Payer and payee as our rows hold them.
pub async fn parties(tx: &Tx, row: &settlement::Model) -> Result<(Option<Payer>, Option<Payee>)> {
    let payer = payer::Entity::within(tx.reach()).filter(payer::Column::TenantId.eq(row.tenant_id)).one(tx).await?;
    let payee = payee::Entity::rows().filter(payee::Column::AccountId.eq(row.payee_id)).one(tx).await?;
    let payer = payer.and_then(|row| Some(Payer { customer: row.customer?, method: row.method? }));
    let payee = payee.and_then(|row| Some(Payee { account: row.stripe_account?, transfers: row.transfers, payouts: row.payouts }));
    Ok((payer, payee))
}

/// Stripe's side. What our row does not name yet is looked for: a call's answer may have been lost.
pub async fn look(stripe: &Stripe, row: &settlement::Model, state: &State, known: &Known, facts: &mut Facts) -> Called<()> {
    let id = row.id.to_string();
    let mut intent = state.intent.clone().or_else(|| known.intent.clone());
    if intent.is_none()
        && state.attempt > 0
        && let (Some(customer), Some(since)) = (&state.customer, state.key_at)
    {
        // A key is renewed only after its day has passed, so the first call may lie that much earlier.
        let since = since.plus(-30 * Moment::DAY);
        intent = stripe.find_intent(customer, since, &id, state.attempt).await?;
    }
    let Some(intent) = intent else { return Ok(()) };
    let intent = facts.intent.insert(stripe.intent(&intent).await?);
    if !intent.charge.as_ref().is_some_and(|charge| charge.succeeded) {
        return Ok(());
    }
    let transfer = match state.transfer.clone().or_else(|| known.transfer.clone()) {
        Some(transfer) => Some(transfer),
        None => stripe.find_transfer(&group(&id, state.attempt)).await?,
    };
    let Some(transfer) = transfer else { return Ok(()) };
    let transfer = facts.transfer.insert(stripe.transfer_fact(&transfer).await?);
    if let Some(payee) = &facts.payee {
        facts.payout = stripe.payout_of(&payee.account, transfer).await?;
    }
    Ok(())
}

/// The name under which Stripe keeps a charge and its transfer together.
pub fn group(settlement: &str, attempt: i32) -> String {
    format!("{settlement}:{attempt}")
}
