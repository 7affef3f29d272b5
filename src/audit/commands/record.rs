//! Adds a line to the chain, in the same transaction as what it tells of.

use std::collections::BTreeMap;

use entity::{
    audit::{entry, head},
    ids::{AuditEntryId, TenantId},
    wall::Unwalled,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, Set, sea_query::OnConflict};
use serde_json::Value;

use crate::platform::{Result, Work, secret};

/// One line: action `noun.verb`, object `noun:id`, and what else matters (never a body or a secret).
#[derive(Clone, Debug)]
pub struct Line {
    pub action: &'static str,
    pub object: String,
    pub tenant: Option<TenantId>,
    pub denied: bool,
    pub detail: BTreeMap<&'static str, Value>,
}

impl Line {
    pub fn new(action: &'static str, object: impl Into<String>) -> Self {
        Self { action, object: object.into(), tenant: None, denied: false, detail: BTreeMap::new() }
    }

    pub fn tenant(mut self, tenant: impl Into<Option<TenantId>>) -> Self {
        self.tenant = tenant.into();
        self
    }

    pub fn denied(mut self) -> Self {
        self.denied = true;
        self
    }

    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.detail.insert(name, value.into());
        self
    }
}

/// What a chain begins with.
pub(crate) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Records the line in the work's own transaction. Without it [`Work::commit`] refuses.
pub async fn record(work: &mut Work, line: Line) -> Result<()> {
    let chain = line.tenant.map_or_else(|| "installation".to_owned(), |tenant| tenant.to_string());
    let (seq, previous) = lock_head(work, &chain).await?;
    let actor = work.actor().clone();
    let mut entry = entry::Model {
        id: work.id::<AuditEntryId>(),
        chain: chain.clone(),
        tenant_id: line.tenant,
        seq: seq + 1,
        at: work.now(),
        actor_id: actor.account,
        actor: actor.name,
        action: line.action.to_owned(),
        object: line.object,
        result: if line.denied { "denied" } else { "ok" }.to_owned(),
        ip: actor.ip,
        request_id: actor.request_id,
        detail: serde_json::to_string(&line.detail)?,
        hash: String::new(),
    };
    entry.hash = link(&previous, &entry);
    let signature = work.platform().keyring.sign("audit-head", head_text(&chain, entry.seq, &entry.hash).as_bytes());
    let head =
        head::ActiveModel { chain: Set(chain), seq: Set(entry.seq), hash: Set(entry.hash.clone()), signature: Set(signature) };
    entry::Entity::insert(entry::ActiveModel::from(entry)).exec_without_returning(work.write()).await?;
    head::Entity::insert(head)
        .on_conflict(
            OnConflict::column(head::Column::Chain)
                .update_columns([head::Column::Seq, head::Column::Hash, head::Column::Signature])
                .to_owned(),
        )
        .exec_without_returning(work.write())
        .await?;
    work.note_audited();
    Ok(())
}

/// The end of the chain, locked against a second writer (SQLite has only one).
async fn lock_head(work: &Work, chain: &str) -> Result<(i64, String)> {
    let tx = work.read();
    if tx.get_database_backend() == DbBackend::Postgres {
        // The advisory lock also covers a chain that has no head row yet.
        let lock = sea_orm::Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
            [format!("audit:{chain}").into()],
        );
        tx.execute_raw(lock).await?;
    }
    let head = head::Entity::rows().filter(head::Column::Chain.eq(chain)).limit(1).one(tx).await?;
    Ok(head.map_or_else(|| (0, GENESIS.to_owned()), |head| (head.seq, head.hash)))
}

/// The hash of a line: over the hash before it and every field, each with its length, so that no two lines read the same.
pub(crate) fn link(previous: &str, entry: &entry::Model) -> String {
    let fields = [
        previous.to_owned(),
        entry.id.to_string(),
        entry.chain.clone(),
        entry.tenant_id.map(|t| t.to_string()).unwrap_or_default(),
        entry.seq.to_string(),
        entry.at.0.to_string(),
        entry.actor_id.map(|a| a.to_string()).unwrap_or_default(),
        entry.actor.clone(),
        entry.action.clone(),
        entry.object.clone(),
        entry.result.clone(),
        entry.ip.clone().unwrap_or_default(),
        entry.request_id.clone().unwrap_or_default(),
        entry.detail.clone(),
    ];
    let mut text = String::new();
    for field in fields {
        text.push_str(&format!("{}:{field};", field.len()));
    }
    secret::sha256_hex(text.as_bytes())
}

pub(crate) fn head_text(chain: &str, seq: i64, hash: &str) -> String {
    format!("{chain}:{seq}:{hash}")
}
