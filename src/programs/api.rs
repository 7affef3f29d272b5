//! Clients, their contacts, and the audit log, for programs.

use actix_web::{HttpResponse, http::StatusCode};
use entity::{
    audit::entry,
    ids::CompanyId,
    tenancy::{AccessLevel, company, contact},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{May, ReadAudit, ReadClients, WriteClients, once};
use crate::{
    audit,
    platform::{
        Error, Leaf, Result, Tx,
        leaf::{self, query},
        web::{Answer, Ask, Json, path_id},
    },
    tenancy::{self, AddContact, CreateCompany, caller::Keeper},
};

fn client_view(row: &company::Model) -> Value {
    json!({ "id": row.id, "name": row.name, "legal_name": row.legal_name, "created_at": row.created_at.rfc3339() })
}

fn contact_view(row: &contact::Model) -> Value {
    json!({ "id": row.id, "client_id": row.company_id, "name": row.name, "email": row.email, "title": row.title, "access": row.access,
            "portal": row.account_id.is_some(), "created_at": row.created_at.rfc3339() })
}

pub async fn clients(ask: Ask<May<ReadClients>>) -> Answer {
    let leaf = Leaf::of(&ask.request)?;
    let tx = ask.platform().read(ask.who.reach()).await?;
    let (rows, next) = tenancy::companies_leaf(&tx, ask.who.tenant, &leaf).await?;
    Ok(leaf::answer(rows.iter().map(client_view).collect(), next))
}

async fn own_client<S>(tx: &Tx, who: &May<S>, request: &actix_web::HttpRequest) -> Result<company::Model> {
    let id: CompanyId = path_id(request, "company")?;
    tenancy::company_in(tx, id).await?.filter(|row| row.tenant_id == who.tenant).ok_or(Error::NotFound)
}

pub async fn client(ask: Ask<May<ReadClients>>) -> Answer {
    let tx = ask.platform().read(ask.who.reach()).await?;
    Ok(HttpResponse::Ok().json(client_view(&own_client(&tx, &ask.who, &ask.request).await?)))
}

pub async fn contacts(ask: Ask<May<ReadClients>>) -> Answer {
    let leaf = Leaf::of(&ask.request)?;
    let tx = ask.platform().read(ask.who.reach()).await?;
    let client = own_client(&tx, &ask.who, &ask.request).await?;
    let (rows, next) = tenancy::contacts_leaf(&tx, client.id, &leaf).await?;
    Ok(leaf::answer(rows.iter().map(contact_view).collect(), next))
}

#[derive(Deserialize, Serialize)]
pub struct NewClient {
    name: String,
    #[serde(default)]
    legal_name: String,
}

const BY_KEY: &str = "a key that an owner or admin made for adding clients";

/// 201 with the client.
pub async fn create_client(ask: Ask<May<WriteClients>, Json<NewClient>>) -> Answer {
    let input = CreateCompany { name: ask.body.0.name.clone(), legal_name: ask.body.0.legal_name.clone() };
    once(&ask, async |work| {
        let id = tenancy::create_company(work, Keeper::of_program(ask.who.tenant, BY_KEY), input).await?;
        let row = tenancy::company_in(work.read(), id).await?.ok_or(Error::NotFound)?;
        Ok((StatusCode::CREATED, client_view(&row)))
    })
    .await
}

#[derive(Deserialize, Serialize)]
pub struct NewContact {
    name: String,
    email: String,
    #[serde(default)]
    title: String,
}

/// 201 with the contact, who sees their own things; more access, and the invitation, are a person's to give.
pub async fn create_contact(ask: Ask<May<WriteClients>, Json<NewContact>>) -> Answer {
    let body = &ask.body.0;
    let input =
        AddContact { name: body.name.clone(), email: body.email.clone(), title: body.title.clone(), access: AccessLevel::Own };
    once(&ask, async |work| {
        let client = own_client(work.read(), &ask.who, &ask.request).await?;
        let id = tenancy::add_contact(work, Keeper::of_program(ask.who.tenant, BY_KEY), client.id, input).await?;
        let row = tenancy::contact_in(work.read(), id).await?.ok_or(Error::NotFound)?;
        Ok((StatusCode::CREATED, contact_view(&row)))
    })
    .await
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Since {
    after: String,
    limit: String,
    action: String,
}

fn entry_view(row: &entry::Model) -> Value {
    let detail: Value = serde_json::from_str(&row.detail).unwrap_or_default();
    json!({ "seq": row.seq, "at": row.at.rfc3339(), "actor": row.actor, "action": row.action, "object": row.object,
            "result": row.result, "ip": row.ip, "request_id": row.request_id, "detail": detail, "hash": row.hash })
}

/// By sequence, the oldest first; `next` is the last sequence given, also where nothing came after it yet.
pub async fn audit(ask: Ask<May<ReadAudit>>) -> Answer {
    let since: Since = query(&ask.request)?;
    let after: i64 = leaf::word("after", &since.after, "Give a sequence number, e.g. after=120.")?.unwrap_or(0);
    let limit = leaf::limit(&since.limit)?;
    let tx = ask.platform().read(ask.who.reach()).await?;
    let rows = audit::after(&tx, &ask.who.tenant.to_string(), after, &since.action, limit).await?;
    let next = rows.last().map_or(after, |row| row.seq);
    Ok(leaf::answer(rows.iter().map(entry_view).collect(), Some(next)))
}
