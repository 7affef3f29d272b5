//! Lets a proposal be, or brings it back.

use entity::retainers::ProposalStatus;

use super::accept_proposal::take;
use crate::{
    audit,
    platform::{Result, Work},
    retainers::access::ProposalOwner,
};

pub async fn dismiss_proposal(work: &mut Work, owner: &ProposalOwner, dismiss: bool) -> Result<()> {
    let row = owner.now(work).await?;
    let (from, to, action) = match dismiss {
        true => (ProposalStatus::Open, ProposalStatus::Dismissed, "hours.proposal_dismissed"),
        false => (ProposalStatus::Dismissed, ProposalStatus::Open, "hours.proposal_brought_back"),
    };
    take(work, &row, from, to).await?;
    audit::record(work, audit::Line::new(action, format!("proposal:{}", row.id)).tenant(row.tenant_id)).await
}
