//! Reading documents, versions and keys.

use std::sync::Arc;

use entity::{
    Moment, Reach, Walled,
    ids::{CompanyId, DataKeyId, DocumentId, DocumentVersionId, TenantId},
    vault::{Category, data_key, document, grant, tenant_key, version},
};
use sea_orm::{
    ColumnTrait, Condition, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func, LikeExpr, Query},
};

use super::{
    access::{listed, readable},
    document::{Audience, DocumentRow, VersionRow},
    key::{DataKey, KeyCache, Secret, TenantKeyRow, unwrap_tenant_key},
    kind, olv1,
    search::{Search, Sort},
};
use crate::{
    platform::{Error, Leaf, Platform, Refusal, Result, Tx},
    tenancy::{self, Caller},
};

/// The key of a document version or conversation, from memory or unwrapped. A disabled key opens nothing, whatever is in memory.
pub async fn data_key(platform: &Arc<Platform>, tx: &Tx, id: DataKeyId) -> Result<Arc<DataKey>> {
    let row = data_key::Entity::within(tx.reach()).filter(data_key::Column::Id.eq(id)).one(tx).await?.ok_or(Error::NotFound)?;
    if row.disabled_at.is_some() {
        return Err(Refusal::new(
            "key_disabled",
            "The key of this document or conversation is disabled, so it cannot be opened.",
            "Ask the operator: `one-legal keys enable` opens it again.",
        )
        .into());
    }
    let cache = platform.shared::<KeyCache>();
    if let Some(key) = cache.data(id, platform.clock.now()) {
        return Ok(key);
    }
    let tenant_key = tenant_key::Entity::within(tx.reach())
        .filter(tenant_key::Column::Id.eq(row.tenant_key_id))
        .one(tx)
        .await?
        .ok_or_else(|| anyhow::anyhow!("the tenant key {} of a data key is missing", row.tenant_key_id))?;
    let secret = tenant_secret(platform, &tenant_key).await?;
    let key = Arc::new(DataKey::unwrap(&secret, id, row.tenant_id, &row.wrapped)?);
    cache.keep_data(Arc::clone(&key), &platform.clock);
    Ok(key)
}

/// A tenant key unwrapped, from memory or by the key store.
pub(super) async fn tenant_secret(platform: &Arc<Platform>, row: &tenant_key::Model) -> Result<Arc<Secret>> {
    let cache = platform.shared::<KeyCache>();
    if let Some(secret) = cache.tenant(row.id, platform.clock.now()) {
        return Ok(secret);
    }
    let secret = unwrap_tenant_key(platform, row.tenant_id, &row.store_key, &row.wrapped).await?;
    cache.keep_tenant(row.id, Arc::clone(&secret), &platform.clock);
    Ok(secret)
}

/// The tenant's newest key, if it has one yet.
pub(super) async fn newest_tenant_key(tx: &Tx, tenant: TenantId) -> Result<Option<tenant_key::Model>> {
    Ok(tenant_key::Entity::within(tx.reach())
        .filter(tenant_key::Column::TenantId.eq(tenant))
        .order_by_desc(tenant_key::Column::Version)
        .one(tx)
        .await?)
}

/// The documents of one owner (`matter:ID`, …) that this caller may read, newest first.
pub async fn documents_of(tx: &Tx, caller: &Caller, owner: &str) -> Result<Vec<DocumentRow>> {
    documents_of_all(tx, caller, &[owner.to_owned()]).await
}

/// The same for several owners in one list.
pub async fn documents_of_all(tx: &Tx, caller: &Caller, owners: &[String]) -> Result<Vec<DocumentRow>> {
    let rows = document::Entity::within(tx.reach())
        .filter(document::Column::Owner.is_in(owners.iter().map(String::as_str)))
        .filter(listed(caller))
        .order_by_desc(document::Column::UpdatedAt)
        .order_by_desc(document::Column::Id)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(DocumentRow::from).collect())
}

/// Those of an owner's documents that this caller may name in a message, what they have not sent yet among them.
pub async fn sendable(tx: &Tx, caller: &Caller, owner: &str, ids: &[DocumentId]) -> Result<Vec<DocumentRow>> {
    let rows = document::Entity::within(tx.reach())
        .filter(document::Column::Owner.eq(owner))
        .filter(document::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(readable(caller))
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(DocumentRow::from).collect())
}

/// The newest bytes of a small document, for the program's own use; says nothing about who may read it.
pub async fn read(platform: &Arc<Platform>, tx: &Tx, id: DocumentId) -> Result<Vec<u8>> {
    let row = document::Entity::within(tx.reach()).filter(document::Column::Id.eq(id)).one(tx).await?.ok_or(Error::NotFound)?;
    let object = object_of(tx, row.version_id).await?;
    let key = data_key(platform, tx, object.key).await?;
    let mut blob = platform.blobs.reader(&object.name()).await?;
    let mut opener = olv1::Opener::new(key.secret(), object.key, object.tenant, object.id.0);
    let mut plain = Vec::new();
    while let Some(bytes) = blob.next().await? {
        opener.push(&bytes, &mut plain).map_err(|_| damaged(object.id))?;
    }
    opener.finish(&mut plain).map_err(|_| damaged(object.id))?;
    Ok(plain)
}

