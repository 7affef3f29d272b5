//! The Payout History: settlements as the reader sees them, and what waits for whom.

use std::collections::HashMap;

use entity::{
    Moment,
    ids::{SettlementId, TenantId},
    payments::{PayoutStatus, Step, Turn, approval, happening, settlement},
    wall::Walled,
};
use sea_orm::{ColumnTrait, Condition, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::{
    payments::{
        Line, PayoutSeat,
        cause::{Cause, Fix},
    },
    platform::{Count, Error, Leaf, Platform, Result, Tx, money, web::paging::PAGE_SIZE},
    tenancy::{self, Caller, Seat},
};

/// So long after its moment what was to be charged by itself counts as stuck: the job runs within seconds.
const PATIENCE: i64 = Moment::HOUR;

/// Whether anything is charged on this installation at all, and what time it is: what is stored of a payout says neither.
#[derive(Clone, Copy, Debug)]
pub struct Till {
    /// Stripe is set up.
    pub ready: bool,
    pub now: Moment,
}

impl Till {
    pub fn of(platform: &Platform) -> Self {
        Self { ready: platform.config.stripe_secret_key.is_some(), now: platform.clock.now() }
    }

    /// The row as it stands: what cannot go on by itself is the operator's turn and has no next attempt.
    fn read(self, mut row: settlement::Model) -> settlement::Model {
        let waits = row.step == Step::Scheduled || (row.step == Step::Failed && row.turn != Turn::Attorney);
        let cause = if waits && !self.ready {
            "stripe_missing"
        } else if row.step == Step::Scheduled && row.next_at.is_some_and(|at| at < self.now.plus(-PATIENCE)) {
            "not_run"
        } else {
            return row;
        };
        (row.cause, row.turn, row.next_at) = (cause.to_owned(), Turn::Operator, None);
        row
    }
}

/// Scheduled for a moment that is well past.
fn overdue(now: Moment) -> Condition {
    Condition::all().add(settlement::Column::Step.eq(Step::Scheduled)).add(settlement::Column::NextAt.lt(now.plus(-PATIENCE).0))
}

/// One line of the Payout History, as this person reads it.
#[derive(Clone, Debug)]
pub struct PayoutLine {
    pub id: SettlementId,
    pub tenant: TenantId,
    /// Whose side the reader is not.
    pub with: String,
    /// Who is paid.
    pub payee: String,
    /// Stripe's name of the charge, or empty.
    pub reference: String,
    pub first: String,
    pub last: String,
    pub amount: i64,
    pub currency: String,
    pub step: Step,
    pub status: PayoutStatus,
    pub cause: Cause,
    pub turn: Turn,
    pub attempt: i32,
    pub next_at: Option<Moment>,
    pub arrives_at: Option<Moment>,
    pub created_at: Moment,
    pub paid_at: Option<Moment>,
    /// The reader is the one whose turn it is.
    pub mine: bool,
}

impl PayoutLine {
    pub fn amount_words(&self) -> String {
        money::words(self.amount, &self.currency)
    }

    pub fn period_words(&self) -> String {
        between(&self.first, &self.last)
    }

    /// Who is to act, from the reader's side.
    pub fn turn_words(&self) -> &'static str {
        if self.mine { "You" } else { self.turn.label() }
    }

    /// What whoever's turn it is does, the label of their button, and where it goes.
    pub fn fix(&self) -> Option<(&'static str, &'static str, Fix)> {
        self.cause.fix(self.turn)
    }

    /// The button of a reader whose turn it is: to the place of the fix, or to the payout that has the button.
    pub fn place(&self) -> Option<(&'static str, String)> {
        let (_, label, fix) = self.fix().filter(|_| self.mine)?;
        Some((label, self.place_of(fix)))
    }

    pub fn place_of(&self, fix: Fix) -> String {
        match fix {
            Fix::Method => "/legal/billing".to_owned(),
            Fix::Account => "/legal/profile/payouts".to_owned(),
            Fix::Approve | Fix::Confirm | Fix::TryAgain | Fix::Waive | Fix::Stripe => format!("/legal/payouts/{}", self.id),
        }
    }

    /// Tries left after those begun, out of the first and its retries.
    pub fn attempts_left(&self, retries: usize) -> i64 {
        Ord::max(i64::try_from(retries).unwrap_or(0) + 1 - i64::from(self.attempt), 0)
    }

    /// It is to be charged again by itself.
    pub fn is_tried(&self) -> bool {
        self.step == Step::Scheduled
    }

    /// It would go on if payments were set up, or had not been forgotten at its moment.
    pub fn is_stuck(&self) -> bool {
        matches!(self.cause.0.as_str(), "stripe_missing" | "not_run")
    }

    pub fn left_words(&self, retries: usize) -> String {
        match self.attempts_left(retries) {
            0 => "no attempt after it".to_owned(),
            1 => "1 attempt left".to_owned(),
            left => format!("{left} attempts left"),
        }
    }

    pub fn is_over(&self) -> bool {
        matches!(self.step, Step::Paid | Step::Waived)
    }

    /// The tone of its badge.
    pub fn tone(&self) -> &'static str {
        match (self.status, self.step) {
            _ if self.is_stuck() => "red",
            (_, Step::Waived) => "grey",
            (PayoutStatus::Paid, _) => "green",
            (PayoutStatus::Failed, _) => "red",
            (PayoutStatus::Retrying, _) => "amber",
            (PayoutStatus::Processing, _) => "blue",
            (PayoutStatus::Scheduled, _) => "grey",
        }
    }

    pub fn label(&self) -> &'static str {
        match self.step {
            _ if self.is_stuck() => "Not charged",
            Step::Waived => Step::Waived.label(),
            _ => self.status.label(),
        }
    }
}

