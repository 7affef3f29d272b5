//! Bytes on their way out: read, authenticated and decrypted as the reader takes them.

use std::sync::Arc;

use bytes::Bytes;
use entity::ids::DocumentVersionId;
use futures_util::{Stream, StreamExt, stream};

use super::{
    DataKey,
    key::note_blobs,
    olv1::Opener,
    queries::{Object, damaged},
};
use crate::platform::{Platform, Result, blobs::BlobReader};

/// Authenticated bytes of one object; an error in the middle breaks the answer off, so that its length does not come true.
pub type Content = std::pin::Pin<Box<dyn Stream<Item = Result<Bytes>> + Send>>;

struct Opening {
    blob: BlobReader,
    /// None once the last segment was opened.
    opener: Option<Opener>,
    version: DocumentVersionId,
    left: u64,
}

impl Opening {
    /// The next authenticated bytes; empty at the end.
    async fn next(&mut self) -> Result<Vec<u8>> {
        let mut plain = Vec::new();
        while plain.is_empty() && self.opener.is_some() {
            match self.blob.next().await? {
                Some(sealed) => {
                    plain.reserve(sealed.len());
                    if let Some(opener) = &mut self.opener {
                        opener.push(&sealed, &mut plain).map_err(|_| damaged(self.version))?;
                    }
                }
                None => {
                    if let Some(opener) = self.opener.take() {
                        opener.finish(&mut plain).map_err(|_| damaged(self.version))?;
                    }
                }
            }
        }
        self.left = self.left.checked_sub(plain.len() as u64).ok_or_else(|| damaged(self.version))?;
        if self.opener.is_none() && self.left > 0 {
            return Err(damaged(self.version));
        }
        Ok(plain)
    }
}

/// Opens the object and authenticates its first bytes, so that what is wrong is known before the answer begins.
pub(super) async fn open_content(platform: &Arc<Platform>, object: &Object, key: &DataKey) -> Result<Content> {
    let blob = note_blobs(platform, platform.blobs.reader(&object.name()).await)?;
    let opener = Opener::new(key.secret(), object.key, object.tenant, object.id.0);
    let mut opening = Opening { blob, opener: Some(opener), version: object.id, left: object.size };
    let first = opening.next().await?;
    let rest = stream::try_unfold(opening, |mut opening| async move {
        let plain = opening.next().await?;
        Ok(if plain.is_empty() { None } else { Some((Bytes::from(plain), opening)) })
    });
    let first = stream::iter((!first.is_empty()).then(|| Ok(Bytes::from(first))));
    Ok(Box::pin(first.chain(rest)))
}
