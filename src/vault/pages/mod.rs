//! The vault's pages, for the firm and for clients.

pub mod document;
pub mod download;
pub mod files;
pub mod list;
pub mod upload;

use std::sync::Arc;

use super::key::{KeyCache, Trouble};
use crate::platform::Platform;

/// What the pages say on top while a store is away; none when all answer. Asks again, so that it goes by itself.
async fn banner(platform: &Arc<Platform>) -> Option<String> {
    let cache = platform.shared::<KeyCache>();
    let trouble: Trouble = *cache.trouble.lock();
    if trouble.blobs.is_some() && platform.blobs.writable().await.is_ok() {
        cache.trouble.lock().blobs = None;
    }
    if trouble.keys.is_some() {
        super::key::look_again(platform).await;
    }
    let trouble = *cache.trouble.lock();
    let (what, since) = match (trouble.keys, trouble.blobs) {
        (Some(since), _) => ("The key store cannot be reached", since),
        (None, Some(since)) => ("The file store cannot be reached", since),
        (None, None) => return None,
    };
    Some(format!(
        "{what} since {}. Lists work, but documents cannot be opened or added until it answers. Nothing is lost.",
        since.words()
    ))
}
