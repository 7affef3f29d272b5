//! Puts a document that the program made into the vault, in the caller's transaction.

use std::sync::Arc;

use aws_lc_rs::digest;
use entity::{
    Walled,
    ids::{DocumentId, DocumentVersionId, TenantId},
    vault::{DocumentStatus, document, grant, version},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set, sea_query::OnConflict};

use super::new_data_key::{FreshKey, fresh_key, insert as insert_key};
use crate::{
    audit,
    platform::{Error, Result, Work},
    vault::{
        document::{NewDocument, clean_title},
        events::DocumentAdded,
        file_name,
        intake::Stored,
        key::note_blobs,
        olv1::{self, Header},
        queries::object_name,
    },
};

/// A generated document: encrypted under a key of its own, on disk, granted to its audience.
pub async fn store(work: &mut Work, new: NewDocument, bytes: Vec<u8>) -> Result<DocumentId> {
    let platform = Arc::clone(work.platform());
    let object: DocumentVersionId = work.id();
    let key = fresh_key(work, new.tenant).await?;
    let sealed = olv1::seal(key.key.secret(), &Header::fresh(key.key.id), new.tenant, object.0, &bytes).map_err(Error::internal)?;
    note_blobs(&platform, platform.blobs.put(&object_name(new.tenant, object), sealed).await)?;
    let stored = Stored {
        object,
        file_name: file_name::clean(&new.file_name),
        media_type: new.media_type.clone(),
        size: bytes.len() as u64,
        sha256: hex::encode(digest::digest(&digest::SHA256, &bytes)),
    };
    write_rows(work, new, &key, stored, false).await
}

/// A newer version of a document the program made, beside the old one.
pub async fn store_version(work: &mut Work, id: DocumentId, file_name: &str, bytes: Vec<u8>) -> Result<()> {
    let tx = work.read();
    let row = document::Entity::within(tx.reach()).filter(document::Column::Id.eq(id)).one(tx).await?.ok_or(Error::NotFound)?;
    let tenant = row.tenant_id;
    let platform = Arc::clone(work.platform());
    let object: DocumentVersionId = work.id();
    let key = fresh_key(work, tenant).await?;
    let sealed = olv1::seal(key.key.secret(), &Header::fresh(key.key.id), tenant, object.0, &bytes).map_err(Error::internal)?;
    note_blobs(&platform, platform.blobs.put(&object_name(tenant, object), sealed).await)?;
    let stored = Stored {
        object,
        file_name: file_name::clean(file_name),
        media_type: row.media_type.clone(),
        size: bytes.len() as u64,
        sha256: hex::encode(digest::digest(&digest::SHA256, &bytes)),
    };
    write_version(work, row, &key, stored).await.map(drop)
}

/// Key, version, the document as it stands from now on, and the audit line; the number of the new version.
pub(super) async fn write_version(work: &mut Work, row: document::Model, key: &FreshKey, stored: Stored) -> Result<i32> {
    let (id, tenant, number) = (row.id, row.tenant_id, row.version + 1);
    insert_key(work, key, &format!("version:{}", stored.object)).await?;
    insert_version(work, tenant, id, number, key, &stored).await?;
    let mut row = row.into_active_model();
    row.version_id = Set(stored.object);
    row.version = Set(number);
    row.file_name = Set(stored.file_name.clone());
    row.media_type = Set(stored.media_type.clone());
    row.size = Set(stored.size as i64);
    row.sha256 = Set(stored.sha256.clone());
    row.updated_at = Set(work.now());
    row.update(work.write()).await?;
    let line = audit::Line::new("document.revised", format!("document:{id}"))
        .tenant(tenant)
        .with("version", number)
        .with("size", stored.size)
        .with("sha256", stored.sha256);
    audit::record(work, line).await?;
    Ok(number)
}

/// Key, document, first version, grants, audit line and event; what waits for its message is told of when it is sent.
pub(in crate::vault) async fn write_rows(
    work: &mut Work,
    new: NewDocument,
    key: &FreshKey,
    stored: Stored,
    waits: bool,
) -> Result<DocumentId> {
    let id: DocumentId = work.id();
    let title = clean_title(&new.title);
    let title = if title.is_empty() { stored.file_name.clone() } else { title };
    insert_key(work, key, &format!("version:{}", stored.object)).await?;
    document::ActiveModel {
        id: Set(id),
        tenant_id: Set(new.tenant),
        company_id: Set(new.company),
        category: Set(new.category),
        owner: Set(new.owner.clone()),
        title: Set(title),
        status: Set(DocumentStatus::Current),
        version_id: Set(stored.object),
        version: Set(1),
        file_name: Set(stored.file_name.clone()),
        media_type: Set(stored.media_type.clone()),
        size: Set(stored.size as i64),
        sha256: Set(stored.sha256.clone()),
        created_by: Set(work.actor().account),
        created_by_name: Set(work.actor().name.clone()),
        created_at: Set(work.now()),
        updated_at: Set(work.now()),
        waiting_since: Set(waits.then(|| work.now())),
    }
    .insert(work.write())
    .await?;
    insert_version(work, new.tenant, id, 1, key, &stored).await?;
    for audience in &new.audience {
        insert_grant(work, new.tenant, id, &audience.to_string()).await?;
    }
    let line = audit::Line::new("document.added", format!("document:{id}"))
        .tenant(new.tenant)
        .with("owner", new.owner.clone())
        .with("category", new.category.word())
        .with("size", stored.size)
        .with("sha256", stored.sha256);
    audit::record(work, line).await?;
    if !waits {
        work.tell(&DocumentAdded { tenant: new.tenant, document: id, company: new.company, owner: new.owner, version: 1 })?;
    }
    Ok(id)
}

pub(in crate::vault) async fn insert_version(
    work: &mut Work,
    tenant: TenantId,
    document: DocumentId,
    number: i32,
    key: &FreshKey,
    stored: &Stored,
) -> Result<()> {
    version::ActiveModel {
        id: Set(stored.object),
        tenant_id: Set(tenant),
        document_id: Set(document),
        number: Set(number),
        data_key_id: Set(key.key.id),
        file_name: Set(stored.file_name.clone()),
        media_type: Set(stored.media_type.clone()),
        size: Set(stored.size as i64),
        sha256: Set(stored.sha256.clone()),
        created_by: Set(work.actor().account),
        created_by_name: Set(work.actor().name.clone()),
        created_at: Set(work.now()),
    }
    .insert(work.write())
    .await?;
    Ok(())
}

/// A second grant to the same audience is the first one.
pub(in crate::vault) async fn insert_grant(work: &mut Work, tenant: TenantId, document: DocumentId, audience: &str) -> Result<()> {
    let row = grant::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(tenant),
        document_id: Set(document),
        audience: Set(audience.to_owned()),
        created_at: Set(work.now()),
    };
    grant::Entity::insert(row)
        .on_conflict(OnConflict::columns([grant::Column::DocumentId, grant::Column::Audience]).do_nothing().to_owned())
        .exec_without_returning(work.write())
        .await?;
    Ok(())
}
