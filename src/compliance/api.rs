//! A client's score for programs.

use actix_web::HttpResponse;
use entity::ids::CompanyId;
use serde_json::json;

use super::{pages::tenants, queries, score::Score};
use crate::{
    platform::{
        Error, Tx,
        web::{Answer, Ask, path_id},
    },
    programs::{May, ReadPolicies},
    tenancy::{self, caller::Firm},
};

/// `{score, signed: […], pending: […]}`; `score` is null where nothing is required.
pub async fn company(ask: Ask<Firm>) -> Answer {
    let id: CompanyId = path_id(&ask.request, "company")?;
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    // Whoever sees only what they are put on sees no client's score, here as on the page.
    let seen = tenants(&ask.who.caller);
    tenancy::company_in(&tx, id).await?.filter(|company| seen.contains(&company.tenant_id)).ok_or(Error::NotFound)?;
    score(&tx, id).await
}

/// The same for a program.
pub async fn company_by_key(ask: Ask<May<ReadPolicies>>) -> Answer {
    let id: CompanyId = path_id(&ask.request, "company")?;
    let tx = ask.platform().read(ask.who.reach()).await?;
    tenancy::company_in(&tx, id).await?.filter(|company| company.tenant_id == ask.who.tenant).ok_or(Error::NotFound)?;
    score(&tx, id).await
}

async fn score(tx: &Tx, id: CompanyId) -> Answer {
    let requirements = queries::of_company(tx, id).await?;
    let row = |requirement: &super::Requirement| {
        json!({ "policy": requirement.policy, "title": requirement.title, "version": requirement.version,
                "signed_at": requirement.signed_at().map(|at| at.rfc3339()), "missing": requirement.missing() })
    };
    let signed: Vec<_> = requirements.iter().filter(|r| r.is_signed()).map(row).collect();
    let pending: Vec<_> = requirements.iter().filter(|r| !r.is_signed()).map(row).collect();
    Ok(HttpResponse::Ok().json(json!({ "score": Score::of(&requirements).percent(), "signed": signed, "pending": pending })))
}
