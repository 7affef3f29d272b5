//! `/api/v1/matters`: the list as programs read it, and opening one. No body of anything goes out here.

use actix_web::{HttpResponse, http::header, web::Query};
use entity::{
    ids::{CompanyId, MatterId, TenantId},
    matters::{MatterKind, Urgency},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{MatterLine, MatterOpener, OpenMatter, open, pages::list::Filter, queries};
use crate::{
    platform::{
        Error, Leaf,
        leaf::{self, query, word},
        random,
        web::{Answer, Ask, Json, paging::PAGE_SIZE},
    },
    programs::{May, ReadMatters},
    tenancy::caller::Firm,
};

fn told(line: &MatterLine) -> Value {
    json!({
        "id": line.id,
        "tenant_id": line.tenant,
        "company_id": line.company_id,
        "company": line.company,
        "title": line.title,
        "type": line.kind,
        "urgency": line.urgency,
        "status": line.status,
        "conversation_id": line.conversation,
        "opened_by": line.opened_by_name,
        "opened_at": line.opened_at.rfc3339(),
        "claimed_by": line.claimed_by_name,
        "updated_at": line.active_at.rfc3339(),
        "unread": line.unread,
    })
}

pub async fn list(ask: Ask<Firm>, filter: Query<Filter>) -> Answer {
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let clients = queries::clients(&tx, &ask.who.caller).await?;
    let (rows, total) = queries::list(&tx, &ask.who.caller, &filter.wanted(), &clients).await?;
    let items: Vec<Value> = rows.iter().map(told).collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "total": total, "page": filter.pages().number(), "page_size": PAGE_SIZE })))
}

/// Unknown fields are ignored: who opens, the status and the like are not the caller's to set.
#[derive(Deserialize)]
pub struct NewMatter {
    title: String,
    #[serde(rename = "type")]
    kind: MatterKind,
    #[serde(default)]
    urgency: Option<Urgency>,
    description: String,
    #[serde(default)]
    company_id: Option<CompanyId>,
    /// For attorneys of several MSPs.
    #[serde(default)]
    tenant_id: Option<TenantId>,
}

pub async fn create(ask: Ask<MatterOpener, Json<NewMatter>>) -> Answer {
    let key = ask.request.headers().get("idempotency-key").and_then(|value| value.to_str().ok()).filter(|key| key.len() <= 200);
    let input = &ask.body.0;
    let tenant = match (ask.who.tenants.as_slice(), input.tenant_id) {
        ([only], _) => *only,
        (several, Some(wanted)) if several.contains(&wanted) => wanted,
        _ => return Err(Error::invalid("tenant_id", "Name the MSP.")),
    };
    let wanted = OpenMatter {
        id: MatterId(random::id(ask.platform().clock.now())),
        tenant,
        company: input.company_id,
        title: input.title.clone(),
        kind: input.kind,
        urgency: input.urgency.unwrap_or(Urgency::Normal),
        description: input.description.clone(),
        key: key.map_or_else(random::token, |key| format!("api:{key}")),
    };
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let (id, fresh) = open(&mut work, &ask.who, wanted).await?;
    work.commit().await?;
    let mut answer = if fresh { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.insert_header((header::LOCATION, format!("/legal/matters/{id}"))).json(json!({ "id": id })))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Of {
    status: String,
    client: String,
}

/// Facts without words: who does not take part learns no title, no name and no message.
pub async fn list_by_key(ask: Ask<May<ReadMatters>>) -> Answer {
    let (leaf, of) = (Leaf::of(&ask.request)?, query::<Of>(&ask.request)?);
    let status = word("status", &of.status, "Give open, in_progress, resolved or closed.")?;
    let client = word("client", &of.client, "Give a client's id.")?;
    let tx = ask.platform().read(ask.who.reach()).await?;
    let (rows, next) = queries::leaf_of(&tx, ask.who.tenant, status, client, &leaf).await?;
    let item = |row: &entity::matters::matter::Model| {
        json!({ "id": row.id, "tenant_id": row.tenant_id, "company_id": row.company_id, "type": row.kind, "urgency": row.urgency,
                "status": row.status, "opened_at": row.opened_at.rfc3339(),
                "claimed_at": row.claimed_at.map(|at| at.rfc3339()), "resolved_at": row.resolved_at.map(|at| at.rfc3339()),
                "closed_at": row.closed_at.map(|at| at.rfc3339()) })
    };
    Ok(leaf::answer(rows.iter().map(item).collect(), next))
}
