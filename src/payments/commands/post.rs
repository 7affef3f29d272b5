//! Posts a movement to a book; the same one again changes nothing.

use entity::{
    ids::{LedgerAccountId, TenantId},
    payments::{AccountKind, Movement, account, posting},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set, sea_query::OnConflict};

use crate::{
    audit,
    payments::{
        ledger::{self, Book},
        queries,
    },
    platform::{Error, Result, Work},
};

#[derive(Clone, Debug)]
pub struct Posting {
    pub tenant: TenantId,
    pub book: Book,
    pub movement: Movement,
    /// Minor units, above zero.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// What it belongs to: `settlement:ID`.
    pub source: String,
    /// The processor's own name of it; with source and movement it says whether this is the same posting again.
    pub reference: String,
}

/// True where it was posted now, false where it stood already. The audit line is in the caller's name.
pub async fn post(work: &mut Work, input: Posting) -> Result<bool> {
    if input.amount <= 0 {
        return Err(Error::invalid("amount", "An amount above zero."));
    }
    if !ledger::belongs(input.movement, &input.book) {
        return Err(Error::internal(anyhow::anyhow!("{} does not belong into {}", input.movement, input.book)));
    }
    let (debit, credit) = ledger::debit_and_credit(input.movement);
    // Always in the same order, so that two who post to one book at once wait for each other instead of for ever.
    let (first, second) = if debit < credit { (debit, credit) } else { (credit, debit) };
    let (one, two) = (account_for_posting(work, &input, first).await?, account_for_posting(work, &input, second).await?);
    let (debit, credit) = if debit < credit { (one, two) } else { (two, one) };
    let once = format!("{}:{}:{}:{}", input.book, input.source, input.movement, input.reference);
    let posted = posting::Entity::within(work.read().reach()).filter(posting::Column::Once.eq(&once)).one(work.read()).await?;
    if let Some(posted) = posted {
        if posted.amount != input.amount || posted.currency != input.currency {
            return Err(Error::internal(anyhow::anyhow!("{once} stands in the ledger with {} {}", posted.amount, posted.currency)));
        }
        work.counts_as_audited("it stands in the ledger already");
        return Ok(false);
    }
    ledger::covered(input.movement, queries::balance(work.read(), credit).await?, input.amount)?;
    posting::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(input.tenant),
        book: Set(input.book.to_string()),
        currency: Set(input.currency.clone()),
        debit: Set(debit),
        credit: Set(credit),
        amount: Set(input.amount),
        movement: Set(input.movement),
        source: Set(input.source.clone()),
        reference: Set(input.reference.clone()),
        once: Set(once),
        at: Set(work.now()),
    }
    .insert(work.write())
    .await?;
    let line = audit::Line::new("ledger.posted", input.source)
        .tenant(input.tenant)
        .with("movement", input.movement.word())
        .with("amount", input.amount)
        .with("currency", input.currency)
        .with("reference", input.reference);
    audit::record(work, line).await?;
    Ok(true)
}

/// The account of this kind in the book, opened where it is new, and held until the work ends: of two who post at once, the
/// second sees the first's balance.
async fn account_for_posting(work: &Work, input: &Posting, kind: AccountKind) -> Result<LedgerAccountId> {
    let fresh = account::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(input.tenant),
        book: Set(input.book.to_string()),
        kind: Set(kind),
        currency: Set(input.currency.clone()),
        created_at: Set(work.now()),
    };
    account::Entity::insert(fresh)
        .on_conflict(
            OnConflict::columns([account::Column::Book, account::Column::Kind, account::Column::Currency]).do_nothing().to_owned(),
        )
        .exec_without_returning(work.write())
        .await?;
    let row = account::Entity::within(work.read().reach())
        .filter(account::Column::Book.eq(input.book.to_string()))
        .filter(account::Column::Kind.eq(kind))
        .filter(account::Column::Currency.eq(&input.currency))
        .filter(account::Column::TenantId.eq(input.tenant))
        .lock_exclusive()
        .one(work.read())
        .await?
        .ok_or(Error::NotFound)?;
    Ok(row.id)
}
