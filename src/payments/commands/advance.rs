//! Takes a settlement as far as it goes: looks at Stripe, decides, writes down what is so, and only then makes the next call,
//! under a key that was stored before. Killed anywhere, the next look goes on from what is true.

use std::sync::Arc;

use entity::{
    Moment, Reach,
    ids::SettlementId,
    payments::{PayoutStatus, Step, Turn, settlement},
    wall::Walled,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{
    look::{self, Known},
    note, post,
};
use crate::{
    audit,
    payments::{
        Book, Posting,
        cause::Cause,
        events,
        settlement::{self as machine, Call, Facts, Plan, State, Terms},
        stripe::{CallError, ChargeOrder, Stripe, TransferOrder},
    },
    platform::{Actor, Platform, Result, Work, money},
};

/// Steps one look may take; a month that goes well needs four.
const ROUNDS: usize = 12;

/// How it was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Nothing to do before its next moment, if it has one.
    Resting,
    /// Stripe did not answer, or somebody else was at it: look again then.
    LookAgain(Moment),
}

pub async fn advance(platform: &Arc<Platform>, id: SettlementId) -> Result<Left> {
    let Some(stripe) = Stripe::of(platform) else { return Ok(Left::Resting) };
    let mut known = Known::default();
    for _ in 0..ROUNDS {
        let tx = platform.read(Reach::Everything("a settlement goes on by its schedule")).await?;
        let row = settlement::Entity::within(tx.reach()).filter(settlement::Column::Id.eq(id)).one(&tx).await?;
        let Some(row) = row else { return Ok(Left::Resting) };
        let (payer, payee) = look::parties(&tx, &row).await?;
        drop(tx);
        let state = State::of(&row);
        let mut seen = Facts { payer, payee, ..Facts::default() };
        if let Err(error) = look::look(&stripe, &row, &state, &known, &mut seen).await {
            return lost(platform, &row, &error).await;
        }
        let plan = machine::decide(state.clone(), &seen, &terms_of(platform, &row, stripe.is_live()));
        let Some(row) = write(platform, row, &state, &plan, &seen).await? else {
            return Ok(Left::LookAgain(platform.clock.now().plus(Moment::SECOND)));
        };
        let Some(call) = &plan.call else { return Ok(Left::Resting) };
        match make(&stripe, &row, &plan.state, call, &mut known).await {
            Ok(()) => {}
            Err(error @ CallError::Unknown(_)) => return lost(platform, &row, &error).await,
            Err(CallError::Refused { code, message, intent }) => {
                let terms = terms_of(platform, &row, stripe.is_live());
                if let Some(after) = refused(&row, &plan.state, call, &code, intent, &stripe, &mut known, &terms).await {
                    tracing::warn!(settlement = %row.id, code, message, "Stripe refused a step");
                    let plan = Plan { state: after, call: None };
                    if write(platform, row, &plan_before(&plan), &plan, &Facts::default()).await?.is_none() {
                        return Ok(Left::LookAgain(platform.clock.now().plus(Moment::SECOND)));
                    }
                    return Ok(Left::Resting);
                }
            }
        }
    }
    // Twelve steps and no rest: somebody keeps changing it at Stripe. Later.
    Ok(Left::LookAgain(platform.clock.now().plus(Moment::MINUTE)))
}

/// A state that differs in everything that is told, so that the refusal is written down.
fn plan_before(plan: &Plan) -> State {
    State { cause: Cause::none(), turn: Turn::Nobody, ..plan.state.clone() }
}

pub(super) fn terms_of(platform: &Platform, row: &settlement::Model, live: bool) -> Terms {
    Terms {
        id: row.id.to_string(),
        amount: row.amount,
        currency: row.currency.clone(),
        live,
        retry_days: platform.config.payout_retry_days.clone(),
        now: platform.clock.now(),
    }
}

/// `charge:retainer:ID:2026-03-01:2:1774994400`: step, agreement, period, attempt, and since when this key is in use.
fn key(step: &str, row: &settlement::Model, state: &State) -> String {
    let since = state.key_at.map_or(0, Moment::seconds);
    format!("{step}:{}:{}:{}:{since}", row.agreement, row.period_first, state.attempt)
}

