//! The primary attorney writes a retainer; the MSP sees it once it is offered.

use entity::{
    ids::{RetainerId, TenantId},
    retainers::{RetainerStatus, retainer},
};
use sea_orm::{ActiveModelTrait, Set};

use super::step;
use crate::{
    platform::{Error, Result, Work},
    retainers::{RetainerPrimary, Terms, meter},
};

pub async fn draft(work: &mut Work, primary: &RetainerPrimary, tenant: TenantId, terms: &Terms) -> Result<RetainerId> {
    if !primary.tenants.contains(&tenant) {
        return Err(Error::NotFound);
    }
    let now = work.now();
    let row = retainer::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(tenant),
        attorney_id: Set(primary.caller.account),
        attorney_name: Set(primary.caller.name.clone()),
        status: Set(RetainerStatus::Draft),
        fee: Set(terms.fee),
        currency: Set(terms.currency.clone()),
        included_minutes: Set(terms.included_minutes),
        overage_rate: Set(terms.overage_rate),
        rolls_over: Set(terms.rolls_over),
        starts_on: Set(meter::iso(terms.starts_on)),
        billing_day: Set(terms.billing_day),
        terms_version: Set(1),
        accepted_by: Set(None),
        accepted_by_name: Set(None),
        accepted_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(work.write())
    .await?;
    step::write_down(work, &row, "retainer.drafted", &terms.words()).await?;
    Ok(row.id)
}
