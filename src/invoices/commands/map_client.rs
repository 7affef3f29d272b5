//! An admin says which company a client at Books is, or that it is none here. Its invoices follow.

use entity::{
    ids::{BooksClientId, CompanyId},
    invoices::{client, invoice},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};

use crate::{
    audit,
    platform::{Error, Result, Work},
    tenancy::{self, caller::TenantAdmin},
};

pub async fn map_client(
    work: &mut Work,
    admin: &TenantAdmin,
    id: BooksClientId,
    company: Option<CompanyId>,
) -> Result<client::Model> {
    // An invoice of this client may be taken this moment: whoever comes second waits here, and finds what the first has written.
    client::Entity::update_many()
        .col_expr(client::Column::Name, Expr::col(client::Column::Name))
        .filter(client::Column::TenantId.eq(admin.tenant))
        .filter(client::Column::Id.eq(id))
        .exec(work.write())
        .await?;
    let row = client::Entity::within(work.read().reach())
        .filter(client::Column::TenantId.eq(admin.tenant))
        .filter(client::Column::Id.eq(id))
        .one(work.read())
        .await?
        .ok_or(Error::NotFound)?;
    if let Some(company) = company {
        let found = tenancy::company_in(work.read(), company).await?;
        found.filter(|found| found.tenant_id == admin.tenant).ok_or(Error::NotFound)?;
    }
    let mut change: client::ActiveModel = row.clone().into();
    change.company_id = Set(company);
    change.mapped_by = Set(admin.caller.name.clone());
    change.mapped_at = Set(company.map(|_| work.now()));
    let row = change.update(work.write()).await?;
    invoice::Entity::update_many()
        .col_expr(invoice::Column::CompanyId, Expr::value(company.map(|company| company.0)))
        .filter(invoice::Column::TenantId.eq(admin.tenant))
        .filter(invoice::Column::ClientRef.eq(row.client_ref.as_str()))
        .exec(work.write())
        .await?;
    let line = audit::Line::new("books_client.mapped", format!("books_client:{id}"))
        .tenant(admin.tenant)
        .with("client", row.name.as_str())
        .with("company", company.map_or_else(|| "none".to_owned(), |company| company.to_string()));
    audit::record(work, line).await?;
    Ok(row)
}
