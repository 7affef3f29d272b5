//! Balances and what made them.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use entity::{
    Moment, Unwalled,
    ids::{AccountId, LedgerAccountId, SettlementId, TenantId},
    payments::{
        AccountKind, Movement, PayoutStatus, Step, Turn, account, approval, happening, payee, payer, posting, reconciliation,
        settlement, webhook,
    },
    wall::Walled,
};
use sea_orm::{ColumnTrait, Condition, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::{
    Book, Line, PayoutSeat,
    settlement::{Cause, Fix},
    statement::Moved,
    stripe::Stripe,
};
use crate::{
    platform::{Platform, Result, Tx, money, web::paging::PAGE_SIZE},
    tenancy::{self, Caller, Seat},
};

/// What lies in each account of a book, by currency; debit is positive. Every currency of a book sums to zero.
pub type Balances = BTreeMap<(String, AccountKind), i64>;

pub async fn balances(tx: &Tx, book: &Book) -> Result<Balances> {
    let accounts = account::Entity::within(tx.reach()).filter(account::Column::Book.eq(book.to_string())).all(tx).await?;
    let mut balances = Balances::new();
    for row in accounts {
        let balance = balance(tx, row.id).await?;
        balances.insert((row.currency, row.kind), balance);
    }
    Ok(balances)
}

/// Minor units; debit is positive.
pub(super) async fn balance(tx: &Tx, account: LedgerAccountId) -> Result<i64> {
    Ok(side(tx, posting::Column::Debit, account).await? - side(tx, posting::Column::Credit, account).await?)
}

async fn side(tx: &Tx, side: posting::Column, account: LedgerAccountId) -> Result<i64> {
    let sum = posting::Entity::within(tx.reach())
        .filter(side.eq(account))
        .select_only()
        .column_as(Expr::col(posting::Column::Amount).sum().cast_as("BIGINT"), "sum")
        .into_tuple::<Option<i64>>()
        .one(tx)
        .await?;
    Ok(sum.flatten().unwrap_or(0))
}

/// One line of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingLine {
    pub at: Moment,
    pub movement: Movement,
    pub amount: i64,
    pub currency: String,
    pub source: String,
    pub reference: String,
}

/// What moved in a book, oldest first.
pub async fn postings(tx: &Tx, book: &Book) -> Result<Vec<PostingLine>> {
    let rows = posting::Entity::within(tx.reach())
        .filter(posting::Column::Book.eq(book.to_string()))
        .order_by_asc(posting::Column::At)
        .order_by_asc(posting::Column::Id)
        .all(tx)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| PostingLine {
            at: row.at,
            movement: row.movement,
            amount: row.amount,
            currency: row.currency,
            source: row.source,
            reference: row.reference,
        })
        .collect())
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
            (_, Step::Waived) => "grey",
            (PayoutStatus::Paid, _) => "green",
            (PayoutStatus::Failed, _) => "red",
            (PayoutStatus::Retrying, _) => "amber",
            (PayoutStatus::Processing, _) => "blue",
            (PayoutStatus::Scheduled, _) => "grey",
        }
    }

    pub fn label(&self) -> &'static str {
        if self.step == Step::Waived { Step::Waived.label() } else { self.status.label() }
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
pub(super) fn day_words(day: &str) -> String {
    let format = time::macros::format_description!("[year]-[month]-[day]");
    time::Date::parse(day, format).map_or_else(|_| day.to_owned(), |day| Moment::of_day(day).day_words())
}

pub(super) fn is_mine(caller: &Caller, row: &settlement::Model) -> bool {
    match row.turn {
        Turn::Nobody => false,
        Turn::Msp => caller.manages(row.tenant_id),
        Turn::Attorney => caller.is_attorney() && row.payee_id == caller.account,
        Turn::Operator => matches!(caller.seat, Seat::Operator),
    }
}

