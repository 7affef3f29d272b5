//! Reading what is proposed to an attorney, and nobody else's.

use entity::{
    Moment,
    ids::{MatterId, ProposalId, RetainerId, TenantId},
    retainers::{ProposalStatus, proposal},
    tenancy::AttorneyRole,
    wall::Walled,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use time::Date;

use crate::{
    matters,
    platform::{FieldErrors, Platform, Result, Tx},
    retainers::{access::may_have_timer, crypt, meter, minutes, proposal as noun},
    tenancy::{Caller, Seat},
};

/// As many as a page takes.
pub const LIMIT: u64 = 200;
/// Dismissed ones can be brought back for so long.
const BACK_FOR: i64 = 7 * Moment::DAY;

/// Something proposed, with what stands in its fields.
#[derive(Clone, Debug)]
pub struct ProposalLine {
    pub id: ProposalId,
    pub matter: Option<(MatterId, String)>,
    pub worked_on: Date,
    pub kind: &'static str,
    pub pieces: i32,
    pub time: String,
    pub description: String,
    pub errors: FieldErrors,
}

impl ProposalLine {
    pub fn day_words(&self) -> String {
        meter::day_words(self.worked_on)
    }

    /// Every message, whichever field it is about: some of them the attorney does not fill in.
    pub fn wrong(&self) -> Vec<&String> {
        self.errors.0.values().flatten().collect()
    }
}

/// Which of them a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Everything,
    Tenant(TenantId),
    Matter(MatterId),
    Dismissed,
}

fn own(tx: &Tx, caller: &Caller) -> Option<Select<proposal::Entity>> {
    let Seat::Attorney { engagements } = &caller.seat else { return None };
    if !may_have_timer(caller) {
        return None;
    }
    let tenants = engagements.iter().filter(|(_, role)| *role != AttorneyRole::OutsideCounsel).map(|(tenant, _)| *tenant);
    Some(
        proposal::Entity::within(tx.reach())
            .filter(proposal::Column::AttorneyId.eq(caller.account))
            .filter(proposal::Column::TenantId.is_in(tenants)),
    )
}

/// The latest day first. What is on a matter the person does not see any more is left out.
pub async fn proposals(platform: &Platform, tx: &Tx, caller: &Caller, of: Of) -> Result<Vec<ProposalLine>> {
    let Some(select) = own(tx, caller) else { return Ok(Vec::new()) };
    let status = |status: ProposalStatus| proposal::Column::Status.eq(status);
    let select = match of {
        Of::Everything => select.filter(status(ProposalStatus::Open)),
        Of::Tenant(tenant) => select.filter(status(ProposalStatus::Open)).filter(proposal::Column::TenantId.eq(tenant)),
        Of::Matter(matter) => select.filter(status(ProposalStatus::Open)).filter(proposal::Column::MatterId.eq(matter)),
        Of::Dismissed => {
            let since = platform.clock.now().plus(-BACK_FOR);
            select.filter(status(ProposalStatus::Dismissed)).filter(proposal::Column::UpdatedAt.gte(since))
        }
    };
    let rows = select
        .order_by_desc(proposal::Column::WorkedOn)
        .order_by_desc(proposal::Column::CreatedAt)
        .order_by_desc(proposal::Column::Id)
        .limit(LIMIT)
        .all(tx)
        .await?;
    let ids: Vec<MatterId> = rows.iter().filter_map(|row| row.matter_id).collect();
    let titles = matters::visible(tx, caller, &ids).await?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let matter = row.matter_id.and_then(|id| titles.get(&id).map(|title| (id, title.clone())));
        if row.matter_id.is_some() && matter.is_none() {
            continue;
        }
        lines.push(line(platform, row, matter)?);
    }
    Ok(lines)
}

fn line(platform: &Platform, row: proposal::Model, matter: Option<(MatterId, String)>) -> Result<ProposalLine> {
    let subject = crypt::open_subject(platform, &row)?;
    Ok(ProposalLine {
        id: row.id,
        matter,
        worked_on: meter::day(&row.worked_on).unwrap_or_else(|| row.created_at.date()),
        kind: row.kind.label(),
        pieces: row.pieces,
        time: minutes::words(noun::minutes(row.kind, row.pieces)),
        description: noun::words(row.kind, row.pieces, &subject),
        errors: FieldErrors::default(),
    })
}

/// How many wait for this person, for the first screen.
pub async fn waiting_proposals(tx: &Tx, caller: &Caller) -> Result<u64> {
    match own(tx, caller) {
        Some(select) => Ok(select.filter(proposal::Column::Status.eq(ProposalStatus::Open)).count(tx).await?),
        None => Ok(0),
    }
}

/// Those that would be charged to this retainer, for its log.
pub async fn of_retainer(
    platform: &Platform,
    tx: &Tx,
    caller: &Caller,
    tenant: TenantId,
    retainer: RetainerId,
) -> Result<Vec<ProposalLine>> {
    match super::charged_to(tx, tenant, caller.account).await? {
        Some(charged) if charged.id == retainer => proposals(platform, tx, caller, Of::Tenant(tenant)).await,
        _ => Ok(Vec::new()),
    }
}
