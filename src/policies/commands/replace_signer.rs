//! The wrong contact was asked: another takes the place, the others keep their signatures.

use entity::{ids::ContactId, policies::signer, wall::Walled};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};

use super::step::{line, take};
use crate::{
    audit,
    platform::{Error, Result, Work},
    policies::{
        access::{May, ReplaceSigner},
        policy::Verb,
    },
    signing, tenancy,
};

pub async fn replace_signer(work: &mut Work, who: &May<ReplaceSigner>, from: ContactId, to: ContactId) -> Result<()> {
    let (row, _) = take(work, &who.reader, Verb::ReplaceSigner).await?;
    let contacts = tenancy::contacts_of(work.read(), row.company_id).await?;
    if !contacts.iter().any(|contact| contact.id == to) {
        return Err(Error::invalid("to", "Choose a contact of this client."));
    }
    signing::replace_signer(work, row.envelope_id.ok_or(Error::NotFound)?, from, to).await?;
    let chosen = signer::Entity::within(work.read().reach())
        .filter(signer::Column::PolicyId.eq(row.id))
        .filter(signer::Column::ContactId.eq(from))
        .one(work.read())
        .await?;
    if let Some(chosen) = chosen {
        signer::Entity::delete_by_id((row.id, from)).exec(work.write()).await?;
        let place = signer::ActiveModel {
            policy_id: Set(row.id),
            contact_id: Set(to),
            tenant_id: Set(row.tenant_id),
            place: Set(chosen.place),
        };
        place.insert(work.write()).await?;
    }
    audit::record(work, line("policy.signer_replaced", &row).with("from", from.to_string()).with("to", to.to_string())).await
}