async fn line(tx: &Tx, caller: &Caller, row: settlement::Model) -> Result<PayoutLine> {
    let with = match &caller.seat {
        Seat::Staff { .. } => row.payee_name.clone(),
        _ => tenancy::tenant(tx, row.tenant_id).await?.map_or_else(String::new, |tenant| tenant.name),
    };
    let mine = is_mine(caller, &row);
    Ok(PayoutLine {
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
    })
}

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

/// Which of the Payout History somebody wants to see.
#[derive(Clone, Debug, Default)]
pub struct WantedPayouts {
    pub status: Option<PayoutStatus>,
    pub agreement: Option<String>,
    pub offset: u64,
}

/// A page of the Payout History, latest period first, and how many there are.
pub(super) async fn payouts(tx: &Tx, seat: &PayoutSeat, wanted: &WantedPayouts) -> Result<(Vec<PayoutLine>, u64)> {
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
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        lines.push(line(tx, &seat.caller, row).await?);
    }
    Ok((lines, total))
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

pub(super) async fn payout(tx: &Tx, caller: &Caller, row: settlement::Model) -> Result<PayoutDetail> {
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
        line: line(tx, caller, row).await?,
    })
}

/// What waits for this person: the tasks of their first screen.
pub async fn waiting_for(tx: &Tx, caller: &Caller) -> Result<Vec<PayoutLine>> {
    let select = settlement::Entity::within(tx.reach());
    let select = match &caller.seat {
        Seat::Staff { tenant, .. } if caller.manages(*tenant) => {
            select.filter(settlement::Column::TenantId.eq(*tenant)).filter(settlement::Column::Turn.eq(Turn::Msp))
        }
        Seat::Attorney { .. } => {
            select.filter(settlement::Column::PayeeId.eq(caller.account)).filter(settlement::Column::Turn.eq(Turn::Attorney))
        }
        _ => return Ok(Vec::new()),
    };
    let rows = select
        .filter(settlement::Column::Step.is_not_in([Step::Paid, Step::Waived]))
        .order_by_asc(settlement::Column::UpdatedAt)
        .limit(20)
        .all(tx)
        .await?;
    let mut lines = Vec::new();
    for row in rows {
        lines.push(line(tx, caller, row).await?);
    }
    Ok(lines)
}

/// Everything that does not go on by itself, oldest first; of one tenant, or of all.
pub async fn stuck(tx: &Tx, caller: &Caller, offset: u64) -> Result<(Vec<PayoutLine>, u64)> {
    let select = settlement::Entity::within(tx.reach())
        .filter(
            Condition::any()
                .add(settlement::Column::Turn.ne(Turn::Nobody))
                .add(settlement::Column::Step.is_in([Step::Failed, Step::Halted])),
        )
        .filter(settlement::Column::Step.is_not_in([Step::Paid, Step::Waived]));
    let total = select.clone().count(tx).await?;
    let rows = select.order_by_asc(settlement::Column::CreatedAt).offset(offset).limit(PAGE_SIZE).all(tx).await?;
    let mut lines = Vec::new();
    for row in rows {
        lines.push(line(tx, caller, row).await?);
    }
    Ok((lines, total))
}

/// Who pays for this tenant, as last seen at Stripe.
pub async fn payer_of(tx: &Tx, tenant: TenantId) -> Result<Option<payer::Model>> {
    Ok(payer::Entity::within(tx.reach()).filter(payer::Column::TenantId.eq(tenant)).one(tx).await?)
}

/// The account this attorney is paid to, as last seen at Stripe.
pub async fn payee_of(tx: &Tx, account: AccountId) -> Result<Option<payee::Model>> {
    Ok(payee::Entity::rows().filter(payee::Column::AccountId.eq(account)).one(tx).await?)
}

/// Stripe does not pay this attorney: there is no account, or something is asked for.
pub async fn account_is_due(tx: &Tx, account: AccountId) -> Result<bool> {
    Ok(payee_of(tx, account).await?.is_none_or(|row| !row.transfers || !row.payouts || row.bank_failed))
}

