//! Signs: the signature in signing and what follows from it in policies, in one unit of work; then the document into the vault.

use std::sync::Arc;

use entity::Reach;

use crate::{
    platform::{Actor, Platform, Result},
    policies,
    portal::{ForSignature, access::Paper},
    signing::{self, SignEnvelope, Signed},
};

/// Signs, moves the policy on in the same unit of work, and, after the last signature, answers only when the signed document is in
/// the vault. If that fails the job does it: the signature stands.
pub async fn sign(platform: &Arc<Platform>, actor: Actor, who: &ForSignature, input: SignEnvelope) -> Result<Signed> {
    let tenant = who.client.tenant;
    let mut work = platform.work(actor, Reach::Tenants(vec![tenant])).await?;
    let signed = signing::sign(&mut work, &who.signatory, input).await?;
    if signed.is_new
        && let Paper::Policy(policy) = who.paper
    {
        policies::after_signature(&mut work, policy).await?;
    }
    work.commit().await?;
    if signed.completed
        && let Err(error) = signing::seal(platform, tenant, who.signatory.view.id).await
    {
        tracing::error!(%error, envelope = %who.signatory.view.id, "the signed document is not in the vault yet; the job tries again");
    }
    Ok(signed)
}
