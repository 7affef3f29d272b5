//! Tells both sides when the included hours of a month are nearly or wholly used: once a month and mark, in the unit of work that
//! logged the hours.

use entity::{
    ids::RetainerId,
    retainers::{retainer, warning},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, QuerySelect, Set};
use time::Date;

use super::step;
use crate::{
    platform::{Error, Result, Work},
    retainers::{Month, bill_of, events, meter},
    tenancy,
};

/// Hundredths of the included time.
const MARKS: [i32; 2] = [80, 100];

/// The retainer, locked until the end of the work: of two who log at once, the later one sees what the first one logged.
pub async fn locked(work: &Work, id: RetainerId) -> Result<retainer::Model> {
    let found = retainer::Entity::within(work.read().reach()).filter(retainer::Column::Id.eq(id)).lock_exclusive();
    found.one(work.read()).await?.ok_or(Error::NotFound)
}

/// After an entry of that day was written.
pub async fn warn(work: &mut Work, row: &retainer::Model, day: Date) -> Result<()> {
    let tenant = tenancy::tenant(work.read(), row.tenant_id).await?.ok_or(Error::NotFound)?;
    let month = Month::containing(day, row.billing_day);
    let billed = bill_of(work.read(), row, &tenant.zone, month).await?;
    let (used, included) = (billed.minutes, billed.bill.included);
    if included == 0 {
        return Ok(());
    }
    let first = meter::iso(month.first);
    let told: Vec<i32> = warning::Entity::within(work.read().reach())
        .filter(warning::Column::RetainerId.eq(row.id))
        .filter(warning::Column::Month.eq(first.as_str()))
        .select_only()
        .column(warning::Column::Percent)
        .into_tuple()
        .all(work.read())
        .await?;
    let reached: Vec<i32> =
        MARKS.into_iter().filter(|mark| used * 100 >= included * i64::from(*mark) && !told.contains(mark)).collect();
    let Some(highest) = reached.last().copied() else { return Ok(()) };
    for percent in reached {
        warning::ActiveModel {
            id: Set(work.id()),
            tenant_id: Set(row.tenant_id),
            retainer_id: Set(row.id),
            month: Set(first.clone()),
            percent: Set(percent),
            told_at: Set(work.now()),
        }
        .insert(work.write())
        .await?;
    }
    let (about, until) = (step::about(row), meter::day_words(month.last));
    let name = work.actor().name.clone();
    if told.contains(&100) {
        return Ok(());
    }
    // In nobody's name: whoever logged the hours is told as well. Of two marks passed at once, the higher one says it.
    if highest == 100 {
        work.tell_of(None, &name, &events::RetainerUsedUp { about, until })
    } else {
        work.tell_of(None, &name, &events::RetainerNearlyUsed { about, until })
    }
}