/// Where the bytes of a version lie, and under which key.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub id: DocumentVersionId,
    pub tenant: TenantId,
    pub key: DataKeyId,
    pub size: u64,
    pub media_type: String,
    pub file_name: String,
    pub number: i32,
}

impl Object {
    pub fn name(&self) -> String {
        object_name(self.tenant, self.id)
    }
}

/// The name of an object in the blob store.
pub(super) fn object_name(tenant: TenantId, version: DocumentVersionId) -> String {
    format!("{tenant}/{version}.olv1")
}

pub(super) async fn object_of(tx: &Tx, id: DocumentVersionId) -> Result<Object> {
    let row = version::Entity::within(tx.reach()).filter(version::Column::Id.eq(id)).one(tx).await?.ok_or(Error::NotFound)?;
    Ok(object(row))
}

fn object(row: version::Model) -> Object {
    Object {
        id: row.id,
        tenant: row.tenant_id,
        key: row.data_key_id,
        size: u64::try_from(row.size).unwrap_or(0),
        media_type: row.media_type,
        file_name: row.file_name,
        number: row.number,
    }
}

/// A numbered version of a document.
pub(super) async fn object_numbered(tx: &Tx, document: DocumentId, number: i32) -> Result<Object> {
    let row = version::Entity::within(tx.reach())
        .filter(version::Column::DocumentId.eq(document))
        .filter(version::Column::Number.eq(number))
        .one(tx)
        .await?;
    row.map(object).ok_or(Error::NotFound)
}

/// How often a document was stored, the first time counted; none where there is no such document.
pub async fn version_of(tx: &Tx, document: DocumentId) -> Result<Option<i32>> {
    let row = document::Entity::within(tx.reach()).filter(document::Column::Id.eq(document)).one(tx).await?;
    Ok(row.map(|row| row.version))
}

/// The versions of a document, newest first.
pub async fn versions(tx: &Tx, document: DocumentId) -> Result<Vec<VersionRow>> {
    let rows = version::Entity::within(tx.reach())
        .filter(version::Column::DocumentId.eq(document))
        .order_by_desc(version::Column::Number)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(VersionRow::from).collect())
}

/// The bytes in the store are not what was put there.
pub(super) fn damaged(version: DocumentVersionId) -> Error {
    tracing::error!(%version, "an object of the vault does not open: changed, cut or swapped in the blob store");
    Refusal::new(
        "document_damaged",
        "The stored bytes of this document are damaged, so it was not opened. Nothing of it was shown.",
        "Tell the operator: the file has to come back from a backup.",
    )
    .status(actix_web::http::StatusCode::SERVICE_UNAVAILABLE)
    .into()
}

/// Who may read a document.
pub async fn audience_of(tx: &Tx, document: DocumentId) -> Result<Vec<Audience>> {
    let rows = grant::Entity::within(tx.reach())
        .filter(grant::Column::DocumentId.eq(document))
        .order_by_asc(grant::Column::CreatedAt)
        .order_by_asc(grant::Column::Audience)
        .all(tx)
        .await?;
    Ok(rows.iter().filter_map(|row| row.audience.parse().ok()).collect())
}

/// One page of the documents this caller may read, and how many there are.
pub async fn search(tx: &Tx, caller: &Caller, search: &Search, offset: u64, limit: u64) -> Result<(Vec<DocumentRow>, u64)> {
    let found = document::Entity::within(tx.reach()).filter(matching(tx, caller, search, true).await?);
    let total = found.clone().count(tx).await?;
    let sorted = match search.sort {
        Sort::Newest => found.order_by_desc(document::Column::UpdatedAt),
        Sort::Oldest => found.order_by_asc(document::Column::UpdatedAt),
        Sort::Title => found.order_by_asc(Expr::expr(Func::lower(Expr::col(document::Column::Title)))),
        Sort::Largest => found.order_by_desc(document::Column::Size),
    };
    let rows = sorted.order_by_desc(document::Column::Id).offset(offset).limit(limit).all(tx).await?;
    Ok((rows.into_iter().map(DocumentRow::from).collect(), total))
}

/// How many documents of each category match, whatever category is chosen.
pub async fn counts(tx: &Tx, caller: &Caller, search: &Search) -> Result<Vec<(Category, u64)>> {
    let found: Vec<(Category, i64)> = document::Entity::within(tx.reach())
        .filter(matching(tx, caller, search, false).await?)
        .select_only()
        .column(document::Column::Category)
        .column_as(document::Column::Id.count(), "many")
        .group_by(document::Column::Category)
        .into_tuple()
        .all(tx)
        .await?;
    let many = |category| found.iter().find(|(c, _)| *c == category).map_or(0, |(_, many)| u64::try_from(*many).unwrap_or(0));
    Ok(Category::ALL.iter().map(|category| (*category, many(*category))).collect())
}

