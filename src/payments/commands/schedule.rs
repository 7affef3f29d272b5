//! Puts a period's bill on its way: what is owed stands in the books, and the charge has its moment. Once a period.

use entity::{
    Moment,
    ids::{AccountId, SettlementId, TenantId},
    payments::{Movement, PayoutStatus, Step, Turn, settlement},
    wall::Walled,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::OnConflict};
use serde::{Deserialize, Serialize};

use super::{mail_statements::await_month, note, post};
use crate::{
    audit,
    payments::{Book, Posting, calendar::Calendar, events, jobs::Advance},
    platform::{Error, Result, Work, money},
    tenancy,
};

/// One line of the bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub what: String,
    /// Minor units.
    pub amount: i64,
    /// The page that shows what it is made of.
    pub href: String,
}

/// Who agreed to be charged: without an accepted agreement there is nothing to schedule.
#[derive(Clone, Debug)]
pub struct Agreed {
    pub by: AccountId,
    pub by_name: String,
    pub at: Moment,
    pub version: i32,
}

#[derive(Clone, Debug)]
pub struct NewSettlement {
    pub tenant: TenantId,
    /// The caller's word for it: `retainer:ID`.
    pub agreement: String,
    pub payee: AccountId,
    pub payee_name: String,
    /// `2026-03-01`, both inclusive.
    pub first: String,
    pub last: String,
    /// ISO 4217.
    pub currency: String,
    pub lines: Vec<Line>,
    pub agreed: Agreed,
}

/// None where this period stands already.
pub async fn schedule(work: &mut Work, input: NewSettlement) -> Result<Option<SettlementId>> {
    let amount: i64 = input.lines.iter().map(|line| line.amount).sum();
    if amount <= 0 {
        return Err(Error::internal(anyhow::anyhow!("nothing is owed for {} of {}", input.first, input.agreement)));
    }
    let id: SettlementId = work.id();
    let now = work.now();
    let limit =
        money::parse_loosely(&work.platform().config.payout_approval_limit.to_string(), &input.currency).unwrap_or(i64::MAX);
    let above = amount > limit;
    let row = settlement::ActiveModel {
        id: Set(id),
        tenant_id: Set(input.tenant),
        agreement: Set(input.agreement.clone()),
        payee_id: Set(input.payee),
        payee_name: Set(input.payee_name.clone()),
        period_first: Set(input.first.clone()),
        period_last: Set(input.last.clone()),
        amount: Set(amount),
        currency: Set(input.currency.clone()),
        lines: Set(serde_json::to_string(&input.lines)?),
        agreed_by: Set(input.agreed.by),
        agreed_by_name: Set(input.agreed.by_name.clone()),
        agreed_at: Set(input.agreed.at),
        agreed_version: Set(input.agreed.version),
        step: Set(if above { Step::Approval } else { Step::Scheduled }),
        status: Set(PayoutStatus::Scheduled),
        cause: Set(if above { "approval".to_owned() } else { String::new() }),
        turn: Set(if above { Turn::Msp } else { Turn::Nobody }),
        attempt: Set(0),
        next_at: Set((!above).then_some(now)),
        key_at: Set(None),
        customer: Set(None),
        method: Set(None),
        intent: Set(None),
        charge: Set(None),
        transfer: Set(None),
        payout: Set(None),
        arrives_at: Set(None),
        fee: Set(0),
        version: Set(1),
        paid_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let once = OnConflict::columns([settlement::Column::Agreement, settlement::Column::PeriodFirst]).do_nothing().to_owned();
    if settlement::Entity::insert(row).on_conflict(once).exec_without_returning(work.write()).await? == 0 {
        work.counts_as_audited("the period was settled before");
        return Ok(None);
    }
    let due = Posting {
        tenant: input.tenant,
        book: Book::Agreement(input.agreement.clone()),
        movement: Movement::Due,
        amount,
        currency: input.currency.clone(),
        source: format!("settlement:{id}"),
        reference: String::new(),
    };
    post(work, due).await?;
    begin_statements(work, &input).await?;
    let row = settlement::Entity::within(work.read().reach())
        .filter(settlement::Column::Id.eq(id))
        .one(work.read())
        .await?
        .ok_or(Error::NotFound)?;
    note(work, &row, &format!("Billed: {}", money::words(amount, &input.currency)), "").await?;
    if above {
        note(work, &row, "The amount is above the limit: two people must approve it", "").await?;
    } else {
        work.enqueue(&Advance { settlement: id, due: Some(now) }).await?;
    }
    let line = audit::Line::new("settlement.scheduled", format!("settlement:{id}"))
        .tenant(input.tenant)
        .with("agreement", input.agreement)
        .with("period", format!("{} to {}", input.first, input.last))
        .with("amount", amount)
        .with("currency", input.currency)
        .with("agreed_by", input.agreed.by_name);
    audit::record(work, line).await?;
    work.tell(&events::PayoutScheduled { about: events::about(&row) })?;
    if above {
        work.tell(&events::PayoutNeedsMsp { about: events::about(&row) })?;
    }
    Ok(Some(id))
}

/// With a tenant's first settlement its monthly statements begin; each month's job waits for the next one's.
async fn begin_statements(work: &mut Work, input: &NewSettlement) -> Result<()> {
    let zone = tenancy::tenant(work.read(), input.tenant).await?.ok_or(Error::NotFound)?.zone;
    let month = Calendar::at(&zone, work.now());
    await_month(work, input.tenant, &zone, month).await
}
