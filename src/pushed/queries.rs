//! Reading pushed documents.

use entity::{
    ids::{EnvelopeId, PushedId, TenantId},
    pushed::document,
    wall::Walled,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::platform::{Result, Tx, web::paging::PAGE_SIZE};

const WORD: &str = "pushed:";

/// What signing calls its source.
pub fn source(id: PushedId) -> String {
    format!("{WORD}{id}")
}

/// The document behind a source of signing, where it is one of these.
pub fn id_of(source: &str) -> Option<PushedId> {
    source.strip_prefix(WORD)?.parse().ok()
}

pub(super) async fn document(tx: &Tx, id: PushedId) -> Result<Option<document::Model>> {
    Ok(document::Entity::within(tx.reach()).filter(document::Column::Id.eq(id)).one(tx).await?)
}

/// Its request for signatures.
pub async fn envelope_for(tx: &Tx, id: PushedId) -> Result<Option<EnvelopeId>> {
    Ok(document(tx, id).await?.map(|row| row.envelope_id))
}

/// By what name the sender knows it.
pub async fn external_id(tx: &Tx, id: PushedId) -> Result<Option<String>> {
    Ok(document(tx, id).await?.map(|row| row.external_id))
}

pub(super) async fn by_external_id(tx: &Tx, tenant: TenantId, external_id: &str) -> Result<Option<document::Model>> {
    Ok(document::Entity::within(tx.reach())
        .filter(document::Column::TenantId.eq(tenant))
        .filter(document::Column::ExternalId.eq(external_id))
        .one(tx)
        .await?)
}

/// A page of a tenant's, the newest first, and how many there are.
pub(super) async fn list(tx: &Tx, tenants: &[TenantId], offset: u64) -> Result<(Vec<document::Model>, u64)> {
    let rows = document::Entity::within(tx.reach()).filter(document::Column::TenantId.is_in(tenants.iter().map(|id| id.0)));
    let total = rows.clone().count(tx).await?;
    let rows = rows.order_by_desc(document::Column::Id).offset(offset).limit(PAGE_SIZE).all(tx).await?;
    Ok((rows, total))
}
