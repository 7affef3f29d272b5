//! What the CRM may know of a client.

use entity::{Moment, tenancy::company};
use serde_json::{Value, json};

use crate::{
    compliance::{self, Requirement, Score},
    matters,
    platform::{Config, Result, Tx},
};

/// `score` is null where nothing is required. How many matters are open is told and when one last moved, and nothing of them.
pub async fn figures(tx: &Tx, config: &Config, company: &company::Model) -> Result<Value> {
    let requirements = compliance::of_company(tx, company.id).await?;
    let row = |requirement: &Requirement| {
        json!({ "policy": requirement.policy, "title": requirement.title, "version": requirement.version,
                "signed_at": requirement.signed_at().map(|at| at.rfc3339()), "missing": requirement.missing() })
    };
    let (signed, pending): (Vec<&Requirement>, Vec<&Requirement>) = requirements.iter().partition(|r| r.is_signed());
    let (open, last) = matters::activity_of_company(tx, company.id).await?;
    Ok(json!({
        "company_id": company.id,
        "company": company.name,
        "score": Score::of(&requirements).percent(),
        "signed": signed.into_iter().map(row).collect::<Vec<Value>>(),
        "pending": pending.into_iter().map(row).collect::<Vec<Value>>(),
        "open_matters": open,
        "last_matter_at": last.map(|at| at.rfc3339()),
        "url": config.link(&format!("/legal/compliance/{}", company.id)),
    }))
}

/// With the moment they were read: the CRM keeps the newest.
pub fn as_of(mut figures: Value, at: Moment) -> Value {
    figures["as_of"] = at.rfc3339().into();
    figures
}