/// Makes the one call.
async fn make(stripe: &Stripe, row: &settlement::Model, state: &State, call: &Call, known: &mut Known) -> Result<(), CallError> {
    let words = format!("{}: {} to {}", row.payee_name, row.period_first, row.period_last);
    match call {
        Call::Charge => {
            let order = ChargeOrder {
                key: key("charge", row, state),
                settlement: row.id.to_string(),
                attempt: state.attempt,
                amount: row.amount,
                currency: row.currency.clone(),
                customer: state.customer.clone().unwrap_or_default(),
                method: state.method.clone().unwrap_or_default(),
                description: words,
            };
            known.intent = Some(stripe.charge(&order).await?);
            Ok(())
        }
        Call::CancelIntent(intent) => match stripe.cancel_intent(intent).await {
            // It was paid, or is over, meanwhile: the next look shows which.
            Err(CallError::Refused { .. }) => Ok(()),
            other => other,
        },
        Call::Transfer { amount, charge, destination } => {
            let order = TransferOrder {
                key: key("transfer", row, state),
                group: look::group(&row.id.to_string(), state.attempt),
                settlement: row.id.to_string(),
                amount: *amount,
                currency: row.currency.clone(),
                destination: destination.clone(),
                charge: charge.clone(),
                description: words,
            };
            known.transfer = Some(stripe.transfer(&order).await?);
            Ok(())
        }
        Call::Reverse { transfer, amount, already } => {
            stripe.reverse(&format!("{}:{already}", key("reverse", row, state)), transfer, *amount).await
        }
    }
}

/// Where a refusal leads; none where the next look tells more (a declined charge has an intent).
#[expect(clippy::too_many_arguments, reason = "the refusal and everything around it")]
async fn refused(
    row: &settlement::Model,
    state: &State,
    call: &Call,
    code: &str,
    intent: Option<String>,
    stripe: &Stripe,
    known: &mut Known,
    terms: &Terms,
) -> Option<State> {
    let now = terms.now;
    let tomorrow = now.plus(25 * Moment::HOUR);
    let waits =
        |cause: &str, turn| State { cause: Cause::word(cause), turn, key_at: None, next_at: Some(tomorrow), ..state.clone() };
    match call {
        Call::Charge => {
            if intent.is_some() {
                known.intent = intent;
                return None;
            }
            // Refused without an intent. An earlier call under the same key may have made one, so look first.
            if let (Some(customer), Some(since)) = (&state.customer, state.key_at)
                && let Ok(Some(found)) =
                    stripe.find_intent(customer, since.plus(-30 * Moment::DAY), &row.id.to_string(), state.attempt).await
            {
                known.intent = Some(found);
                return None;
            }
            let cause = match code {
                "resource_missing" | "payment_method_unactivated" | "payment_method_unexpected_state" => "payment_method_unusable",
                "amount_too_small" => "amount_too_small",
                "payment_method_bank_account_blocked" => code,
                _ => "charge_refused",
            };
            Some(machine::failed_attempt(state.clone(), cause, terms))
        }
        Call::CancelIntent(_) => None,
        Call::Transfer { .. } => Some(match code {
            "insufficient_capabilities_for_transfer" | "transfers_not_allowed" | "account_invalid" | "account_closed" => {
                waits("payee_restricted", Turn::Attorney)
            }
            _ => waits("transfer_refused", Turn::Operator),
        }),
        Call::Reverse { .. } => Some(match code {
            "balance_insufficient" | "insufficient_funds" => waits("reversal_waits", Turn::Attorney),
            _ => waits("transfer_refused", Turn::Operator),
        }),
    }
}

/// Stripe did not say. The moment to look again grows with the age of the call, from a minute to an hour; it is stored, so that
/// a process that dies now is followed by one that looks.
async fn lost(platform: &Arc<Platform>, row: &settlement::Model, error: &CallError) -> Result<Left> {
    let now = platform.clock.now();
    tracing::warn!(settlement = %row.id, ?error, "Stripe did not say");
    let age = row.key_at.map_or(0, |at| now.since(at));
    let at = now.plus(age.clamp(Moment::MINUTE, Moment::HOUR));
    let before = State::of(row);
    let mut state = State { next_at: Some(at), ..before.clone() };
    // Said on the page once it is more than a moment.
    if age >= 10 * Moment::MINUTE && row.step == Step::Charging && row.cause.is_empty() {
        state.cause = Cause::word("stripe_unreachable");
    }
    match write(platform, row.clone(), &before, &Plan { state, call: None }, &Facts::default()).await? {
        Some(_) => Ok(Left::Resting),
        None => Ok(Left::LookAgain(now.plus(Moment::SECOND))),
    }
}