/// The clients that documents readable by this caller are about, by name. Others are not told.
pub async fn clients_in(tx: &Tx, caller: &Caller) -> Result<Vec<(CompanyId, String)>> {
    let ids: Vec<Option<CompanyId>> = document::Entity::within(tx.reach())
        .filter(listed(caller))
        .filter(document::Column::CompanyId.is_not_null())
        .select_only()
        .column(document::Column::CompanyId)
        .distinct()
        .into_tuple()
        .all(tx)
        .await?;
    let mut clients = Vec::new();
    if let Reach::Tenants(tenants) = caller.reach() {
        for tenant in tenants {
            for company in tenancy::companies(tx, tenant).await? {
                if ids.contains(&Some(company.id)) {
                    clients.push((company.id, company.name));
                }
            }
        }
    }
    clients.sort_by_key(|(_, name)| name.to_lowercase());
    Ok(clients)
}

async fn matching(tx: &Tx, caller: &Caller, search: &Search, with_category: bool) -> Result<Condition> {
    let mut all = Condition::all().add(listed(caller));
    if with_category && let Some(category) = search.category {
        all = all.add(document::Column::Category.eq(category));
    }
    if let Some(company) = search.company {
        all = all.add(document::Column::CompanyId.eq(company));
    }
    if let Some(media_type) = search.kind.as_deref().and_then(kind::media_type_of) {
        all = all.add(document::Column::MediaType.eq(media_type));
    }
    if let Some(status) = search.status {
        all = all.add(document::Column::Status.eq(status));
    }
    if let Some(from) = search.from {
        all = all.add(document::Column::UpdatedAt.gte(from));
    }
    if let Some(until) = search.until {
        all = all.add(document::Column::UpdatedAt.lt(until.plus(Moment::DAY)));
    }
    let words: Vec<String> = search.text.to_lowercase().split_whitespace().take(8).map(str::to_owned).collect();
    if !words.is_empty() {
        let clients = clients_in(tx, caller).await?;
        for word in words {
            let escaped = word.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
            let like = |column: document::Column| {
                Expr::expr(Func::lower(Expr::col(column))).like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
            };
            let of_client = clients.iter().filter(|(_, name)| name.to_lowercase().contains(&word)).map(|(id, _)| id.0);
            all = all.add(
                Condition::any()
                    .add(like(document::Column::Title))
                    .add(like(document::Column::FileName))
                    .add(document::Column::CompanyId.is_in(of_client)),
            );
        }
    }
    Ok(all)
}

/// The tenant keys, by tenant and version, with what stands under each.
pub async fn tenant_keys(tx: &Tx) -> Result<Vec<TenantKeyRow>> {
    let keys = tenant_key::Entity::within(tx.reach())
        .order_by_asc(tenant_key::Column::TenantId)
        .order_by_asc(tenant_key::Column::Version)
        .all(tx)
        .await?;
    let mut rows = Vec::new();
    for key in keys {
        let under = data_key::Entity::within(tx.reach()).filter(data_key::Column::TenantKeyId.eq(key.id));
        rows.push(TenantKeyRow {
            tenant: key.tenant_id,
            version: key.version,
            store_key: key.store_key,
            created_at: key.created_at,
            data_keys: under.clone().count(tx).await?,
            disabled: under.filter(data_key::Column::DisabledAt.is_not_null()).count(tx).await?,
        });
    }
    Ok(rows)
}

/// The documents that all staff of a tenant may read, the oldest first, as programs read on.
pub(super) async fn leaf_of(
    tx: &Tx,
    tenant: TenantId,
    category: Option<Category>,
    company: Option<CompanyId>,
    leaf: &Leaf,
) -> Result<(Vec<DocumentRow>, Option<uuid::Uuid>)> {
    let shared = Query::select()
        .column(grant::Column::DocumentId)
        .from(grant::Entity)
        .and_where(grant::Column::Audience.eq(Audience::Staff.to_string()))
        .and_where(grant::Column::TenantId.eq(tenant))
        .to_owned();
    let mut rows = document::Entity::within(tx.reach())
        .filter(document::Column::TenantId.eq(tenant))
        .filter(document::Column::Id.in_subquery(shared));
    if let Some(category) = category {
        rows = rows.filter(document::Column::Category.eq(category));
    }
    if let Some(company) = company {
        rows = rows.filter(document::Column::CompanyId.eq(company));
    }
    let (rows, next) = leaf.cut(leaf.select(rows, document::Column::Id).all(tx).await?, |row| row.id.0);
    Ok((rows.into_iter().map(DocumentRow::from).collect(), next))
}
