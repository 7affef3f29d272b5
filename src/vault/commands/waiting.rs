//! Files that wait for the message that names them: nobody but their sender knows of them, and what is not sent is taken away.

use std::{collections::BTreeSet, sync::Arc};

use entity::{
    Moment, Reach, Walled,
    ids::{AccountId, DataKeyId, DocumentId},
    vault::{data_key, document, grant, version},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::store::insert_grant;
use crate::{
    audit,
    platform::{Actor, Error, Platform, Result, Work},
    vault::{document::Audience, events::DocumentAdded},
};

/// How long a file waits.
const PATIENCE: i64 = Moment::DAY;

/// Files taken away in one transaction.
const BATCH: u64 = 200;

/// Whether all of these are documents of this owner. They stay so until the end of the work: nobody takes one away meanwhile.
pub async fn all_there(work: &Work, owner: &str, ids: &[DocumentId]) -> Result<bool> {
    let ids: BTreeSet<_> = ids.iter().map(|id| id.0).collect();
    let tx = work.read();
    let found = document::Entity::within(tx.reach())
        .filter(document::Column::Owner.eq(owner))
        .filter(document::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(document::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    Ok(found.len() == ids.len())
}

/// A message names these: from the commit on they are documents like any other, for this audience.
pub async fn send(
    work: &mut Work,
    owner: &str,
    ids: &[DocumentId],
    audience: &[Audience],
    sender: (AccountId, &str),
) -> Result<()> {
    let tx = work.read();
    let rows = document::Entity::within(tx.reach())
        .filter(document::Column::Owner.eq(owner))
        .filter(document::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(document::Column::WaitingSince.is_not_null())
        .all(tx)
        .await?;
    for row in rows {
        let (id, tenant, company, version) = (row.id, row.tenant_id, row.company_id, row.version);
        let mut row = row.into_active_model();
        row.waiting_since = Set(None);
        row.updated_at = Set(work.now());
        row.update(work.write()).await?;
        for audience in audience {
            insert_grant(work, tenant, id, &audience.to_string()).await?;
        }
        let line = audit::Line::new("document.sent", format!("document:{id}"))
            .tenant(tenant)
            .with("owner", owner)
            .with("sender", sender.0.to_string())
            .with("audience", audience.iter().map(ToString::to_string).collect::<Vec<_>>());
        audit::record(work, line).await?;
        let added = DocumentAdded { tenant, document: id, company, owner: owner.to_owned(), version };
        work.tell_of(Some(sender.0), sender.1, &added)?;
    }
    Ok(())
}

/// Its sender thought better of it. Not found where it was sent already, or is somebody else's.
pub async fn discard(work: &mut Work, sender: AccountId, owner: &str, id: DocumentId) -> Result<()> {
    let tx = work.read();
    let row = document::Entity::within(tx.reach())
        .filter(document::Column::Id.eq(id))
        .filter(document::Column::Owner.eq(owner))
        .filter(document::Column::CreatedBy.eq(sender))
        .filter(document::Column::WaitingSince.is_not_null())
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(Error::NotFound)?;
    remove(work, row, "its sender took it off").await
}

/// Takes away what waited too long; how many files.
pub async fn sweep(platform: &Arc<Platform>) -> Result<usize> {
    let before = platform.clock.now().plus(-PATIENCE);
    let reach = || Reach::Everything("what waits too long goes, whosever it is");
    let overdue = document::Column::WaitingSince.lt(before);
    let mut taken = 0;
    loop {
        let tx = platform.read(reach()).await?;
        if document::Entity::within(tx.reach()).filter(overdue.clone()).count(&tx).await? == 0 {
            return Ok(taken);
        }
        drop(tx);
        let mut work = platform.work(Actor::program("sweep"), reach()).await?;
        let tx = work.read();
        let rows = document::Entity::within(tx.reach())
            .filter(overdue.clone())
            .order_by_asc(document::Column::Id)
            .limit(BATCH)
            .lock_exclusive()
            .all(tx)
            .await?;
        taken += rows.len();
        for row in rows {
            remove(&mut work, row, "it was not sent in time").await?;
        }
        work.commit().await?;
    }
}

/// The rows and the keys: what is left in the blob store opens to nobody, and the sweep takes it.
async fn remove(work: &mut Work, row: document::Model, why: &'static str) -> Result<()> {
    let tx = work.read();
    let keys: Vec<DataKeyId> = version::Entity::within(tx.reach())
        .filter(version::Column::DocumentId.eq(row.id))
        .select_only()
        .column(version::Column::DataKeyId)
        .into_tuple()
        .all(tx)
        .await?;
    let tx = work.write();
    grant::Entity::delete_many().filter(grant::Column::DocumentId.eq(row.id)).exec(tx).await?;
    version::Entity::delete_many().filter(version::Column::DocumentId.eq(row.id)).exec(tx).await?;
    document::Entity::delete_many().filter(document::Column::Id.eq(row.id)).exec(tx).await?;
    data_key::Entity::delete_many().filter(data_key::Column::Id.is_in(keys.iter().map(|id| id.0))).exec(tx).await?;
    let line = audit::Line::new("document.discarded", format!("document:{}", row.id))
        .tenant(row.tenant_id)
        .with("owner", row.owner)
        .with("why", why);
    audit::record(work, line).await
}
