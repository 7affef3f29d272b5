//! Sealing what a matter is about: its description never stands in clear in the database.

use std::sync::Arc;

use entity::{
    ids::{DataKeyId, MatterId, TenantId},
    matters::matter,
};

use super::matter::owner;
use crate::{
    platform::{Platform, Result, Tx, Work},
    vault,
};

/// A key for a new matter and its sealed description.
pub async fn seal_description(work: &mut Work, tenant: TenantId, id: MatterId, text: &str) -> Result<(DataKeyId, Vec<u8>)> {
    let key_id = vault::new_data_key(work, tenant, &owner(id)).await?;
    let key = vault::data_key(work.platform(), work.read(), key_id).await?;
    Ok((key_id, key.seal(context(id).as_bytes(), text.as_bytes())))
}

/// What was asked.
pub async fn description(platform: &Arc<Platform>, tx: &Tx, row: &matter::Model) -> Result<String> {
    let key = vault::data_key(platform, tx, row.data_key_id).await?;
    let plain = key.open(context(row.id).as_bytes(), &row.description)?;
    Ok(String::from_utf8_lossy(&plain).into_owned())
}

fn context(id: MatterId) -> String {
    format!("matter:{id}:description")
}