/// Writes down the plan's state and what moved, if nobody changed the row meanwhile; the row as it is now.
async fn write(
    platform: &Arc<Platform>,
    row: settlement::Model,
    before: &State,
    plan: &Plan,
    seen: &Facts,
) -> Result<Option<settlement::Model>> {
    let after = &plan.state;
    let reach = Reach::Tenants(vec![row.tenant_id]);
    let mut work = platform.work(Actor::program("settlement schedule"), reach).await?;
    let mut row = row;
    let moved = post_movements(&mut work, &row, seen).await?;
    let asks = matches!(plan.call, Some(Call::Charge | Call::Transfer { .. } | Call::Reverse { .. }));
    if State::of(&row) == *after && moved.is_empty() && !asks {
        return Ok(Some(row));
    }
    if !put(&mut work, &mut row, after).await? {
        return Ok(None);
    }
    for words in moved {
        note(&mut work, &row, &words.0, &words.1).await?;
    }
    tell(&mut work, &row, before, after).await?;
    let action = match &plan.call {
        Some(Call::Charge) => "settlement.charge_asked",
        Some(Call::CancelIntent(_)) => "settlement.charge_cancelled",
        Some(Call::Transfer { .. }) => "settlement.transfer_asked",
        Some(Call::Reverse { .. }) => "settlement.reversal_asked",
        None => "settlement.moved",
    };
    let line = audit::Line::new(action, format!("settlement:{}", row.id))
        .tenant(row.tenant_id)
        .with("step", row.step.word())
        .with("attempt", row.attempt)
        .with("amount", row.amount)
        .with("currency", row.currency.clone())
        .with("agreement", row.agreement.clone())
        .with("agreed_by", row.agreed_by_name.clone())
        .with("agreed_version", row.agreed_version);
    audit::record(&mut work, line).await?;
    if let Some(at) = after.next_at.filter(|at| before.next_at != Some(*at) || plan.call.is_none()) {
        work.enqueue_at(&crate::payments::jobs::Advance { settlement: row.id, due: Some(at) }, at).await?;
    }
    work.commit().await?;
    Ok(Some(row))
}

/// The row with this state, unless somebody changed it since it was read.
pub(super) async fn put(work: &mut Work, row: &mut settlement::Model, state: &State) -> Result<bool> {
    use settlement::Column as C;
    let now = work.now();
    let status = state.status();
    let paid_at = if state.step == Step::Paid { row.paid_at.or(Some(now)) } else { None };
    let changed = settlement::Entity::update_many()
        .col_expr(C::Step, Expr::value(state.step.word()))
        .col_expr(C::Status, Expr::value(status.word()))
        .col_expr(C::Cause, Expr::value(state.cause.to_string()))
        .col_expr(C::Turn, Expr::value(state.turn.word()))
        .col_expr(C::Attempt, Expr::value(state.attempt))
        .col_expr(C::NextAt, Expr::value(state.next_at.map(|at| at.0)))
        .col_expr(C::KeyAt, Expr::value(state.key_at.map(|at| at.0)))
        .col_expr(C::Customer, Expr::value(state.customer.clone()))
        .col_expr(C::Method, Expr::value(state.method.clone()))
        .col_expr(C::Intent, Expr::value(state.intent.clone()))
        .col_expr(C::Charge, Expr::value(state.charge.clone()))
        .col_expr(C::Transfer, Expr::value(state.transfer.clone()))
        .col_expr(C::Payout, Expr::value(state.payout.clone()))
        .col_expr(C::ArrivesAt, Expr::value(state.arrives_at.map(|at| at.0)))
        .col_expr(C::Fee, Expr::value(state.fee))
        .col_expr(C::PaidAt, Expr::value(paid_at.map(|at| at.0)))
        .col_expr(C::Version, Expr::value(row.version + 1))
        .col_expr(C::UpdatedAt, Expr::value(now.0))
        .filter(C::Id.eq(row.id))
        .filter(C::Version.eq(row.version))
        .exec(work.write())
        .await?
        .rows_affected;
    if changed != 1 {
        return Ok(false);
    }
    *row = settlement::Entity::within(work.read().reach())
        .filter(C::Id.eq(row.id))
        .one(work.read())
        .await?
        .ok_or(crate::platform::Error::NotFound)?;
    Ok(true)
}

