//! Balances and what made them.

use std::collections::BTreeMap;

use entity::{
    Moment,
    ids::LedgerAccountId,
    payments::{AccountKind, Movement, account, posting},
    wall::Walled,
};
use sea_orm::{ColumnTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::Book;
use crate::platform::{Result, Tx};

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