/// A page of Stripe's webhooks, latest first; those that nobody has worked off alone, where asked for.
pub(super) async fn webhooks(tx: &Tx, waiting: bool, offset: u64) -> Result<(Vec<webhook::Model>, u64)> {
    let mut select = webhook::Entity::rows();
    if waiting {
        select = select.filter(webhook::Column::WorkedAt.is_null());
    }
    let total = select.clone().count(tx).await?;
    let rows = select
        .order_by_desc(webhook::Column::ReceivedAt)
        .order_by_desc(webhook::Column::Id)
        .offset(offset)
        .limit(PAGE_SIZE)
        .all(tx)
        .await?;
    Ok((rows, total))
}

/// A webhook as the operator reads it: what came, without what opens anything.
#[derive(Clone, Debug)]
pub struct WebhookDetail {
    pub row: webhook::Model,
    /// Pretty JSON.
    pub payload: String,
}

pub(super) async fn webhook(platform: &Platform, tx: &Tx, id: &str) -> Result<Option<WebhookDetail>> {
    let Some(row) = webhook::Entity::rows().filter(webhook::Column::Id.eq(id)).one(tx).await? else { return Ok(None) };
    let bytes = platform.keyring.open_sealed("webhook", row.id.as_bytes(), &row.payload)?;
    let mut value: serde_json::Value = serde_json::from_slice(&bytes)?;
    hide_secrets(&mut value);
    Ok(Some(WebhookDetail { payload: serde_json::to_string_pretty(&value)?, row }))
}

fn hide_secrets(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, field) in fields {
                let opens = name.contains("secret") || name == "url" || name.ends_with("_url");
                if opens && field.is_string() {
                    *field = "(hidden)".into();
                } else {
                    hide_secrets(field);
                }
            }
        }
        serde_json::Value::Array(list) => list.iter_mut().for_each(hide_secrets),
        _ => {}
    }
}

/// The last comparison with Stripe.
pub(super) async fn last_reconciliation(tx: &Tx) -> Result<Option<reconciliation::Model>> {
    Ok(reconciliation::Entity::rows().order_by_desc(reconciliation::Column::At).one(tx).await?)
}

/// What the health pages say of payments.
#[derive(Clone, Debug)]
pub struct PaymentsHealth {
    /// Whether Stripe takes our key; none where none is set.
    pub answer: Option<std::result::Result<(), String>>,
    pub live: bool,
    /// Webhooks that nobody has worked off, and since when.
    pub waiting: u64,
    pub waiting_since: Option<Moment>,
    pub last_webhook: Option<Moment>,
    /// The last comparison with Stripe, and how many differences it found.
    pub reconciled: Option<(Moment, usize)>,
    /// Settlements that need the operator, and since when.
    pub operators_turn: u64,
    pub operators_turn_since: Option<Moment>,
}

pub async fn health(platform: &Platform) -> Result<PaymentsHealth> {
    let (answer, live) = match Stripe::of(platform) {
        None => (None, false),
        Some(stripe) => (Some(stripe.answers().await.map_err(|error| format!("{error:?}"))), stripe.is_live()),
    };
    let tx = platform.read(entity::Reach::Everything("health looks at the whole installation")).await?;
    let waiting = || webhook::Entity::rows().filter(webhook::Column::WorkedAt.is_null());
    let first = waiting().order_by_asc(webhook::Column::ReceivedAt).one(&tx).await?;
    let last = webhook::Entity::rows().order_by_desc(webhook::Column::ReceivedAt).one(&tx).await?;
    let operators = || {
        settlement::Entity::within(tx.reach())
            .filter(settlement::Column::Turn.eq(Turn::Operator))
            .filter(settlement::Column::Step.is_not_in([Step::Paid, Step::Waived]))
    };
    let reconciled = last_reconciliation(&tx).await?;
    Ok(PaymentsHealth {
        answer,
        live,
        waiting: waiting().count(&tx).await?,
        waiting_since: first.map(|row| row.received_at),
        last_webhook: last.map(|row| row.received_at),
        reconciled: reconciled.map(|row| {
            let differences: Vec<String> = serde_json::from_str(&row.differences).unwrap_or_default();
            (row.at, differences.len())
        }),
        operators_turn: operators().count(&tx).await?,
        operators_turn_since: operators().order_by_asc(settlement::Column::UpdatedAt).one(&tx).await?.map(|row| row.updated_at),
    })
}

