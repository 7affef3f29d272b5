//! What of the PSA's is what of ours: noted when it is first seen, said by an admin.

use entity::{
    ids::{PsaMatchId, TenantId},
    integrations::{MatchKind, psa_match, psa_state},
    tickets::TicketStatus,
    wall::Walled,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};

use crate::{
    audit,
    integrations::psa::jobs::ComparePsa,
    platform::{Error, Result, Work},
    tenancy::{self, caller::TenantAdmin},
};

/// Something of theirs as a ticket names it; what is known of it stays.
pub async fn note_seen(
    work: &mut Work,
    tenant: TenantId,
    kind: MatchKind,
    theirs: &str,
    label: &str,
    guess: Option<String>,
) -> Result<()> {
    let row = row(work, tenant, kind, theirs, label, guess);
    psa_match::Entity::insert(row)
        .on_conflict(OnConflict::columns(KEY).do_nothing().to_owned())
        .exec_without_returning(work.write())
        .await?;
    Ok(())
}

/// Something of theirs as they call it themselves; what an admin has said of it stays.
pub async fn note_name(
    work: &mut Work,
    tenant: TenantId,
    kind: MatchKind,
    theirs: &str,
    label: &str,
    guess: Option<String>,
) -> Result<()> {
    let row = row(work, tenant, kind, theirs, label, guess);
    psa_match::Entity::insert(row)
        .on_conflict(OnConflict::columns(KEY).update_columns([psa_match::Column::Label, psa_match::Column::SeenAt]).to_owned())
        .exec_without_returning(work.write())
        .await?;
    Ok(())
}

const KEY: [psa_match::Column; 3] = [psa_match::Column::TenantId, psa_match::Column::Kind, psa_match::Column::Theirs];

fn row(work: &Work, tenant: TenantId, kind: MatchKind, theirs: &str, label: &str, guess: Option<String>) -> psa_match::ActiveModel {
    psa_match::ActiveModel {
        id: Set(work.id::<PsaMatchId>()),
        tenant_id: Set(tenant),
        kind: Set(kind),
        theirs: Set(theirs.to_owned()),
        label: Set(label.chars().filter(|c| !c.is_control()).take(200).collect()),
        ours: Set(guess),
        preferred: Set(false),
        said: Set(false),
        seen_at: Set(work.now()),
    }
}

/// What is so of one of theirs by another's word than its name: an admin's, or what was found out.
pub async fn note_match(
    work: &mut Work,
    tenant: TenantId,
    kind: MatchKind,
    theirs: &str,
    change: impl FnOnce(&mut psa_match::ActiveModel),
) -> Result<()> {
    let mut row = psa_match::ActiveModel { ..Default::default() };
    change(&mut row);
    psa_match::Entity::update_many()
        .set(row)
        .filter(psa_match::Column::TenantId.eq(tenant))
        .filter(psa_match::Column::Kind.eq(kind))
        .filter(psa_match::Column::Theirs.eq(theirs))
        .exec(work.write())
        .await?;
    Ok(())
}

/// What an admin says of one of theirs.
#[derive(Clone, Debug)]
pub struct Said {
    pub id: PsaMatchId,
    /// A status, or the id of a company or contact; none: not matched.
    pub ours: Option<String>,
    pub preferred: bool,
}

/// Keeps it, and has everything compared anew: what could not be taken before is taken then.
pub async fn match_them(work: &mut Work, who: &TenantAdmin, said: &[Said]) -> Result<()> {
    let tx = work.read();
    let rows = psa_match::Entity::within(tx.reach()).filter(psa_match::Column::TenantId.eq(who.tenant)).all(tx).await?;
    let mut changed = 0_u64;
    for one in said {
        let row = rows.iter().find(|row| row.id == one.id).ok_or(Error::NotFound)?;
        if let Some(ours) = &one.ours {
            check(work, who.tenant, row.kind, ours).await?;
        }
        if row.ours == one.ours && row.preferred == one.preferred {
            continue;
        }
        let said = row.said || row.ours != one.ours;
        let mut row: psa_match::ActiveModel = row.clone().into();
        row.ours = Set(one.ours.clone());
        row.preferred = Set(one.preferred);
        row.said = Set(said);
        row.update(work.write()).await?;
        changed += 1;
    }
    if changed == 0 {
        work.counts_as_audited("nothing changes");
        return Ok(());
    }
    read_anew(work, who.tenant).await?;
    audit::record(work, audit::Line::new("psa.matched", "psa").tenant(who.tenant).with("changed", changed)).await?;
    work.enqueue(&ComparePsa { tenant: who.tenant }).await
}

/// The next comparison begins at the beginning; one that runs at this moment does not go on.
pub async fn read_anew(work: &mut Work, tenant: TenantId) -> Result<()> {
    psa_state::Entity::update_many()
        .col_expr(psa_state::Column::Cursor, Expr::value(Option::<String>::None))
        .filter(psa_state::Column::TenantId.eq(tenant))
        .exec(work.write())
        .await?;
    Ok(())
}

async fn check(work: &Work, tenant: TenantId, kind: MatchKind, ours: &str) -> Result<()> {
    let is_known = match kind {
        MatchKind::Status => ours.parse::<TicketStatus>().is_ok(),
        MatchKind::Company => match ours.parse() {
            Ok(id) => tenancy::company_in(work.read(), id).await?.is_some_and(|row| row.tenant_id == tenant),
            Err(_) => false,
        },
        MatchKind::Contact => match ours.parse() {
            Ok(id) => tenancy::contact_in(work.read(), id).await?.is_some_and(|row| row.tenant_id == tenant),
            Err(_) => false,
        },
    };
    if is_known { Ok(()) } else { Err(Error::invalid("", "Choose one of the lists.")) }
}
