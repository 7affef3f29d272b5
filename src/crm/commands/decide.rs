//! An admin says which client here a company of the CRM is, that it is a new one, or that it is none of theirs.

use entity::{
    crm::{client, contact},
    ids::{CompanyId, CrmClientId},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};

use super::take::link;
use crate::{
    audit,
    crm::queries,
    platform::{Error, Result, Work},
    tenancy::{self, CreateCompany, caller::TenantAdmin},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Is(CompanyId),
    New,
    Nobody,
}

pub async fn decide(work: &mut Work, admin: &TenantAdmin, id: CrmClientId, decision: Decision) -> Result<client::Model> {
    let row = client::Entity::within(work.read().reach())
        .filter(client::Column::TenantId.eq(admin.tenant))
        .filter(client::Column::Id.eq(id))
        .one(work.read())
        .await?
        .ok_or(Error::NotFound)?;
    if let Decision::Is(company) = decision {
        let found = tenancy::company_in(work.read(), company).await?;
        found.filter(|found| found.tenant_id == admin.tenant).ok_or(Error::NotFound)?;
        if row.company_id == Some(company) {
            work.counts_as_audited("it is that client already");
            return Ok(row);
        }
        if let Some(other) = queries::client_of_company(work.read(), company).await? {
            let words = format!("That client is {} of the CRM ({}) already. Change that first.", other.name, other.client_ref);
            return Err(Error::invalid("company", words));
        }
    }
    // Who its people are here hangs on the client it was before.
    contact::Entity::delete_many().filter(contact::Column::ClientId.eq(row.id)).exec(work.write()).await?;
    let company = match decision {
        Decision::Is(company) => company,
        Decision::New => {
            let input = CreateCompany { name: row.name.clone(), legal_name: row.legal_name.clone() };
            let renamed = |error| match error {
                Error::Invalid(_) => Error::invalid("company", "You have a client of this name: choose it, or rename it first."),
                other => other,
            };
            tenancy::create_company(work, admin, input).await.map_err(renamed)?
        }
        Decision::Nobody => {
            let change = client::ActiveModel {
                id: Set(row.id),
                company_id: Set(None),
                ignored: Set(true),
                linked_by: Set(admin.caller.name.clone()),
                ..Default::default()
            };
            let row = change.update(work.write()).await?;
            let line = audit::Line::new("crm_client.ignored", format!("crm_client:{id}")).tenant(admin.tenant);
            audit::record(work, line.with("client", row.name.as_str())).await?;
            return Ok(row);
        }
    };
    link(work, row.clone(), company, &admin.caller.name).await?;
    Ok(row)
}
