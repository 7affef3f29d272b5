//! Walks the chains.

use entity::{
    Moment, Reach,
    audit::{entry, head},
    ids::AccountId,
    wall::Unwalled,
};
use sea_orm::{
    ColumnTrait, Condition, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, SimpleExpr},
};

use super::{
    anchor,
    commands::record::{GENESIS, head_text, link},
};
use crate::platform::{Platform, Result, Tx, secret};

/// Where a chain breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub chain: String,
    pub seq: i64,
    pub what: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub chains: usize,
    pub entries: i64,
    /// Lines of the anchor file that were compared.
    pub anchors: usize,
}

/// Verifies one chain or all: every link, no gap, the signed head at the end, and what was anchored outside. The first bad row is
/// named.
pub async fn verify(platform: &Platform, only: Option<&str>) -> Result<std::result::Result<Verified, Broken>> {
    let tx = platform.read(Reach::Everything("audit verify")).await?;
    let mut heads = head::Entity::rows().order_by_asc(head::Column::Chain).all(&tx).await?;
    let mut chains: Vec<String> =
        entry::Entity::rows().select_only().column(entry::Column::Chain).distinct().into_tuple().all(&tx).await?;
    chains.extend(heads.iter().map(|head| head.chain.clone()));
    chains.sort();
    chains.dedup();
    if let Some(only) = only {
        chains.retain(|chain| chain == only);
        heads.retain(|head| head.chain == only);
    }
    let mut entries = 0;
    for chain in &chains {
        let head = heads.iter().find(|head| head.chain == *chain);
        match verify_chain(platform, &tx, chain, head).await? {
            Ok(count) => entries += count,
            Err(broken) => return Ok(Err(broken)),
        }
    }
    match anchor::compare(platform, &tx, only).await? {
        Ok(anchors) => Ok(Ok(Verified { chains: chains.len(), entries, anchors })),
        Err(broken) => Ok(Err(broken)),
    }
}

async fn verify_chain(
    platform: &Platform,
    tx: &crate::platform::Tx,
    chain: &str,
    head: Option<&head::Model>,
) -> Result<std::result::Result<i64, Broken>> {
    let broken = |seq: i64, what: &str| Ok(Err(Broken { chain: chain.to_owned(), seq, what: what.to_owned() }));
    let mut seq = 0;
    let mut hash = GENESIS.to_owned();
    loop {
        let rows = entry::Entity::rows()
            .filter(entry::Column::Chain.eq(chain))
            .filter(entry::Column::Seq.gt(seq))
            .order_by_asc(entry::Column::Seq)
            .limit(1_000)
            .all(tx)
            .await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if row.seq != seq + 1 {
                return broken(seq + 1, "the row is missing");
            }
            if link(&hash, &row) != row.hash {
                return broken(row.seq, "the row was changed");
            }
            seq = row.seq;
            hash = row.hash;
        }
    }
    let Some(head) = head else { return broken(seq, "the head of the chain is missing") };
    let signature = platform.keyring.sign("audit-head", head_text(chain, head.seq, &head.hash).as_bytes());
    if !secret::same(signature.as_bytes(), head.signature.as_bytes()) {
        return broken(head.seq, "the head's signature is not ours");
    }
    if head.seq != seq {
        return broken(std::cmp::min(seq, head.seq) + 1, "rows after this one are missing or not signed for");
    }
    if head.hash != hash {
        return broken(seq, "the head names another last row");
    }
    Ok(Ok(seq))
}

/// What of a chain somebody wants to see. Empty fields do not filter.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub struct Search {
    #[serde(default)]
    pub actor: String,
    /// The beginning of an action, e.g. `policy.`
    #[serde(default)]
    pub action: String,
    /// The beginning of an object, e.g. `document:`
    #[serde(default)]
    pub object: String,
    /// `YYYY-MM-DD`, inclusive, UTC.
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub to: String,
}

impl Search {
    fn select(&self, chain: &str) -> sea_orm::Select<entry::Entity> {
        let mut select = self.between().filter(entry::Column::Chain.eq(chain));
        if !self.actor.trim().is_empty() {
            select = select.filter(reads(entry::Column::Actor, "%", self.actor.trim()));
        }
        if !self.action.trim().is_empty() {
            select = select.filter(reads(entry::Column::Action, "", self.action.trim()));
        }
        if !self.object.trim().is_empty() {
            select = select.filter(reads(entry::Column::Object, "", self.object.trim()));
        }
        select
    }

