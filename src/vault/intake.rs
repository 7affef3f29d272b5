//! Bytes on their way in: looked at, hashed, encrypted and written as they come, a few hundred kilobytes at a time.

use std::sync::Arc;

use aws_lc_rs::digest;
use bytes::Bytes;
use entity::ids::{DocumentVersionId, TenantId};
use futures_util::{Stream, StreamExt};

use super::{
    DataKey, file_name,
    key::note_blobs,
    kind::Inspector,
    olv1::{Header, Sealer},
    queries::object_name,
};
use crate::platform::{Error, Platform, Result};

/// Bytes that lie encrypted in the store and have no row yet.
pub struct Stored {
    pub object: DocumentVersionId,
    pub file_name: String,
    pub media_type: String,
    pub size: u64,
    pub sha256: String,
}

/// Streams a file into the blob store. Whatever goes wrong (the kind, the limit, the line, the store), nothing is left behind.
pub async fn take_in<S>(
    platform: &Arc<Platform>,
    key: &DataKey,
    object: DocumentVersionId,
    name: &str,
    mut content: S,
) -> Result<(Stored, Unclaimed)>
where
    S: Stream<Item = Result<Bytes>> + Unpin,
{
    let unfit = |sentence: String| Error::invalid("file", sentence);
    let file_name = file_name::clean(name);
    let mut inspector = Inspector::new(&file_name).map_err(unfit)?;
    let blob = object_name(key.tenant, object);
    let mut writer = note_blobs(platform, platform.blobs.writer(&blob).await)?;
    let mut sealer = Sealer::new(key.secret(), &Header::fresh(key.id), key.tenant, object.0, writer.buffer());
    let mut hash = digest::Context::new(&digest::SHA256);
    let mut size = 0_u64;
    while let Some(bytes) = content.next().await {
        let bytes = bytes?;
        inspector.push(&bytes).map_err(unfit)?;
        hash.update(&bytes);
        size += bytes.len() as u64;
        sealer.push(&bytes, writer.buffer()).map_err(Error::internal)?;
        note_blobs(platform, writer.flush_full().await)?;
    }
    let kind = inspector.finish().map_err(unfit)?;
    sealer.finish(writer.buffer()).map_err(Error::internal)?;
    let unclaimed = Unclaimed { platform: Arc::clone(platform), name: Some(blob) };
    note_blobs(platform, writer.finish().await)?;
    let stored = Stored { object, file_name, media_type: kind.media_type.to_owned(), size, sha256: hex::encode(hash.finish()) };
    Ok((stored, unclaimed))
}

/// An object without a row; taken away when this is dropped before it was claimed.
pub struct Unclaimed {
    platform: Arc<Platform>,
    name: Option<String>,
}

impl Unclaimed {
    /// Its rows are about to be committed. From here on only the sweep, which looks for the row, may take it away: a commit
    /// whose answer was lost may have happened.
    pub fn claim(mut self) {
        self.name = None;
    }
}

impl Drop for Unclaimed {
    fn drop(&mut self) {
        let Some(name) = self.name.take() else { return };
        let platform = Arc::clone(&self.platform);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = platform.blobs.delete(&name).await {
                    tracing::warn!(%error, "an object without a row could not be taken away; the sweep will");
                }
            });
        }
    }
}

/// The tenant of an object's name and its version.
pub fn parse_object_name(name: &str) -> Option<(TenantId, DocumentVersionId)> {
    let (tenant, version) = name.strip_suffix(".olv1")?.split_once('/')?;
    Some((tenant.parse().ok()?, version.parse().ok()?))
}
