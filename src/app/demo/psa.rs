//! Somebody whom Harbor's PSA lets into the portal, and whose company nobody has matched yet: an admin has to say who it is.

use entity::ids::PsaPersonId;
use serde_json::json;

use super::stage::Stage;
use crate::{
    integrations::psa::{Person, take_person},
    platform::Result,
};

/// Nora of a company that is no client of Harbor's yet.
pub async fn fill(stage: &Stage<'_>) -> Result<PsaPersonId> {
    let nora: Person = serde_json::from_value(json!({
        "id": "psa-3107", "company_id": "psa-cedar", "name": "Nora Bell", "email": "nora@cedarclinic.example", "version": 1,
    }))?;
    let taken = take_person(stage.platform, stage.cast.harbor, &nora, Some("Cedar Clinic"), true).await?;
    Ok(taken.row().id)
}