/// `1 Mar 2026 – 31 Mar 2026`
pub fn period_words(row: &settlement::Model) -> String {
    between(&row.period_first, &row.period_last)
}

fn between(first: &str, last: &str) -> String {
    format!("{} – {}", day_words(first), day_words(last))
}

/// `2026-03-01` → `1 Mar 2026`
pub fn day_words(day: &str) -> String {
    let format = time::macros::format_description!("[year]-[month]-[day]");
    time::Date::parse(day, format).map_or_else(|_| day.to_owned(), |day| Moment::of_day(day).day_words())
}

pub fn is_mine(caller: &Caller, row: &settlement::Model) -> bool {
    match row.turn {
        Turn::Nobody => false,
        Turn::Msp => caller.manages(row.tenant_id),
        Turn::Attorney => caller.is_attorney() && row.payee_id == caller.account,
        Turn::Operator => matches!(caller.seat, Seat::Operator),
    }
}

async fn line(tx: &Tx, caller: &Caller, row: settlement::Model, till: Till) -> Result<PayoutLine> {
    lines(tx, caller, vec![row], till).await?.pop().ok_or(Error::NotFound)
}

async fn lines(tx: &Tx, caller: &Caller, rows: Vec<settlement::Model>, till: Till) -> Result<Vec<PayoutLine>> {
    let rows: Vec<_> = rows.into_iter().map(|row| till.read(row)).collect();
    let tenants = match &caller.seat {
        Seat::Staff { .. } => HashMap::new(),
        _ => tenancy::tenants_among(tx, rows.iter().map(|row| row.tenant_id)).await?,
    };
    let with = |row: &settlement::Model| match &caller.seat {
        Seat::Staff { .. } => row.payee_name.clone(),
        _ => tenants.get(&row.tenant_id).map(|tenant| tenant.name.clone()).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(|row| read(with(&row), is_mine(caller, &row), row)).collect())
}

fn read(with: String, mine: bool, row: settlement::Model) -> PayoutLine {
    PayoutLine {
        id: row.id,
        tenant: row.tenant_id,
        with,
        payee: row.payee_name,
        reference: row.charge.or(row.intent).unwrap_or_default(),
        first: row.period_first,
        last: row.period_last,
        amount: row.amount,
        currency: row.currency,
        step: row.step,
        status: row.status,
        cause: Cause(row.cause),
        turn: row.turn,
        attempt: row.attempt,
        next_at: row.next_at,
        arrives_at: row.arrives_at,
        created_at: row.created_at,
        paid_at: row.paid_at,
        mine,
    }
}

/// Which of the Payout History somebody wants to see.
#[derive(Clone, Debug, Default)]
pub struct WantedPayouts {
    pub status: Option<PayoutStatus>,
    pub agreement: Option<String>,
    pub offset: u64,
}

/// A page of the Payout History, latest period first, and how many there are.
pub async fn payouts(tx: &Tx, seat: &PayoutSeat, wanted: &WantedPayouts, till: Till) -> Result<(Vec<PayoutLine>, u64)> {
    let mut select = seat.visible(tx);
    if let Some(status) = wanted.status {
        select = select.filter(settlement::Column::Status.eq(status));
    }
    if let Some(agreement) = &wanted.agreement {
        select = select.filter(settlement::Column::Agreement.eq(agreement));
    }
    let total = select.clone().count(tx).await?;
    let rows = select
        .order_by_desc(settlement::Column::PeriodFirst)
        .order_by_desc(settlement::Column::CreatedAt)
        .order_by_desc(settlement::Column::Id)
        .offset(wanted.offset)
        .limit(PAGE_SIZE)
        .all(tx)
        .await?;
    Ok((lines(tx, &seat.caller, rows, till).await?, total))
}

/// One settlement with everything both sides may read of it.
#[derive(Clone, Debug)]
pub struct PayoutDetail {
    pub line: PayoutLine,
    pub lines: Vec<Line>,
    pub happened: Vec<happening::Model>,
    pub approved_by: Vec<String>,
    pub agreed_by: String,
    pub agreed_at: Moment,
    pub agreed_version: i32,
    pub agreement: String,
    pub fee: i64,
    pub charge: Option<String>,
    pub transfer: Option<String>,
    pub payout: Option<String>,
}

