//! What lies in the books, and what moved in them.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use entity::{
    Moment,
    ids::{AccountId, LedgerAccountId, TenantId},
    payments::{AccountKind, Movement, account, posting, settlement},
    wall::Walled,
};
use sea_orm::{ColumnTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::period_words;
use crate::{
    payments::{Book, PayoutSeat, statement::Moved},
    platform::{Result, Tx},
    tenancy,
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
pub async fn balance(tx: &Tx, account: LedgerAccountId) -> Result<i64> {
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

/// Which movements a statement is made of.
#[derive(Clone, Debug, Default)]
pub struct WantedMoves {
    pub agreement: Option<String>,
    pub payee: Option<AccountId>,
    pub tenant: Option<TenantId>,
}

/// Everything that moved before `until` in the books this person sees, oldest first.
pub async fn moved(tx: &Tx, seat: &PayoutSeat, wanted: &WantedMoves, until: Moment) -> Result<Vec<Moved>> {
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
pub async fn moved_in(tx: &Tx, tenant: TenantId, until: Moment) -> Result<Vec<Moved>> {
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
