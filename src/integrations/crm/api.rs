//! `GET /api/crm/compliance?tenantId=&orgId=`: score, signed and pending policies, open matters.

use actix_web::HttpResponse;
use entity::{
    Reach,
    ids::{CompanyId, TenantId},
    tenancy::{AliasKind, company, tenant},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::access::Crm;
use crate::{
    compliance::{self, Requirement, Score},
    matters,
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
    /// Our id of the client, or the number by which the Hub and the PSA know it.
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
        Err(_) => tenancy::alias(tx, tenant, AliasKind::Company, text).await?.map(|row| CompanyId(row.about)),
    };
    let company = match id {
        Some(id) => tenancy::company_in(tx, id).await?.filter(|row| row.tenant_id == tenant),
        None => None,
    };
    company.ok_or(Error::NotFound)
}

/// `score` is null where nothing is required. How many matters are open is told, and nothing of them.
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
    let requirements = compliance::of_company(&tx, company.id).await?;
    let row = |requirement: &Requirement| {
        json!({ "policy": requirement.policy, "title": requirement.title, "version": requirement.version,
                "signed_at": requirement.signed_at().map(|at| at.rfc3339()), "missing": requirement.missing() })
    };
    let (signed, pending): (Vec<&Requirement>, Vec<&Requirement>) = requirements.iter().partition(|r| r.is_signed());
    Ok(HttpResponse::Ok().json(json!({
        "company_id": company.id,
        "company": company.name,
        "score": Score::of(&requirements).percent(),
        "signed": signed.into_iter().map(row).collect::<Vec<Value>>(),
        "pending": pending.into_iter().map(row).collect::<Vec<Value>>(),
        "open_matters": matters::open_of_company(&tx, company.id).await?,
        "url": platform.config.link(&format!("/legal/compliance/{}", company.id)),
    })))
}
