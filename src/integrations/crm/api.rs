//! `GET /api/crm/compliance?tenantId=&orgId=`: score, signed and pending policies, open matters.

use actix_web::HttpResponse;
use entity::{
    Reach,
    ids::{CompanyId, TenantId},
    tenancy::{AliasKind, company, tenant},
};
use serde::Deserialize;

use super::figures::{as_of, figures};
use crate::{
    crm::{self, Crm},
    platform::{
        Error, Result, Tx,
        leaf::query,
        web::{Answer, Ask},
    },
    tenancy,
};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Which {
    /// Our id of the MSP, or its slug.
    #[serde(rename = "tenantId")]
    tenant: String,
    /// Our id of the client, or its number at the CRM, the Hub or the PSA.
    #[serde(rename = "orgId")]
    company: String,
}

async fn named_tenant(tx: &Tx, text: &str) -> Result<tenant::Model> {
    let found = match text.parse::<TenantId>() {
        Ok(id) => tenancy::tenant(tx, id).await?,
        Err(_) => tenancy::tenant_by_slug(tx, text).await?,
    };
    found.ok_or(Error::NotFound)
}

async fn named_company(tx: &Tx, tenant: TenantId, text: &str) -> Result<company::Model> {
    let id = match text.parse::<CompanyId>() {
        Ok(id) => Some(id),
        Err(_) => match crm::client_by_ref(tx, tenant, text).await?.and_then(|row| row.company_id) {
            Some(id) => Some(id),
            None => tenancy::alias(tx, tenant, AliasKind::Company, text).await?.map(|row| CompanyId(row.about)),
        },
    };
    let company = match id {
        Some(id) => tenancy::company_in(tx, id).await?.filter(|row| row.tenant_id == tenant),
        None => None,
    };
    company.ok_or(Error::NotFound)
}

/// A client's figures, as they are now.
pub async fn compliance(ask: Ask<Crm>) -> Answer {
    let which: Which = query(&ask.request)?;
    for (name, value) in [("tenantId", &which.tenant), ("orgId", &which.company)] {
        if value.is_empty() {
            return Err(Error::invalid(name, "Name it: tenantId and orgId are both needed."));
        }
    }
    let platform = ask.platform();
    let tenant = {
        let tx = platform.read(Reach::Everything("the CRM names the tenant")).await?;
        named_tenant(&tx, &which.tenant).await?
    };
    let tx = platform.read(Reach::Tenants(vec![tenant.id])).await?;
    let company = named_company(&tx, tenant.id, &which.company).await?;
    let figures = figures(&tx, &platform.config, &company).await?;
    Ok(HttpResponse::Ok().json(as_of(figures, platform.clock.now())))
}
