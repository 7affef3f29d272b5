//! Opens a document for somebody: proves it, writes it into the audit log, and only then lets bytes go.

use std::sync::Arc;

use crate::{
    audit,
    platform::{Actor, Error, Platform, Result},
    vault::{
        access::{Reader, can_read},
        commands::watch::watch,
        content::{Content, open_content},
        events::DocumentOpened,
        queries::{Object, data_key, object_numbered, object_of},
    },
};

/// To look at in the browser, or to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    View,
    Download,
}

/// A document whose first bytes are authenticated and whose opening is recorded.
pub struct Opened {
    pub file_name: String,
    pub media_type: String,
    pub size: u64,
    pub content: Content,
}

/// No entry in the audit log, no byte; no key or no blob, no entry.
pub async fn open_document(
    platform: &Arc<Platform>,
    actor: Actor,
    reader: &Reader,
    version: Option<i32>,
    how: How,
) -> Result<Opened> {
    let reach = reader.caller.reach();
    let tx = platform.read(reach.clone()).await?;
    let object: Object = match version {
        None => object_of(&tx, reader.document.version_id).await?,
        Some(number) => object_numbered(&tx, reader.document.id, number).await?,
    };
    let key = data_key(platform, &tx, object.key).await?;
    drop(tx);
    let content = open_content(platform, &object, &key).await?;
    let mut work = platform.work(actor, reach).await?;
    // Proved again inside the transaction: a grant taken back a moment ago counts.
    if !can_read(work.read(), &reader.caller, reader.document.id).await? {
        return Err(Error::NotFound);
    }
    let action = match how {
        How::View => "document.viewed",
        How::Download => "document.downloaded",
    };
    let line =
        audit::Line::new(action, format!("document:{}", reader.document.id)).tenant(object.tenant).with("version", object.number);
    audit::record(&mut work, line).await?;
    watch(&mut work, object.tenant).await?;
    if reader.caller.is_attorney() {
        let document = &reader.document;
        work.tell(&DocumentOpened {
            tenant: object.tenant,
            document: document.id,
            owner: document.owner.clone(),
            title: document.title.clone(),
        })?;
    }
    work.commit().await?;
    Ok(Opened { file_name: object.file_name, media_type: object.media_type, size: object.size, content })
}
