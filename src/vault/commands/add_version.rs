//! Puts a newer version of a document beside the old ones.

use std::sync::Arc;

use bytes::Bytes;
use entity::{Walled, ids::DocumentVersionId, vault::document};
use futures_util::Stream;
use sea_orm::{ColumnTrait, QueryFilter};

use super::{new_data_key::fresh_key_ahead, store::write_version};
use crate::{
    platform::{Actor, Error, Platform, Refusal, Result, random},
    vault::{
        access::{Reviser, can_read},
        document::DocumentRow,
        events::DocumentAdded,
        intake::take_in,
    },
};

/// The number of the new version.
pub async fn add_version<S>(platform: &Arc<Platform>, actor: Actor, who: &Reviser, file_name: &str, content: S) -> Result<i32>
where
    S: Stream<Item = Result<Bytes>> + Unpin,
{
    refuse_sealed(&who.document)?;
    let tenant = who.document.tenant;
    let reach = who.caller.reach();
    let key = fresh_key_ahead(platform, &actor, &reach, tenant).await?;
    let object = DocumentVersionId(random::id(platform.clock.now()));
    let (stored, unclaimed) = take_in(platform, &key.key, object, file_name, content).await?;
    let mut work = platform.work(actor, reach).await?;
    if !can_read(work.read(), &who.caller, who.document.id).await? {
        return Err(Error::NotFound);
    }
    let tx = work.read();
    let row = document::Entity::within(tx.reach())
        .filter(document::Column::Id.eq(who.document.id))
        .one(tx)
        .await?
        .ok_or(Error::NotFound)?;
    let (id, company, owner) = (row.id, row.company_id, row.owner.clone());
    let number = write_version(&mut work, row, &key, stored).await?;
    work.tell(&DocumentAdded { tenant, document: id, company, owner, version: number })?;
    unclaimed.claim();
    work.commit().await?;
    Ok(number)
}

/// Signed documents and snapshots stand as they are.
pub fn refuse_sealed(document: &DocumentRow) -> Result<()> {
    if document.is_sealed() {
        return Err(Refusal::new(
            "document_sealed",
            "This document is signed or published and stands as it is.",
            "Add the new text as a document of its own, or issue a new version of the policy.",
        )
        .into());
    }
    Ok(())
}
