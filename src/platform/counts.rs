//! Numbers beside a menu: many small counts in one statement. Every statement is a trip, to SQLite's thread or over the network to
//! PostgreSQL, and most pages would make eight of them for their menu alone.

use sea_orm::{
    ConnectionTrait, EntityTrait, QuerySelect, QueryTrait, Select,
    sea_query::{Alias, Expr, Query, SelectStatement, SimpleExpr},
};

use super::{Result, Tx};

/// How many rows a selection has, not asked yet.
#[derive(Clone, Debug)]
pub struct Count(SelectStatement);

impl Count {
    pub fn of<E: EntityTrait>(select: Select<E>) -> Self {
        Self(select.select_only().expr(Expr::cust("COUNT(*)")).into_query())
    }

    pub async fn ask(self, tx: &Tx) -> Result<u64> {
        Ok(ask(tx, vec![self]).await?.into_iter().sum())
    }
}

/// The counts in their order.
pub async fn ask(tx: &Tx, counts: Vec<Count>) -> Result<Vec<u64>> {
    if counts.is_empty() {
        return Ok(Vec::new());
    }
    let many = counts.len();
    let mut statement = Query::select();
    for (place, count) in counts.into_iter().enumerate() {
        let one = SimpleExpr::SubQuery(None, Box::new(count.0.into()));
        statement.expr_as(one, Alias::new(format!("count_{place}")));
    }
    let row = tx.query_one(&statement).await?;
    let mut found = Vec::with_capacity(many);
    for place in 0..many {
        let count: i64 = match &row {
            Some(row) => row.try_get_by_index(place)?,
            None => 0,
        };
        found.push(u64::try_from(count).unwrap_or(0));
    }
    Ok(found)
}