    /// The entries of the days asked for; a day that is none does not filter.
    fn between(&self) -> sea_orm::Select<entry::Entity> {
        let day = |text: &str| time::Date::parse(text, time::macros::format_description!("[year]-[month]-[day]")).ok();
        let start = |date: time::Date| Moment::from_datetime(date.midnight().assume_utc());
        let mut select = entry::Entity::rows();
        if let Some(date) = day(&self.from) {
            select = select.filter(entry::Column::At.gte(start(date)));
        }
        if let Some(date) = day(&self.to) {
            select = select.filter(entry::Column::At.lt(start(date).plus(Moment::DAY)));
        }
        select
    }
}

/// The column holds (or, without `before`, begins with) this text, in whatever case; signs of LIKE are themselves.
fn reads(column: entry::Column, before: &str, text: &str) -> SimpleExpr {
    let text = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    Expr::expr(Func::lower(column.into_expr())).like(LikeExpr::new(format!("{before}{text}%")).escape('\\'))
}

/// A page of a chain, newest first, and how many entries match.
pub async fn page(tx: &Tx, chain: &str, search: &Search, offset: u64, limit: u64) -> Result<(Vec<entry::Model>, u64)> {
    let select = search.select(chain);
    let total = select.clone().count(tx).await?;
    let rows = select.order_by_desc(entry::Column::Seq).offset(offset).limit(limit).all(tx).await?;
    Ok((rows, total))
}

/// What happened to one thing (`policy:ID`), oldest first.
pub async fn history(tx: &Tx, object: &str) -> Result<Vec<entry::Model>> {
    let rows =
        entry::Entity::rows().filter(entry::Column::Object.eq(object)).order_by_asc(entry::Column::Seq).limit(500).all(tx).await?;
    // The log stands outside the wall of the finders; inside the reach it stays.
    Ok(rows.into_iter().filter(|row| row.tenant_id.is_none_or(|tenant| tx.reach().covers(tenant))).collect())
}

/// A person's own trail: what they did, and what was done to their account, newest first.
pub async fn trail(tx: &Tx, account: AccountId, limit: u64) -> Result<Vec<entry::Model>> {
    Ok(newest_first(Search::default().between().filter(theirs(account))).limit(limit).all(tx).await?)
}

/// A page of the same, between the days asked for, and how many entries there are.
pub async fn activity(tx: &Tx, account: AccountId, search: &Search, offset: u64, limit: u64) -> Result<(Vec<entry::Model>, u64)> {
    let select = search.between().filter(theirs(account));
    let total = select.clone().count(tx).await?;
    Ok((newest_first(select).offset(offset).limit(limit).all(tx).await?, total))
}

fn theirs(account: AccountId) -> Condition {
    Condition::any().add(entry::Column::ActorId.eq(account)).add(entry::Column::Object.eq(format!("account:{account}")))
}

fn newest_first(select: sea_orm::Select<entry::Entity>) -> sea_orm::Select<entry::Entity> {
    select.order_by_desc(entry::Column::At).order_by_desc(entry::Column::Id)
}

/// On how many different things this person did one of these actions since then.
pub async fn acted_on(tx: &Tx, account: AccountId, actions: &[&str], since: Moment) -> Result<u64> {
    let objects = Expr::col(entry::Column::Object).count_distinct();
    let count: Option<i64> = entry::Entity::rows()
        .select_only()
        .column_as(objects, "objects")
        .filter(entry::Column::ActorId.eq(account))
        .filter(entry::Column::At.gt(since))
        .filter(entry::Column::Action.is_in(actions.iter().copied()))
        .into_tuple()
        .one(tx)
        .await?;
    Ok(count.unwrap_or_default().unsigned_abs())
}

/// Whether the chain holds this action on this object since then.
pub async fn recorded_since(tx: &Tx, chain: &str, action: &str, object: &str, since: Moment) -> Result<bool> {
    let found = entry::Entity::rows()
        .filter(entry::Column::Chain.eq(chain))
        .filter(entry::Column::Object.eq(object))
        .filter(entry::Column::Action.eq(action))
        .filter(entry::Column::At.gt(since))
        .limit(1)
        .count(tx)
        .await?;
    Ok(found > 0)
}

/// The entries of a chain after this one, oldest first; `action` is the beginning of a word, or empty.
pub async fn after(tx: &Tx, chain: &str, seq: i64, action: &str, limit: u64) -> Result<Vec<entry::Model>> {
    let search = Search { action: action.to_owned(), ..Search::default() };
    let rows = search.select(chain).filter(entry::Column::Seq.gt(seq)).order_by_asc(entry::Column::Seq);
    Ok(rows.limit(limit).all(tx).await?)
}
