//! Takes away what nobody will ask for: files that waited too long for their message, and objects that no row names (what a
//! killed process left between writing a blob and its commit).

use std::sync::Arc;

use entity::{Moment, Reach, Walled, vault::version};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use super::waiting;
use crate::{
    platform::{Platform, Result},
    vault::intake::parse_object_name,
};

/// Younger objects may belong to an upload that is just being committed.
const AGE: i64 = Moment::HOUR;

/// How many objects and half-written files were taken away. Objects are ciphertext whose key was never stored: nothing is lost.
pub async fn sweep(platform: &Arc<Platform>) -> Result<usize> {
    waiting::sweep(platform).await?;
    let before = platform.clock.now().plus(-AGE);
    let mut taken = platform.blobs.sweep_parts(before)?;
    for names in platform.blobs.older_than(before).await?.chunks(500) {
        let objects: Vec<_> = names.iter().filter_map(|name| Some((name, parse_object_name(name)?))).collect();
        let tx = platform.read(Reach::Everything("objects without a row belong to no tenant")).await?;
        let known: Vec<entity::ids::DocumentVersionId> = version::Entity::within(tx.reach())
            .filter(version::Column::Id.is_in(objects.iter().map(|(_, (_, id))| id.0)))
            .select_only()
            .column(version::Column::Id)
            .into_tuple()
            .all(&tx)
            .await?;
        drop(tx);
        for (name, (_, id)) in objects {
            if !known.contains(&id) {
                platform.blobs.delete(name).await?;
                taken += 1;
            }
        }
    }
    if taken > 0 {
        tracing::info!(taken, "objects without a document were taken out of the blob store");
    }
    Ok(taken)
}

/// Sweeps now and every six hours, until the end of the process.
pub async fn sweep_forever(platform: Arc<Platform>) {
    loop {
        if let Err(error) = sweep(&platform).await {
            tracing::warn!(%error, "the blob store could not be swept");
        }
        tokio::time::sleep(std::time::Duration::from_secs(6 * 3_600)).await;
    }
}
