//! Bills every month of a retainer that has ended and was not billed: the settlement is on its way, and the entries stand.

use entity::{
    Moment,
    retainers::{RetainerStatus, retainer, time_entry},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use time::Date;

use crate::{
    audit, payments,
    payments::{Line, NewSettlement},
    platform::{Result, Work, money},
    retainers::{
        Mandate, MonthBill, bill_of,
        meter::{self, Month},
        minutes,
    },
    tenancy,
};

/// When to look again: the start of the next billing day in the tenant's zone; none once there is nothing more to bill.
pub async fn bill_months(work: &mut Work, mandate: &Mandate) -> Result<Option<Moment>> {
    let row = mandate.now(work).await?;
    let tenant = tenancy::tenant(work.read(), row.tenant_id).await?.ok_or(crate::platform::Error::NotFound)?;
    let today = meter::day_in(&tenant.zone, work.now());
    let Some(begun) = first_day(&row, &tenant.zone) else { return Ok(None) };
    let agreement = format!("retainer:{}", row.id);
    let settled = payments::settled_periods(work.read(), &agreement).await?;
    let mut month = Month::containing(begun, row.billing_day);
    let mut billed = 0;
    while month.last < today {
        let first = meter::iso(month.first);
        if !settled.contains(&first) {
            let owed = bill_of(work.read(), &row, &tenant.zone, month).await?;
            if owed.bill.total() > 0 {
                let input = NewSettlement {
                    tenant: row.tenant_id,
                    agreement: agreement.clone(),
                    payee: row.attorney_id,
                    payee_name: row.attorney_name.clone(),
                    first,
                    last: meter::iso(month.last),
                    currency: row.currency.clone(),
                    lines: lines(&row, &owed),
                    agreed: mandate.agreed(),
                };
                if payments::schedule(work, input).await?.is_some() {
                    billed += 1;
                }
            }
            settle_entries(work, &row, month).await?;
        }
        month = Month::containing(month.next_billing(), row.billing_day);
    }
    if billed > 0 {
        let line = audit::Line::new("retainer.billed", format!("retainer:{}", row.id)).tenant(row.tenant_id).with("months", billed);
        audit::record(work, line).await?;
    } else {
        work.counts_as_audited("nothing was owed");
    }
    let ended = row.status == RetainerStatus::Cancelled && meter::day_in(&tenant.zone, row.updated_at) < month.first;
    Ok((!ended).then(|| meter::start_of(month.next_billing(), &tenant.zone)))
}

/// The first day that can be owed: months that had ended before the acceptance are not.
fn first_day(row: &retainer::Model, zone: &str) -> Option<Date> {
    let accepted = meter::day_in(zone, row.accepted_at?);
    let starts = meter::day(&row.starts_on).unwrap_or(accepted);
    Some(Month::containing(accepted, row.billing_day).first.max(starts))
}

fn lines(row: &retainer::Model, owed: &MonthBill) -> Vec<Line> {
    let (bill, month) = (&owed.bill, owed.bill.month);
    let days = if bill.is_whole() { String::new() } else { format!(" for {} of {} days", bill.days, month.days()) };
    let carried = match bill.carried {
        0 => String::new(),
        carried => format!(" and {} h carried over", minutes::hours(carried)),
    };
    let hours = format!("/legal/retainers/{}/hours?from={}&to={}", row.id, meter::iso(month.first), meter::iso(month.last));
    let mut lines = vec![Line {
        what: format!("Monthly fee{days}, {} h included{carried}", minutes::hours(bill.included - bill.carried)),
        amount: bill.fee,
        href: format!("/legal/retainers/{}", row.id),
    }];
    if bill.over > 0 {
        lines.push(Line {
            what: format!(
                "{} h worked, {} h beyond the included at {} an hour",
                minutes::hours(owed.minutes),
                minutes::hours(bill.over),
                money::words(owed.terms.overage_rate, &row.currency)
            ),
            amount: bill.overage,
            href: hours,
        });
    }
    lines.retain(|line| line.amount > 0);
    lines
}

/// From now on the month's entries stand.
async fn settle_entries(work: &mut Work, row: &retainer::Model, month: Month) -> Result<()> {
    time_entry::Entity::update_many()
        .col_expr(time_entry::Column::SettledAt, Expr::value(Some(work.now().0)))
        .filter(time_entry::Column::RetainerId.eq(row.id))
        .filter(time_entry::Column::TenantId.eq(row.tenant_id))
        .filter(time_entry::Column::SettledAt.is_null())
        .filter(time_entry::Column::WorkedOn.between(meter::iso(month.first), meter::iso(month.last)))
        .exec(work.write())
        .await?;
    Ok(())
}
