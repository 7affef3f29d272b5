//! Tickets for programs of the MSP's: the list, one with its comments, a new one, a comment.

use actix_web::{HttpResponse, http::StatusCode};
use entity::{
    ids::{CompanyId, ContactId, TicketId},
    tickets::{EntryKind, TicketCategory, TicketPriority, entry, ticket},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Comment, OpenTicket, comment_as_program, open_as_program, queries};
use crate::{
    platform::{
        Error, Leaf, Result, Tx,
        leaf::{self, query, word},
        web::{Answer, Ask, Json, path_id},
    },
    programs::{May, ReadTickets, WriteTickets, once, own_word},
};

fn view(row: &ticket::Model) -> Value {
    json!({ "id": row.id, "tenant_id": row.tenant_id, "company_id": row.company_id, "number": row.number, "subject": row.subject,
            "category": row.category, "priority": row.priority, "status": row.status, "service": row.service_name,
            "contact_id": row.contact_id, "opened_by": row.opened_by_name, "assigned_to": row.assignee_name,
            "outside_ref": row.outside_ref, "due_at": row.due_at.map(|at| at.rfc3339()), "opened_at": row.opened_at.rfc3339(),
            "updated_at": row.updated_at.rfc3339(), "resolved_at": row.resolved_at.map(|at| at.rfc3339()) })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Of {
    status: String,
    client: String,
}

pub async fn list(ask: Ask<May<ReadTickets>>) -> Answer {
    let (leaf, of) = (Leaf::of(&ask.request)?, query::<Of>(&ask.request)?);
    let status = word("status", &of.status, "That is no status of a ticket.")?;
    let client = word("client", &of.client, "Give a client's id.")?;
    let tx = ask.platform().read(ask.who.reach()).await?;
    let (rows, next) = queries::leaf_of(&tx, ask.who.tenant, status, client, &leaf).await?;
    Ok(leaf::answer(rows.iter().map(view).collect(), next))
}

async fn own<S>(tx: &Tx, who: &May<S>, request: &actix_web::HttpRequest) -> Result<ticket::Model> {
    let id: TicketId = path_id(request, "id")?;
    queries::ticket(tx, id).await?.filter(|row| row.tenant_id == who.tenant).ok_or(Error::NotFound)
}

fn comment_view(row: &entry::Model) -> Value {
    json!({ "id": row.id, "kind": row.kind, "side": row.side, "author": row.author_name, "body": row.body,
            "created_at": row.created_at.rfc3339() })
}

/// With what was asked and what was said since; internal notes stay among people.
pub async fn show(ask: Ask<May<ReadTickets>>) -> Answer {
    let tx = ask.platform().read(ask.who.reach()).await?;
    let row = own(&tx, &ask.who, &ask.request).await?;
    let entries = queries::entries(&tx, row.id, false).await?;
    let mut answer = view(&row);
    answer["description"] = json!(row.description);
    answer["comments"] = entries.iter().filter(|entry| entry.kind == EntryKind::Comment).map(comment_view).collect();
    Ok(HttpResponse::Ok().json(answer))
}

#[derive(Deserialize, Serialize)]
pub struct NewTicket {
    company_id: CompanyId,
    /// Whom it is for.
    #[serde(default)]
    contact_id: Option<ContactId>,
    subject: String,
    description: String,
    #[serde(default)]
    category: Option<TicketCategory>,
    #[serde(default)]
    priority: Option<TicketPriority>,
}

/// 201 with the ticket.
pub async fn create(ask: Ask<May<WriteTickets>, Json<NewTicket>>) -> Answer {
    let body = &ask.body.0;
    let input = OpenTicket {
        subject: body.subject.clone(),
        category: body.category.unwrap_or(TicketCategory::Other),
        priority: body.priority.unwrap_or(TicketPriority::Normal),
        description: body.description.clone(),
        service: None,
        key: own_word(&ask.request),
    };
    once(&ask, async |work| {
        let id = open_as_program(work, &ask.who, body.company_id, body.contact_id, input).await?;
        let row = queries::ticket(work.read(), id).await?.ok_or(Error::NotFound)?;
        Ok((StatusCode::CREATED, view(&row)))
    })
    .await
}

#[derive(Deserialize, Serialize)]
pub struct NewComment {
    body: String,
}

/// 201; the client reads it, as an answer of the MSP's.
pub async fn comment(ask: Ask<May<WriteTickets>, Json<NewComment>>) -> Answer {
    let input = Comment { body: ask.body.0.body.clone(), key: own_word(&ask.request) };
    once(&ask, async |work| {
        let row = own(work.read(), &ask.who, &ask.request).await?;
        comment_as_program(work, &ask.who, row.id, &input).await?;
        Ok((StatusCode::CREATED, json!({ "ticket_id": row.id })))
    })
    .await
}
