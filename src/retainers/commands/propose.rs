//! Proposes time for what an attorney did, where there is a retainer it would be charged to. It is no entry: the attorney accepts
//! or dismisses it. Messages of one day in one matter are one proposal, which grows until then.

use entity::{
    ids::{AccountId, MatterId, ProposalId, TenantId},
    retainers::{ProposalKind, ProposalStatus, proposal},
    tenancy::AttorneyRole,
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, Set};
use uuid::Uuid;

use crate::{
    platform::{Error, Result, Work},
    retainers::{crypt, meter, queries},
    tenancy,
};

/// Something done.
pub struct Piece {
    pub kind: ProposalKind,
    pub matter: Option<MatterId>,
    pub source: String,
    pub pieces: i32,
    pub subject: String,
}

/// `told` is the event's id.
pub async fn propose(work: &mut Work, told: Uuid, tenant: TenantId, account: AccountId, piece: Piece) -> Result<()> {
    let Some(charged) = queries::charged_to(work.read(), tenant, account).await? else { return Ok(()) };
    let engaged = tenancy::engagement_of(work.read(), tenant, account).await?.filter(|engagement| engagement.ended_at.is_none());
    if engaged.is_none_or(|engagement| engagement.role == AttorneyRole::OutsideCounsel) {
        return Ok(());
    }
    let zone = tenancy::tenant(work.read(), tenant).await?.ok_or(Error::NotFound)?.zone;
    let day = meter::iso(meter::day_in(&zone, work.now()));
    if day < charged.starts_on {
        return Ok(());
    }
    let before = proposal::Entity::within(work.read().reach())
        .filter(proposal::Column::TenantId.eq(tenant))
        .filter(proposal::Column::AttorneyId.eq(account))
        .filter(proposal::Column::Source.eq(piece.source.as_str()))
        .filter(proposal::Column::WorkedOn.eq(day.as_str()))
        .filter(proposal::Column::Kind.eq(piece.kind))
        .all(work.read())
        .await?;
    if before.iter().any(|row| row.told == told) {
        return Ok(());
    }
    let now = work.now();
    match piece.kind {
        // Opened once more on the same day is the same review.
        ProposalKind::Document if !before.is_empty() => return Ok(()),
        ProposalKind::Messages => {
            if let Some(open) = before.into_iter().find(|row| row.status == ProposalStatus::Open) {
                let pieces = open.pieces.saturating_add(piece.pieces);
                let mut open = open.into_active_model();
                open.pieces = Set(pieces);
                open.told = Set(told);
                open.updated_at = Set(now);
                open.update(work.write()).await?;
                return Ok(());
            }
        }
        _ => {}
    }
    let id: ProposalId = work.id();
    proposal::ActiveModel {
        id: Set(id),
        tenant_id: Set(tenant),
        attorney_id: Set(account),
        matter_id: Set(piece.matter),
        kind: Set(piece.kind),
        source: Set(piece.source),
        told: Set(told),
        worked_on: Set(day),
        pieces: Set(piece.pieces),
        subject: Set(crypt::seal_subject(work.platform(), id, &piece.subject)),
        status: Set(ProposalStatus::Open),
        entry_id: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(work.write())
    .await?;
    // What it was made from stands in the log already; it becomes an entry only with a line of its own.
    work.counts_as_audited("a proposal follows from what is recorded");
    Ok(())
}
