//! What the PSA sends: changes of tickets and contacts, and the wish for a matter. Everything may come twice.

use actix_web::HttpResponse;
use entity::{Reach, ids::TicketId, matters::MatterKind};
use serde::Deserialize;
use serde_json::json;

use super::{
    PsaCaller, Technician,
    commands::{
        take::{Taken, take, tenant_of},
        take_people::{TakenPerson, take_person},
    },
    person::why,
    wire::{Ticket, ToldPerson},
};
use crate::{
    matters::MatterOpener,
    platform::{
        Error, Refusal,
        web::{Answer, Ask, Json, request_id},
    },
    tickets::{self, DeskTicket, DeskWorker},
};

#[derive(Deserialize)]
pub struct Told {
    ticket: Ticket,
}

/// 201 for a new ticket, 200 for news and for what was known.
pub async fn tickets(ask: Ask<PsaCaller, Json<Told>>) -> Answer {
    let platform = ask.platform();
    let theirs = &ask.body.0.ticket;
    let tenant = tenant_of(&platform, &theirs.tenant).await?;
    let taken = take(&platform, tenant, theirs).await?;
    // What was taken has its audit line under the PSA's name; what was known changes nothing.
    platform.tripwire.audited(&request_id(&ask.request));
    let (mut answer, word) = match taken {
        Taken::New(_) => (HttpResponse::Created(), "new"),
        Taken::News(_) => (HttpResponse::Ok(), "news"),
        Taken::Known(_) => (HttpResponse::Ok(), "known"),
    };
    Ok(answer.json(json!({ "result": word, "ticket_id": taken.id() })))
}

#[derive(Deserialize)]
pub struct ToldContact {
    contact: ToldPerson,
}

/// 200, also for somebody who waits for an admin's word: the PSA has done its part.
pub async fn contacts(ask: Ask<PsaCaller, Json<ToldContact>>) -> Answer {
    let platform = ask.platform();
    let told = &ask.body.0.contact;
    let Some(portal_access) = told.person.portal_access else {
        return Err(Error::invalid("portal_access", "Say whether they may come to the portal: true or false."));
    };
    let tenant = tenant_of(&platform, &told.tenant).await?;
    let taken = take_person(&platform, tenant, &told.person, told.company_name.as_deref(), portal_access).await?;
    platform.tripwire.audited(&request_id(&ask.request));
    let row = taken.row();
    let word = match (&taken, row.waits) {
        (TakenPerson::Known(_), _) => "known",
        (_, Some(_)) => "waits",
        (_, None) => "taken",
    };
    let waits = row.waits.map(|_| why(row));
    Ok(HttpResponse::Ok().json(json!({ "result": word, "contact_id": row.contact_id, "waits": waits })))
}

#[derive(Deserialize)]
pub struct Wish {
    tenant: String,
    /// Ours or theirs.
    #[serde(default)]
    ticket_id: Option<TicketId>,
    #[serde(default)]
    psa_ticket_id: Option<String>,
    /// E-mail of the technician who wants it.
    requested_by: String,
    #[serde(default, rename = "type")]
    kind: Option<MatterKind>,
}

/// 201 with the matter, 200 with the same one again.
pub async fn matters(ask: Ask<PsaCaller, Json<Wish>>) -> Answer {
    let platform = ask.platform();
    let wish = &ask.body.0;
    let tenant = tenant_of(&platform, &wish.tenant).await?;
    let reach = Reach::Tenants(vec![tenant]);
    let tx = platform.read(Reach::Everything("the account of a technician stands outside the wall")).await?;
    let technician = Technician::of(&tx, &ask.who, tenant, &wish.requested_by).await?;
    drop(tx);
    let mut actor = ask.actor();
    (actor.account, actor.name, actor.method) =
        (Some(technician.caller.account), technician.caller.name.clone(), technician.caller.method.clone());
    let mut work = platform.work(actor, reach).await?;
    let id = match (wish.ticket_id, &wish.psa_ticket_id) {
        (Some(id), _) => id,
        (None, Some(theirs)) => tickets::by_outside_ref(work.read(), tenant, theirs).await?.ok_or(Error::NotFound)?.id,
        (None, None) => return Err(Error::invalid("ticket_id", "Name the ticket: ticket_id, or psa_ticket_id.")),
    };
    let worker = DeskWorker::of(DeskTicket::of(work.read(), technician.caller.clone(), id).await?)?;
    let opener = MatterOpener::of(technician.caller.clone())?;
    let (matter, is_new) = tickets::open_matter(&mut work, &worker, &opener, wish.kind.unwrap_or(MatterKind::General)).await?;
    work.commit().await?;
    let mut answer = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(json!({ "matter_id": matter, "url": platform.config.link(&format!("/legal/matters/{matter}")) })))
}

/// Contract reviews are not there yet; the PSA is told so, and what to do instead.
pub async fn reviews(ask: Ask<PsaCaller>) -> Answer {
    let _ = ask;
    Err(Refusal::new(
        "not_yet",
        "Contract reviews are not part of this version.",
        "Open a matter with POST /api/psa/matters instead.",
    )
    .into())
}
