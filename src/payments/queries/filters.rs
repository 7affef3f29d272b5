//! Which agreements and parties there are to choose from, and how far each is billed.

use std::collections::BTreeSet;

use entity::{
    ids::{AccountId, TenantId},
    payments::settlement,
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::history::day_words;
use crate::{
    payments::PayoutSeat,
    platform::{Result, Tx},
    tenancy::{self, Seat},
};

/// The first days of an agreement's periods that stand.
pub async fn settled_periods(tx: &Tx, agreement: &str) -> Result<BTreeSet<String>> {
    let found: Vec<String> = settlement::Entity::within(tx.reach())
        .filter(settlement::Column::Agreement.eq(agreement))
        .select_only()
        .column(settlement::Column::PeriodFirst)
        .into_tuple()
        .all(tx)
        .await?;
    Ok(found.into_iter().collect())
}

/// The last day that has been billed.
pub async fn settled_until(tx: &Tx, agreement: &str) -> Result<Option<String>> {
    Ok(settlement::Entity::within(tx.reach())
        .filter(settlement::Column::Agreement.eq(agreement))
        .order_by_desc(settlement::Column::PeriodLast)
        .select_only()
        .column(settlement::Column::PeriodLast)
        .into_tuple()
        .one(tx)
        .await?)
}

/// The agreements of which this person sees settlements: the word, whose it is, and its first period; for a filter.
pub async fn agreements(tx: &Tx, seat: &PayoutSeat) -> Result<Vec<(String, String)>> {
    let rows = seat
        .visible(tx)
        .select_only()
        .column(settlement::Column::Agreement)
        .column(settlement::Column::TenantId)
        .column_as(settlement::Column::PayeeName.max(), "name")
        .column_as(settlement::Column::PeriodFirst.min(), "first")
        .group_by(settlement::Column::Agreement)
        .group_by(settlement::Column::TenantId)
        .into_tuple::<(String, TenantId, String, String)>()
        .all(tx)
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for (agreement, tenant, payee, first) in rows {
        let with = match seat.caller.seat {
            Seat::Staff { .. } => payee,
            _ => tenancy::tenant(tx, tenant).await?.map_or_else(String::new, |tenant| tenant.name),
        };
        found.push((agreement, format!("{with}, since {}", day_words(&first))));
    }
    found.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(found)
}

/// Those on the other side: attorneys for an MSP, MSPs for an attorney; for a filter.
pub async fn others(tx: &Tx, seat: &PayoutSeat) -> Result<Vec<(String, String)>> {
    let rows = seat
        .visible(tx)
        .select_only()
        .column(settlement::Column::TenantId)
        .column(settlement::Column::PayeeId)
        .column_as(settlement::Column::PayeeName.max(), "name")
        .group_by(settlement::Column::TenantId)
        .group_by(settlement::Column::PayeeId)
        .into_tuple::<(TenantId, AccountId, String)>()
        .all(tx)
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for (tenant, payee, name) in rows {
        found.push(match seat.caller.seat {
            Seat::Staff { .. } => (payee.to_string(), name),
            _ => (tenant.to_string(), tenancy::tenant(tx, tenant).await?.map_or_else(String::new, |tenant| tenant.name)),
        });
    }
    found.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(found)
}

/// The MSP of the first settlement this person sees.
pub async fn first_tenant(tx: &Tx, seat: &PayoutSeat) -> Result<Option<TenantId>> {
    let first = seat.visible(tx).order_by_asc(settlement::Column::CreatedAt).order_by_asc(settlement::Column::Id).one(tx).await?;
    Ok(first.map(|row| row.tenant_id))
}
