//! What the CRM tells: `POST /api/crm/companies` (`docs/integrations/crm.yaml`). 200 once it is stored.

use actix_web::HttpResponse;
use entity::Reach;
use serde::Deserialize;
use serde_json::json;

use super::{access::Crm, company::Company, take};
use crate::{
    platform::{
        Actor, Error,
        web::{Answer, Ask, Json},
    },
    tenancy,
};

#[derive(Deserialize)]
pub struct Told {
    tenant: String,
    companies: Vec<Company>,
}

pub async fn tell(ask: Ask<Crm, Json<Told>>) -> Answer {
    let Json(told) = &ask.body;
    let platform = ask.platform();
    let tx = platform.read(Reach::Everything("the CRM names the tenant")).await?;
    let tenant = tenancy::tenant_by_slug(&tx, &told.tenant)
        .await?
        .ok_or_else(|| Error::invalid("tenant", "There is no tenant of that slug."))?;
    drop(tx);
    let actor = Actor { name: "CRM".to_owned(), method: "integration key".to_owned(), ..ask.actor() };
    let mut work = platform.work(actor, Reach::Tenants(vec![tenant.id])).await?;
    let taken = take(&mut work, tenant.id, &told.companies).await?;
    work.commit().await?;
    Ok(HttpResponse::Ok().json(json!({ "taken": taken })))
}