pub async fn payout(tx: &Tx, caller: &Caller, row: settlement::Model, till: Till) -> Result<PayoutDetail> {
    let happened = happening::Entity::within(tx.reach())
        .filter(happening::Column::SettlementId.eq(row.id))
        .order_by_asc(happening::Column::Number)
        .all(tx)
        .await?;
    let approved = approval::Entity::within(tx.reach())
        .filter(approval::Column::SettlementId.eq(row.id))
        .order_by_asc(approval::Column::At)
        .all(tx)
        .await?;
    Ok(PayoutDetail {
        lines: serde_json::from_str(&row.lines)?,
        happened,
        approved_by: approved.into_iter().map(|row| row.name).collect(),
        agreed_by: row.agreed_by_name.clone(),
        agreed_at: row.agreed_at,
        agreed_version: row.agreed_version,
        agreement: row.agreement.clone(),
        fee: row.fee,
        charge: row.charge.clone(),
        transfer: row.transfer.clone(),
        payout: row.payout.clone(),
        line: line(tx, caller, row, till).await?,
    })
}

/// The payouts that wait for this person; none for whom none can.
fn waiting(tx: &Tx, caller: &Caller) -> Option<Select<settlement::Entity>> {
    let select = settlement::Entity::within(tx.reach());
    let select = match &caller.seat {
        Seat::Staff { tenant, .. } if caller.manages(*tenant) => {
            select.filter(settlement::Column::TenantId.eq(*tenant)).filter(settlement::Column::Turn.eq(Turn::Msp))
        }
        Seat::Attorney { .. } => {
            select.filter(settlement::Column::PayeeId.eq(caller.account)).filter(settlement::Column::Turn.eq(Turn::Attorney))
        }
        _ => return None,
    };
    Some(select.filter(settlement::Column::Step.is_not_in([Step::Paid, Step::Waived])))
}

/// How many they are.
pub fn waiting_count(tx: &Tx, caller: &Caller) -> Option<Count> {
    waiting(tx, caller).map(Count::of)
}

/// The oldest of them: the tasks of a first screen.
pub async fn waiting_for(tx: &Tx, caller: &Caller, till: Till) -> Result<Vec<PayoutLine>> {
    let Some(select) = waiting(tx, caller) else { return Ok(Vec::new()) };
    let rows = select.order_by_asc(settlement::Column::UpdatedAt).limit(20).all(tx).await?;
    lines(tx, caller, rows, till).await
}

/// How many payouts of a tenant wait for somebody, and since when the oldest does. What should have gone on by itself and did
/// not is the operator's turn.
pub async fn waiting_on(tx: &Tx, tenant: TenantId, turn: Turn, now: Moment) -> Result<Option<(u64, Moment)>> {
    let mut whose = Condition::any().add(settlement::Column::Turn.eq(turn));
    if turn == Turn::Operator {
        whose = whose.add(overdue(now).add(settlement::Column::Turn.eq(Turn::Nobody)));
    }
    let rows = settlement::Entity::within(tx.reach())
        .filter(settlement::Column::TenantId.eq(tenant))
        .filter(whose)
        .filter(settlement::Column::Step.is_not_in([Step::Paid, Step::Waived]));
    Ok(match rows.clone().order_by_asc(settlement::Column::UpdatedAt).one(tx).await? {
        Some(first) => Some((rows.count(tx).await?, first.updated_at)),
        None => None,
    })
}

/// Everything that does not go on by itself, oldest first; of one tenant, or of all.
pub async fn stuck(tx: &Tx, caller: &Caller, offset: u64, till: Till) -> Result<(Vec<PayoutLine>, u64)> {
    let select = settlement::Entity::within(tx.reach())
        .filter(
            Condition::any()
                .add(settlement::Column::Turn.ne(Turn::Nobody))
                .add(settlement::Column::Step.is_in([Step::Failed, Step::Halted]))
                .add(overdue(till.now)),
        )
        .filter(settlement::Column::Step.is_not_in([Step::Paid, Step::Waived]));
    let total = select.clone().count(tx).await?;
    let rows = select.order_by_asc(settlement::Column::CreatedAt).offset(offset).limit(PAGE_SIZE).all(tx).await?;
    Ok((lines(tx, caller, rows, till).await?, total))
}

/// The payouts of a tenant, the oldest first, as programs read on.
pub async fn payouts_leaf(
    tx: &Tx,
    tenant: TenantId,
    status: Option<PayoutStatus>,
    leaf: &Leaf,
) -> Result<(Vec<settlement::Model>, Option<uuid::Uuid>)> {
    let mut rows = settlement::Entity::within(tx.reach()).filter(settlement::Column::TenantId.eq(tenant));
    if let Some(status) = status {
        rows = rows.filter(settlement::Column::Status.eq(status));
    }
    Ok(leaf.cut(leaf.select(rows, settlement::Column::Id).all(tx).await?, |row| row.id.0))
}
