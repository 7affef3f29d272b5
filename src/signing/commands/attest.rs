//! Adds a link to an envelope's chain of evidence, in the same transaction as what it tells of. The caller holds the
//! envelope's lock, so that the chain has one end.

use std::collections::BTreeMap;

use entity::{ids::SignerId, signing::evidence, wall::Walled};
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

use crate::{
    platform::{Result, Work, secret},
    signing::envelope::EnvelopeView,
};

/// What a chain begins with.
pub(in crate::signing) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Adds the link and answers its hash: the head of the chain.
pub(super) async fn attest(
    work: &mut Work,
    view: &EnvelopeView,
    kind: &str,
    signer: Option<SignerId>,
    detail: &[(&str, Value)],
) -> Result<String> {
    let last = evidence::Entity::within(work.read().reach())
        .filter(evidence::Column::EnvelopeId.eq(view.id))
        .order_by_desc(evidence::Column::Seq)
        .limit(1)
        .one(work.read())
        .await?;
    let (seq, previous) = last.map_or_else(|| (0, GENESIS.to_owned()), |row| (row.seq, row.hash));
    let detail: BTreeMap<&str, &Value> = detail.iter().map(|(name, value)| (*name, value)).collect();
    let mut row = evidence::Model {
        id: work.id(),
        tenant_id: view.tenant,
        envelope_id: view.id,
        seq: seq + 1,
        at: work.now(),
        kind: kind.to_owned(),
        signer_id: signer,
        account_id: work.actor().account,
        actor: work.actor().name.clone(),
        ip: work.actor().ip.clone().unwrap_or_default(),
        user_agent: work.actor().user_agent.clone(),
        detail: serde_json::to_string(&detail)?,
        hash: String::new(),
    };
    row.hash = link(&previous, &row);
    let hash = row.hash.clone();
    evidence::ActiveModel::from(row).insert(work.write()).await?;
    Ok(hash)
}

/// The hash of a link: over the hash before it and every field, each with its length, so that no two links read the same.
pub(in crate::signing) fn link(previous: &str, row: &evidence::Model) -> String {
    let fields = [
        previous.to_owned(),
        row.id.to_string(),
        row.tenant_id.to_string(),
        row.envelope_id.to_string(),
        row.seq.to_string(),
        row.at.0.to_string(),
        row.kind.clone(),
        row.signer_id.map(|id| id.to_string()).unwrap_or_default(),
        row.account_id.map(|id| id.to_string()).unwrap_or_default(),
        row.actor.clone(),
        row.ip.clone(),
        row.user_agent.clone(),
        row.detail.clone(),
    ];
    let mut text = String::new();
    for field in fields {
        text.push_str(&format!("{}:{field};", field.len()));
    }
    secret::sha256_hex(text.as_bytes())
}
