//! Tells the CRM the figures of a client as they are now. The moment they were read goes with them, so that what comes late there
//! never takes the place of what is newer; the same figures are not told twice.

use std::sync::Arc;

use entity::{
    Reach,
    ids::{CompanyId, TenantId},
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    crm,
    integrations::crm::figures::{as_of, figures},
    platform::{
        Actor, Platform, Result, Work,
        remote::{Call, CallError, Remote},
    },
    tenancy,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The CRM has them, or does not know this client.
    Told,
    /// It passes: again soon.
    Later(String),
    /// Somebody has to do something; it stands on the admin's page.
    Stuck(String),
}

pub async fn tell(platform: &Arc<Platform>, tenant: TenantId, company: CompanyId) -> Result<Outcome> {
    let reach = Reach::Tenants(vec![tenant]);
    let tx = platform.read(reach.clone()).await?;
    let (Some(row), Some(client)) = (crm::client_of_company(&tx, company).await?, tenancy::company_in(&tx, company).await?) else {
        return Ok(Outcome::Told);
    };
    if row.gone_at.is_some() {
        return Ok(Outcome::Told);
    }
    let now = platform.clock.now();
    let figures = figures(&tx, &platform.config, &client).await?;
    drop(tx);
    let hash = hex::encode(Sha256::digest(figures.to_string()));
    let answer = if hash == row.told {
        Ok(Value::Null)
    } else {
        let path = format!(
            "v1/companies/{}/legal",
            percent_encoding::utf8_percent_encode(&row.client_ref, percent_encoding::NON_ALPHANUMERIC)
        );
        let key = format!("figures-{}-{}", row.id, now.0);
        match Remote::of(platform, &platform.config.crm) {
            Ok(remote) => remote.call(platform, Call::post(&path, &key, as_of(figures, now))).await,
            Err(error) => Err(error),
        }
    };
    let mut work = platform.work(Actor::program("crm"), reach).await?;
    let outcome = match answer {
        Ok(_) => {
            crm::note_told(&mut work, row.id, row.revision, now, &hash).await?;
            Outcome::Told
        }
        Err(error) => stopped(&mut work, row.id, error).await?,
    };
    work.commit().await?;
    Ok(outcome)
}

async fn stopped(work: &mut Work, id: entity::ids::CrmClientId, error: CallError) -> Result<Outcome> {
    let words = format!("the CRM was told, and {error}");
    crm::note_trouble(work, id, &words).await?;
    let passes = error.is_passing() || matches!(error, CallError::Resting(_));
    Ok(if passes { Outcome::Later(words) } else { Outcome::Stuck(words) })
}
