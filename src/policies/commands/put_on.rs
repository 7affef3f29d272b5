//! Of counsel or outside counsel is let in to one policy, or taken off it.

use entity::{ids::AccountId, policies::person, tenancy::AttorneyRole, wall::Walled};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};

use super::step::{line, take};
use crate::{
    audit, identity,
    platform::{Error, Result, Work},
    policies::{
        access::{May, PutOn},
        policy::Verb,
    },
    tenancy,
};

/// Roles that see only what they are put on.
pub const LET_IN: [AttorneyRole; 2] = [AttorneyRole::OfCounsel, AttorneyRole::OutsideCounsel];

pub async fn put_on(work: &mut Work, who: &May<PutOn>, account: AccountId) -> Result<()> {
    let (row, _) = take(work, &who.reader, Verb::PutOn).await?;
    let engaged = tenancy::attorneys_of(work.read(), row.tenant_id, &LET_IN).await?;
    let known = if engaged.contains(&account) { identity::account(work.read(), account).await? } else { None };
    let known = known
        .ok_or_else(|| Error::invalid("account", "Choose somebody engaged with this MSP as of counsel or outside counsel."))?;
    let there = person::Entity::within(work.read().reach())
        .filter(person::Column::PolicyId.eq(row.id))
        .filter(person::Column::AccountId.eq(account))
        .one(work.read())
        .await?;
    if there.is_none() {
        person::ActiveModel {
            policy_id: Set(row.id),
            account_id: Set(account),
            tenant_id: Set(row.tenant_id),
            name: Set(known.name.clone()),
            added_at: Set(work.now()),
        }
        .insert(work.write())
        .await?;
    }
    audit::record(work, line("policy.person_added", &row).with("person", known.name)).await
}

pub async fn take_off(work: &mut Work, who: &May<PutOn>, account: AccountId) -> Result<()> {
    let (row, _) = take(work, &who.reader, Verb::PutOn).await?;
    person::Entity::delete_by_id((row.id, account)).exec(work.write()).await?;
    audit::record(work, line("policy.person_removed", &row).with("account", account.to_string())).await
}
