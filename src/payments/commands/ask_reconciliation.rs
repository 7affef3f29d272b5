//! The operator asks for the books to be compared with Stripe's now; a job does it.

use crate::{
    audit,
    payments::jobs::ReconcileNow,
    platform::{Result, Work},
    tenancy::caller::Operator,
};

pub async fn ask_reconciliation(work: &mut Work, _operator: &Operator) -> Result<()> {
    let by = work.actor().name.clone();
    work.enqueue(&ReconcileNow { by }).await?;
    audit::record(work, audit::Line::new("payments.reconciliation_asked", "installation")).await
}