/// The agreements of which this person sees settlements: the word, whose it is, and its first period; for a filter.
pub(super) async fn agreements(tx: &Tx, seat: &PayoutSeat) -> Result<Vec<(String, String)>> {
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

/// Which movements a statement is made of.
#[derive(Clone, Debug, Default)]
pub struct WantedMoves {
    pub agreement: Option<String>,
    pub payee: Option<AccountId>,
    pub tenant: Option<TenantId>,
}

/// Everything that moved before `until` in the books this person sees, oldest first.
pub(super) async fn moved(tx: &Tx, seat: &PayoutSeat, wanted: &WantedMoves, until: Moment) -> Result<Vec<Moved>> {
    let mut select = seat.visible(tx);
    if let Some(agreement) = &wanted.agreement {
        select = select.filter(settlement::Column::Agreement.eq(agreement));
    }
    if let Some(payee) = wanted.payee {
        select = select.filter(settlement::Column::PayeeId.eq(payee));
    }
    if let Some(tenant) = wanted.tenant {
        select = select.filter(settlement::Column::TenantId.eq(tenant));
    }
    moved_of(tx, select.all(tx).await?, until).await
}

/// The same for all of a tenant.
pub(super) async fn moved_in(tx: &Tx, tenant: TenantId, until: Moment) -> Result<Vec<Moved>> {
    let rows = settlement::Entity::within(tx.reach()).filter(settlement::Column::TenantId.eq(tenant)).all(tx).await?;
    moved_of(tx, rows, until).await
}

async fn moved_of(tx: &Tx, settlements: Vec<settlement::Model>, until: Moment) -> Result<Vec<Moved>> {
    let mut names: BTreeMap<TenantId, String> = BTreeMap::new();
    for row in &settlements {
        if let Entry::Vacant(place) = names.entry(row.tenant_id) {
            place.insert(tenancy::tenant(tx, row.tenant_id).await?.map_or_else(String::new, |tenant| tenant.name));
        }
    }
    let books: BTreeSet<&str> = settlements.iter().map(|row| row.agreement.as_str()).collect();
    let by_source: BTreeMap<String, &settlement::Model> =
        settlements.iter().map(|row| (format!("settlement:{}", row.id), row)).collect();
    let by_book: BTreeMap<&str, &settlement::Model> = settlements.iter().map(|row| (row.agreement.as_str(), row)).collect();
    let rows = posting::Entity::within(tx.reach())
        .filter(posting::Column::Book.is_in(books))
        .filter(posting::Column::At.lt(until.0))
        .order_by_asc(posting::Column::At)
        .order_by_asc(posting::Column::Id)
        .all(tx)
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        // A book is one agreement's, so whatever settlement of it a posting names, the parties are these.
        let Some(of) = by_source.get(&row.source).or_else(|| by_book.get(row.book.as_str())) else { continue };
        let known = by_source.contains_key(&row.source);
        found.push(Moved {
            at: row.at,
            movement: row.movement,
            amount: row.amount,
            currency: row.currency,
            reference: row.reference,
            settlement: known.then_some(of.id),
            tenant: of.tenant_id,
            msp: names.get(&of.tenant_id).cloned().unwrap_or_default(),
            payee: of.payee_id,
            attorney: of.payee_name.clone(),
            period: if known { period_words(of) } else { String::new() },
        });
    }
    Ok(found)
}

/// Those on the other side: attorneys for an MSP, MSPs for an attorney; for a filter.
pub(super) async fn others(tx: &Tx, seat: &PayoutSeat) -> Result<Vec<(String, String)>> {
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
pub(super) async fn first_tenant(tx: &Tx, seat: &PayoutSeat) -> Result<Option<TenantId>> {
    let first = seat.visible(tx).order_by_asc(settlement::Column::CreatedAt).order_by_asc(settlement::Column::Id).one(tx).await?;
    Ok(first.map(|row| row.tenant_id))
}
