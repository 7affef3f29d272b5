//! Makes the signed PDF and lays it into the vault. The typesetting stands outside the transaction; doing it twice changes nothing.

use std::sync::Arc;

use entity::{
    Reach,
    ids::{DocumentId, EnvelopeId, TenantId},
    signing::{EnvelopeStatus, envelope},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

use super::attest::attest;
use crate::{
    audit,
    platform::{Actor, Error, Platform, Result, secret},
    signing::{certificate::SignedDocument, pdf, queries},
    tenancy, vault,
};

/// The signed document is in the vault when this answers; none where not everybody has signed.
pub async fn seal(platform: &Arc<Platform>, tenant: TenantId, id: EnvelopeId) -> Result<Option<DocumentId>> {
    let reach = Reach::Tenants(vec![tenant]);
    let Some(document) = read(platform, &reach, id).await? else {
        let tx = platform.read(reach).await?;
        return Ok(queries::envelope(&tx, id).await?.and_then(|view| view.sealed_document));
    };
    let set = document.clone();
    let pdf =
        tokio::task::spawn_blocking(move || pdf::render_pdf(&set)).await.map_err(|e| anyhow::anyhow!("typesetting: {e}"))??;
    let mut work = platform.work(Actor::program("The One Legal"), reach).await?;
    let view = queries::locked(work.read(), id).await?;
    if view.sealed_document.is_some() {
        return Ok(view.sealed_document);
    }
    let sha256 = secret::sha256_hex(&pdf);
    let mut audience = vec![vault::Audience::Staff, vault::Audience::Attorneys, vault::Audience::Company(view.company)];
    for signer in view.signers.iter().filter(|signer| signer.counts()) {
        if let Some(account) = tenancy::contact_in(work.read(), signer.contact).await?.and_then(|contact| contact.account_id) {
            audience.push(vault::Audience::Account(account));
        }
    }
    let new = vault::NewDocument {
        tenant,
        company: Some(view.company),
        category: vault::Category::ClientPolicies,
        title: format!("{} (signed)", view.title),
        file_name: document.file_name(),
        media_type: "application/pdf".to_owned(),
        owner: view.source.clone(),
        audience,
    };
    let stored = vault::store(&mut work, new, pdf).await?;
    envelope::Entity::update_many()
        .col_expr(envelope::Column::SealedDocument, Expr::value(stored.0))
        .filter(envelope::Column::Id.eq(id))
        .exec(work.write())
        .await?;
    let head = attest(&mut work, &view, "sealed", None, &[("document", json!(stored)), ("pdf_sha256", json!(sha256))]).await?;
    let line = audit::Line::new("envelope.sealed", format!("envelope:{id}"))
        .tenant(tenant)
        .with("document", stored.to_string())
        .with("pdf_sha256", sha256)
        .with("evidence", head);
    audit::record(&mut work, line).await?;
    work.commit().await?;
    Ok(Some(stored))
}

/// Everything the PDF says; none where there is nothing to seal (yet, or any more).
async fn read(platform: &Arc<Platform>, reach: &Reach, id: EnvelopeId) -> Result<Option<SignedDocument>> {
    let tx = platform.read(reach.clone()).await?;
    let view = queries::envelope(&tx, id).await?.ok_or(Error::NotFound)?;
    if view.status != EnvelopeStatus::Completed || view.sealed_document.is_some() {
        return Ok(None);
    }
    let text = queries::text_of(platform, &tx, id).await?;
    let tenant = tenancy::tenant(&tx, view.tenant).await?.ok_or(Error::NotFound)?;
    let company = tenancy::company_in(&tx, view.company).await?.ok_or(Error::NotFound)?;
    let mut signatures = Vec::new();
    for signer in &view.signers {
        signatures.extend(queries::record_of(&tx, &view, signer.id).await?);
    }
    let evidence = queries::evidence_of(&tx, id).await?;
    Ok(Some(SignedDocument::new(view, text.to_string(), (&tenant, &company), signatures, evidence)))
}
