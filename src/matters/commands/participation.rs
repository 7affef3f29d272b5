//! Coming in and going out: the matter's own row, the conversation and the documents, always together.

use entity::{
    ids::AccountId,
    matters::{Side, matter, participant},
    tenancy::StaffRole,
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, Set};

use crate::{
    matters::{matter::owner, queries::Candidate},
    messaging,
    platform::{Result, Work},
    tenancy::{Caller, Seat},
    vault::{self, Audience},
};

/// Puts somebody on the matter. False where they were on it already.
pub async fn enter(work: &mut Work, row: &matter::Model, person: &Candidate) -> Result<bool> {
    let before = participant::Entity::within(work.read().reach())
        .filter(participant::Column::MatterId.eq(row.id))
        .filter(participant::Column::AccountId.eq(person.account))
        .one(work.read())
        .await?;
    match before {
        Some(place) if place.left_at.is_none() => return Ok(false),
        Some(place) => {
            let mut place = place.into_active_model();
            place.name = Set(person.name.clone());
            place.side = Set(person.side);
            place.role = Set(person.role.clone());
            place.joined_at = Set(work.now());
            place.left_at = Set(None);
            place.update(work.write()).await?;
        }
        None => {
            participant::ActiveModel {
                id: Set(work.id()),
                tenant_id: Set(row.tenant_id),
                matter_id: Set(row.id),
                account_id: Set(person.account),
                name: Set(person.name.clone()),
                side: Set(person.side),
                role: Set(person.role.clone()),
                joined_at: Set(work.now()),
                left_at: Set(None),
            }
            .insert(work.write())
            .await?;
        }
    }
    messaging::join(work, row.conversation_id, person.account, &person.name).await?;
    for owner in owners(row) {
        vault::grant_all(work, &owner, Audience::Account(person.account)).await?;
    }
    Ok(true)
}

/// Takes somebody off the matter at once. None where they were not on it.
pub async fn exit(work: &mut Work, row: &matter::Model, account: AccountId) -> Result<Option<participant::Model>> {
    let place = participant::Entity::within(work.read().reach())
        .filter(participant::Column::MatterId.eq(row.id))
        .filter(participant::Column::AccountId.eq(account))
        .filter(participant::Column::LeftAt.is_null())
        .one(work.read())
        .await?;
    let Some(place) = place else { return Ok(None) };
    let mut gone = place.clone().into_active_model();
    gone.left_at = Set(Some(work.now()));
    gone.update(work.write()).await?;
    messaging::leave(work, row.conversation_id, account).await?;
    for owner in owners(row) {
        vault::ungrant_all(work, &owner, Audience::Account(account)).await?;
    }
    Ok(Some(place))
}

/// What is filed on the matter, and what hangs on its messages.
fn owners(row: &matter::Model) -> [String; 2] {
    [owner(row.id), messaging::owner(row.conversation_id)]
}

/// The caller as somebody who takes part.
pub fn oneself(caller: &Caller, row: &matter::Model) -> Candidate {
    let side = match caller.seat {
        Seat::Attorney { .. } => Side::Attorney,
        Seat::Client { .. } | Seat::Member { .. } => Side::Client,
        Seat::Staff { .. } | Seat::Operator => Side::Staff,
    };
    let role = match (caller.attorney_role(row.tenant_id), caller.staff_role(row.tenant_id)) {
        (Some(role), _) => role.label(),
        (_, Some(role)) => role.label(),
        _ => StaffRole::Viewer.label(),
    };
    Candidate { account: caller.account, name: caller.name.clone(), side, role: role.to_owned() }
}
