//! What Books tells: `POST /api/books/invoices` (`docs/integrations/books.yaml`). 200 once it is stored.

use actix_web::HttpResponse;
use entity::Reach;
use serde::Deserialize;
use serde_json::json;

use super::{access::Books, invoice::Incoming, queries::invoices_leaf, take};
use crate::{
    platform::{
        Actor, Error, Leaf,
        leaf::{self, query, word},
        web::{Answer, Ask, Json},
    },
    programs::{May, ReadInvoices},
    tenancy,
};

#[derive(Deserialize)]
pub struct Told {
    tenant: String,
    invoices: Vec<Incoming>,
}

pub async fn tell(ask: Ask<Books, Json<Told>>) -> Answer {
    let Json(told) = &ask.body;
    let platform = ask.platform();
    let tx = platform.read(Reach::Everything("Books names the tenant")).await?;
    let tenant = tenancy::tenant_by_slug(&tx, &told.tenant)
        .await?
        .ok_or_else(|| Error::invalid("tenant", "There is no tenant of that slug."))?;
    drop(tx);
    let actor = Actor { name: "Books".to_owned(), method: "integration key".to_owned(), ..ask.actor() };
    let mut work = platform.work(actor, Reach::Tenants(vec![tenant.id])).await?;
    let taken = take(&mut work, tenant.id, &told.invoices).await?;
    work.commit().await?;
    Ok(HttpResponse::Ok().json(json!({ "taken": taken })))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Of {
    status: String,
    client: String,
}

/// Invoices as Books last told them, for a program of the MSP's.
pub async fn list_by_key(ask: Ask<May<ReadInvoices>>) -> Answer {
    let (leaf, of) = (Leaf::of(&ask.request)?, query::<Of>(&ask.request)?);
    let status = word("status", &of.status, "Give draft, sent, paid, overdue or void.")?;
    let client = word("client", &of.client, "Give a client's id.")?;
    let tx = ask.platform().read(ask.who.reach()).await?;
    let (rows, next) = invoices_leaf(&tx, ask.who.tenant, status, client, &leaf).await?;
    let item = |row: &entity::invoices::invoice::Model| {
        json!({ "id": row.id, "tenant_id": row.tenant_id, "company_id": row.company_id, "external_id": row.external_id,
                "number": row.number, "status": row.status, "currency": row.currency, "issued_on": row.issued_on,
                "due_on": row.due_on, "total": row.total, "balance": row.balance, "taken_at": row.taken_at.rfc3339() })
    };
    Ok(leaf::answer(rows.iter().map(item).collect(), next))
}
