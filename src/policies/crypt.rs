//! Sealing what a policy says: nothing of it stands in clear in the database.

use std::sync::Arc;

use entity::{
    ids::{DataKeyId, PolicyId, TenantId},
    policies::policy,
};
use serde::{Serialize, de::DeserializeOwned};

use super::policy::source;
use crate::{
    platform::{Platform, Result, Tx, Work},
    vault,
};

/// The key of one policy, in memory.
pub struct Key {
    key: Arc<vault::DataKey>,
    owner: String,
}

/// A key for a new policy.
pub async fn new_key(work: &mut Work, tenant: TenantId, id: PolicyId) -> Result<DataKeyId> {
    vault::new_data_key(work, tenant, &source(id)).await
}

pub async fn key(platform: &Arc<Platform>, tx: &Tx, id: PolicyId, data_key: DataKeyId) -> Result<Key> {
    Ok(Key { key: vault::data_key(platform, tx, data_key).await?, owner: source(id) })
}

/// The key of this policy.
pub async fn key_of(platform: &Arc<Platform>, tx: &Tx, policy: &policy::Model) -> Result<Key> {
    key(platform, tx, policy.id, policy.data_key_id).await
}

impl Key {
    fn context(&self, what: &str) -> Vec<u8> {
        format!("{}:{what}", self.owner).into_bytes()
    }

    /// Seals a value; `what` names the column and must be the same when opening.
    pub fn seal(&self, what: &str, value: &impl Serialize) -> Result<Vec<u8>> {
        Ok(self.key.seal(&self.context(what), &serde_json::to_vec(value)?))
    }

    pub fn open<T: DeserializeOwned>(&self, what: &str, sealed: &[u8]) -> Result<T> {
        Ok(serde_json::from_slice(&self.key.open(&self.context(what), sealed)?)?)
    }
}
