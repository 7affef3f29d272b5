//! Harbor's clients as its CRM told of them: two that were here, and one that an admin has to place.

use entity::ids::CrmClientId;
use serde_json::json;

use super::stage::Stage;
use crate::{
    crm::{self, Company},
    platform::{Actor, Error, Result},
};

/// Acme as the CRM knows it.
pub async fn fill(stage: &Stage<'_>) -> Result<CrmClientId> {
    let told: Vec<Company> = serde_json::from_value(json!([
        { "id": "crm-0001", "name": "Acme Dental", "version": 4 },
        { "id": "crm-0002", "name": "Bluefin Freight", "version": 2 },
        { "id": "crm-0077", "name": "ACME Dental", "version": 1 },
    ]))?;
    let tenant = stage.cast.harbor;
    let mut work = stage.platform.work(Actor::program("CRM"), entity::Reach::Tenants(vec![tenant])).await?;
    crm::take(&mut work, tenant, &told).await?;
    let acme = crm::client_by_ref(work.read(), tenant, "crm-0001").await?.ok_or(Error::NotFound)?;
    work.commit().await?;
    Ok(acme.id)
}