/// Lets what waits for its moment go on at once: its id, where it can.
pub(super) async fn hurry(work: &mut Work, mut row: settlement::Model, now: Moment) -> Result<Option<SettlementId>> {
    let state = State::of(&row);
    let state = match state.step {
        // What the bank gave back still names its intent: it takes a person's word.
        Step::Failed if state.intent.is_some() => return Ok(None),
        Step::Scheduled | Step::Failed => State { step: Step::Scheduled, next_at: Some(now), ..state },
        Step::Transferring | Step::PayingOut | Step::Reversing => State { next_at: Some(now), ..state },
        _ => return Ok(None),
    };
    Ok(put(work, &mut row, &state).await?.then_some(row.id))
}

/// Posts what the books do not hold yet. What is not covered before another movement is tried again after it.
async fn post_movements(work: &mut Work, row: &settlement::Model, seen: &Facts) -> Result<Vec<(String, String)>> {
    let mut waiting = machine::movements(seen);
    let mut said = Vec::new();
    loop {
        let before = waiting.len();
        let mut left = Vec::new();
        for (movement, amount, currency, reference) in waiting {
            let book = match movement {
                entity::payments::Movement::Fee => Book::Platform(row.tenant_id),
                _ => Book::Agreement(row.agreement.clone()),
            };
            let posting = Posting {
                tenant: row.tenant_id,
                book,
                movement,
                amount,
                currency: currency.clone(),
                source: format!("settlement:{}", row.id),
                reference: reference.clone(),
            };
            match post(work, posting).await {
                Ok(true) => said.push((format!("{}: {}", movement.label(), money::words(amount, &currency)), reference)),
                Ok(false) => {}
                Err(crate::platform::Error::Refused(_)) => left.push((movement, amount, currency, reference)),
                Err(other) => return Err(other),
            }
        }
        if left.is_empty() {
            return Ok(said);
        }
        if left.len() == before {
            tracing::error!(settlement = %row.id, ?left, "movements at Stripe that the books cannot hold");
            return Ok(said);
        }
        waiting = left;
    }
}

/// The history's lines and the news of a change.
async fn tell(work: &mut Work, row: &settlement::Model, before: &State, after: &State) -> Result<()> {
    if after.attempt > before.attempt {
        note(work, row, &format!("Charge asked for, attempt {}", after.attempt), "").await?;
    }
    let changed = before.step != after.step || before.cause != after.cause || before.turn != after.turn;
    if !changed {
        return Ok(());
    }
    if !after.cause.is_none() && before.cause != after.cause {
        note(work, row, after.cause.words(), "").await?;
    }
    if after.step == Step::Paid && before.step != Step::Paid {
        note(work, row, "The payout has reached the bank", after.payout.as_deref().unwrap_or_default()).await?;
        return work.tell(&events::PayoutPaid { about: events::about(row) });
    }
    if after.step == Step::Transferring && before.step != Step::Transferring && after.attempt > 0 {
        work.tell(&events::PayoutCharged { about: events::about(row) })?;
    }
    if after.status() == PayoutStatus::Failed && before.status() != PayoutStatus::Failed {
        return work.tell(&events::PayoutFailed { about: events::about(row) });
    }
    if before.cause == after.cause && before.turn == after.turn {
        return Ok(());
    }
    match after.turn {
        Turn::Msp => work.tell(&events::PayoutNeedsMsp { about: events::about(row) }),
        Turn::Attorney => work.tell(&events::PayoutNeedsAttorney { about: events::about(row) }),
        Turn::Operator if after.step == Step::Disputed => work.tell(&events::PayoutDisputed { about: events::about(row) }),
        Turn::Operator | Turn::Nobody => Ok(()),
    }
}
