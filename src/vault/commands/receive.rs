//! Takes an uploaded file into the vault, as it comes in. No transaction is open while it does.

use std::sync::Arc;

use bytes::Bytes;
use entity::{
    Reach,
    ids::{DocumentId, DocumentVersionId},
};
use futures_util::Stream;

use super::{new_data_key::fresh_key_ahead, store::write_rows};
use crate::{
    platform::{Actor, Platform, Result, random},
    vault::{document::NewDocument, intake::take_in, kind},
};

/// The content's kind is found by looking at it; `new.file_name` is what the sender called it. What is refused leaves nothing.
pub async fn receive<S>(platform: &Arc<Platform>, actor: Actor, reach: Reach, new: NewDocument, content: S) -> Result<DocumentId>
where
    S: Stream<Item = Result<Bytes>> + Unpin,
{
    take(platform, actor, reach, new, content, false).await
}

/// The same for a file that waits for the message that names it: see [`super::waiting`].
pub async fn receive_waiting<S>(
    platform: &Arc<Platform>,
    actor: Actor,
    reach: Reach,
    new: NewDocument,
    content: S,
) -> Result<DocumentId>
where
    S: Stream<Item = Result<Bytes>> + Unpin,
{
    take(platform, actor, reach, new, content, true).await
}

async fn take<S>(
    platform: &Arc<Platform>,
    actor: Actor,
    reach: Reach,
    new: NewDocument,
    content: S,
    waits: bool,
) -> Result<DocumentId>
where
    S: Stream<Item = Result<Bytes>> + Unpin,
{
    // A name that promises what is not taken is refused before anything is made.
    kind::by_name(&crate::vault::file_name::clean(&new.file_name))
        .map_err(|sentence| crate::platform::Error::invalid("file", sentence))?;
    let key = fresh_key_ahead(platform, &actor, &reach, new.tenant).await?;
    let object = DocumentVersionId(random::id(platform.clock.now()));
    let (stored, unclaimed) = take_in(platform, &key.key, object, &new.file_name, content).await?;
    let mut work = platform.work(actor, reach).await?;
    let id = write_rows(&mut work, new, &key, stored, waits).await?;
    unclaimed.claim();
    work.commit().await?;
    Ok(id)
}
