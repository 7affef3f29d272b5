//! Puts policies and signatures together.

use std::collections::HashMap;

use entity::{
    Moment,
    ids::{CompanyId, EnvelopeId, TenantId},
};

use super::score::Requirement;
use crate::{
    platform::{Result, Tx},
    policies::{self, RequiredPolicy},
    signing,
};

/// The required policies in force of one client, with their signatures.
pub async fn of_company(tx: &Tx, company: CompanyId) -> Result<Vec<Requirement>> {
    with_signatures(tx, policies::required_in_force(tx, company).await?).await
}

/// The same for all clients of a tenant, by few queries.
pub async fn of_tenant(tx: &Tx, tenant: TenantId) -> Result<Vec<Requirement>> {
    with_signatures(tx, policies::required_in_tenant(tx, tenant).await?).await
}

async fn with_signatures(tx: &Tx, required: Vec<RequiredPolicy>) -> Result<Vec<Requirement>> {
    let ids: Vec<EnvelopeId> = required.iter().filter_map(|policy| policy.envelope).collect();
    let mut signers: HashMap<EnvelopeId, Vec<(String, Option<Moment>)>> = HashMap::new();
    for (envelope, name, at) in signing::signatures_of(tx, &ids).await? {
        signers.entry(envelope).or_default().push((name, at));
    }
    let requirement = |policy: RequiredPolicy| Requirement {
        signers: policy.envelope.and_then(|id| signers.get(&id).cloned()).unwrap_or_default(),
        policy: policy.policy,
        company: policy.company,
        title: policy.title,
        category: policy.category.label().to_owned(),
        version: policy.version,
        effective: policy.effective,
        expiry: policy.expiry,
        sent_at: policy.sent_at,
        envelope: policy.envelope,
    };
    Ok(required.into_iter().map(requirement).collect())
}
