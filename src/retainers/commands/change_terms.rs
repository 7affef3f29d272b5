//! New terms for a retainer that runs, from the first day of a later month: offered by its attorney, taken back by them, accepted
//! or declined by the MSP. Until then, and for the months before, the old ones hold.

use entity::{
    ids::AmendmentId,
    retainers::{AmendmentStatus, RetainerStatus, amendment, retainer},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};
use time::Date;

use super::{step, warn::locked};
use crate::{
    platform::{Error, Refusal, Result, Work},
    retainers::{Accepter, Month, Offerer, Terms, events, meter, queries::bills::Changes},
    tenancy,
};

/// The first days of the next twelve months: from which new terms may hold.
pub fn days(today: Date, billing_day: i32) -> Vec<Date> {
    let mut month = Month::containing(today, billing_day);
    let mut days = Vec::with_capacity(12);
    for _ in 0..12 {
        month = Month::containing(month.next_billing(), billing_day);
        days.push(month.first);
    }
    days
}

fn runs(row: &retainer::Model) -> Result<()> {
    match row.status {
        RetainerStatus::Active | RetainerStatus::Paused => Ok(()),
        _ => Err(Refusal::new(
            "retainer_not_running",
            "Terms change from a later month only while the retainer runs.",
            "Look at its status again.",
        )
        .into()),
    }
}

async fn today(work: &Work, row: &retainer::Model) -> Result<Date> {
    let tenant = tenancy::tenant(work.read(), row.tenant_id).await?.ok_or(Error::NotFound)?;
    Ok(meter::day_in(&tenant.zone, work.now()))
}

pub async fn offer_change(work: &mut Work, who: &Offerer, terms: &Terms, from: Date) -> Result<AmendmentId> {
    let row = locked(work, who.now(work).await?.id).await?;
    runs(&row)?;
    let changes = Changes::read(work.read(), &row).await?;
    if changes.offered.is_some() {
        return Err(Refusal::new(
            "change_offered",
            "New terms wait for the MSP already.",
            "Take them back to offer others, or wait for the answer.",
        )
        .into());
    }
    if !days(today(work, &row).await?, row.billing_day).contains(&from) {
        return Err(Error::invalid("effective_on", "Choose one of the months in the list."));
    }
    let iso = meter::iso(from);
    if changes.accepted.last().is_some_and(|last| last.effective_on > iso) {
        let last =
            changes.accepted.last().and_then(|last| meter::day(&last.effective_on)).map_or_else(String::new, meter::day_words);
        return Err(Error::invalid(
            "effective_on",
            format!("New terms were accepted from {last}. Choose that month or a later one."),
        ));
    }
    let now = Changes::terms_in(&changes, Month::containing(from, row.billing_day));
    let terms = Terms { currency: now.currency.clone(), starts_on: now.starts_on, billing_day: now.billing_day, ..terms.clone() };
    if terms == now {
        return Err(Error::invalid("fee", "These are the terms that hold then anyway. Change at least one of them."));
    }
    let id: AmendmentId = work.id();
    amendment::ActiveModel {
        id: Set(id),
        tenant_id: Set(row.tenant_id),
        retainer_id: Set(row.id),
        status: Set(AmendmentStatus::Offered),
        fee: Set(terms.fee),
        included_minutes: Set(terms.included_minutes),
        overage_rate: Set(terms.overage_rate),
        rolls_over: Set(terms.rolls_over),
        effective_on: Set(iso),
        offered_at: Set(work.now()),
        offered_by_name: Set(work.actor().name.clone()),
        decided_at: Set(None),
        decided_by: Set(None),
        decided_by_name: Set(None),
    }
    .insert(work.write())
    .await?;
    step::write_down(work, &row, "retainer.change_offered", &words(&terms, from)).await?;
    work.tell(&events::ChangeOffered { about: step::about(&row) })?;
    Ok(id)
}

fn words(terms: &Terms, from: Date) -> String {
    format!("from {}: {}", meter::day_words(from), terms.price_words())
}

pub async fn withdraw_change(work: &mut Work, who: &Offerer, seen: AmendmentId) -> Result<()> {
    let row = locked(work, who.now(work).await?.id).await?;
    let (offered, detail) = offered(work, &row, seen).await?;
    decide(work, &offered, AmendmentStatus::Withdrawn).await?;
    step::write_down(work, &row, "retainer.change_withdrawn", &detail).await?;
    work.tell(&events::ChangeWithdrawn { about: step::about(&row) })
}

/// `seen` is the offer on the page the person accepted from.
pub async fn accept_change(work: &mut Work, who: &Accepter, seen: AmendmentId) -> Result<()> {
    let row = locked(work, who.now(work).await?.id).await?;
    runs(&row)?;
    let (offered, detail) = offered(work, &row, seen).await?;
    if offered.effective_on <= meter::iso(today(work, &row).await?) {
        return Err(Refusal::new(
            "too_late",
            "The day on which these terms were to begin has come: a month that runs does not change.",
            "Decline them and ask the attorney to offer them from a later month.",
        )
        .into());
    }
    decide(work, &offered, AmendmentStatus::Accepted).await?;
    step::write_down(work, &row, "retainer.change_accepted", &detail).await?;
    work.tell(&events::ChangeAccepted { about: step::about(&row) })
}

pub async fn decline_change(work: &mut Work, who: &Accepter, seen: AmendmentId) -> Result<()> {
    let row = locked(work, who.now(work).await?.id).await?;
    let (offered, detail) = offered(work, &row, seen).await?;
    decide(work, &offered, AmendmentStatus::Declined).await?;
    step::write_down(work, &row, "retainer.change_declined", &detail).await?;
    work.tell(&events::ChangeDeclined { about: step::about(&row) })
}

/// What waits, if it is what the person has seen; and its words.
async fn offered(work: &Work, row: &retainer::Model, seen: AmendmentId) -> Result<(amendment::Model, String)> {
    let changes = Changes::read(work.read(), row).await?;
    let Some(offered) = changes.offered.filter(|offered| offered.id == seen) else {
        return Err(Refusal::new(
            "terms_changed",
            "These new terms do not wait any more: they were taken back, or decided on before.",
            "Read what stands on the retainer's page now.",
        )
        .into());
    };
    let from = meter::day(&offered.effective_on).unwrap_or_else(|| offered.offered_at.date());
    let words = words(&changes.first.changed(&offered), from);
    Ok((offered, words))
}

async fn decide(work: &mut Work, offered: &amendment::Model, status: AmendmentStatus) -> Result<()> {
    let (now, actor) = (work.now().0, work.actor().clone());
    amendment::Entity::update_many()
        .col_expr(amendment::Column::Status, Expr::value(status.word()))
        .col_expr(amendment::Column::DecidedAt, Expr::value(now))
        .col_expr(amendment::Column::DecidedBy, Expr::value(actor.account.map(|account| account.0)))
        .col_expr(amendment::Column::DecidedByName, Expr::value(actor.name))
        .filter(amendment::Column::Id.eq(offered.id))
        .filter(amendment::Column::Status.eq(AmendmentStatus::Offered))
        .exec(work.write())
        .await?;
    Ok(())
}
