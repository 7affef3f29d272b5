//! The MSP's owner or an admin accepts the terms they have seen. One running retainer between a tenant and an attorney.

use entity::{
    retainers::{RetainerStatus, retainer},
    wall::Walled,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};

use super::step;
use crate::{
    platform::{Error, Refusal, Result, Work},
    retainers::{
        Accepter, Terms, events,
        jobs::BillRetainer,
        meter::{self, Month},
        terms::Step,
    },
    tenancy,
};

/// `seen` is the version of the terms on the page the person accepted from.
pub async fn accept(work: &mut Work, accepter: &Accepter, seen: i32) -> Result<()> {
    let row = accepter.now(work).await?;
    Step::Accept.from(row.status)?;
    if row.terms_version != seen {
        return Err(Refusal::new(
            "terms_changed",
            "The terms have changed since you opened them.",
            "Read the new terms, then accept them.",
        )
        .into());
    }
    let running = retainer::Entity::within(work.read().reach())
        .filter(retainer::Column::TenantId.eq(row.tenant_id))
        .filter(retainer::Column::AttorneyId.eq(row.attorney_id))
        .filter(retainer::Column::Status.is_in([RetainerStatus::Active, RetainerStatus::Paused]))
        .count(work.read())
        .await?;
    if running > 0 {
        return Err(Refusal::new(
            "retainer_running",
            "There is a running retainer with this attorney already.",
            "Cancel the old one, then accept this.",
        )
        .into());
    }
    step::take(work, &row, Step::Accept).await?;
    step::write_down(work, &row, "retainer.accepted", &Terms::of(&row).words()).await?;
    let tenant = tenancy::tenant(work.read(), row.tenant_id).await?.ok_or(Error::NotFound)?;
    let month = Month::containing(meter::day_in(&tenant.zone, work.now()), row.billing_day);
    let job = BillRetainer { tenant: row.tenant_id, retainer: row.id };
    work.enqueue_at(&job, meter::start_of(month.next_billing(), &tenant.zone)).await?;
    work.tell(&events::RetainerAccepted { about: step::about(&row) })
}
