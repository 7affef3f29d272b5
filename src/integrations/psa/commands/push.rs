//! Delivers what is new of a ticket to the PSA, revision by revision. What was delivered is noted one by one, so that a process that
//! dies in between repeats at most one call, and that with the same idempotency key.

use std::sync::Arc;

use entity::{
    Reach,
    ids::{TenantId, TicketId},
    tickets::{EntryKind, EntrySide, entry, ticket},
};
use serde_json::{Value, json};

use super::claim::{claim, release};
use crate::{
    integrations::psa::{
        queries,
        wire::{Created, Written},
    },
    platform::{
        Actor, Error, Platform, Result, Tx, Work,
        remote::{Call, CallError, Remote},
    },
    tenancy,
    tickets::{self, Field},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushed {
    Done,
    /// It passes: again soon.
    Later(String),
    /// Somebody has to do something; it stands on the ticket.
    Stuck,
}

/// Why it stops.
enum Stop {
    Call(CallError),
    Unmatched(String),
    Ours(Error),
}

impl From<CallError> for Stop {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

pub async fn push(platform: &Arc<Platform>, tenant: TenantId, id: TicketId) -> Result<Pushed> {
    let Some(token) = claim(platform, tenant, id).await? else {
        return Ok(Pushed::Later("it is being delivered by another".to_owned()));
    };
    let delivered = deliver(platform, tenant, id).await;
    let noted = note(platform, tenant, id, delivered).await;
    release(platform, tenant, id, &token).await?;
    noted
}

async fn note(
    platform: &Arc<Platform>,
    tenant: TenantId,
    id: TicketId,
    delivered: std::result::Result<(), Stop>,
) -> Result<Pushed> {
    let (words, away) = match delivered {
        Ok(()) => return Ok(Pushed::Done),
        Err(Stop::Ours(error)) => return Err(error),
        Err(Stop::Unmatched(words)) => (words, false),
        Err(Stop::Call(CallError::Resting(_))) => ("the PSA does not answer.".to_owned(), true),
        Err(Stop::Call(error)) => (format!("the PSA was asked, and {error}."), error.is_passing()),
    };
    let mut work = work(platform, tenant).await?;
    tickets::note_trouble(&mut work, id, &words, away).await?;
    work.commit().await?;
    Ok(if away { Pushed::Later(words) } else { Pushed::Stuck })
}

async fn work(platform: &Arc<Platform>, tenant: TenantId) -> Result<Work> {
    platform.work(Actor::program("psa"), Reach::Tenants(vec![tenant])).await
}

async fn deliver(platform: &Arc<Platform>, tenant: TenantId, id: TicketId) -> std::result::Result<(), Stop> {
    let remote = Remote::of(platform, &platform.config.psa)?;
    let tx = platform.read(Reach::Tenants(vec![tenant])).await?;
    let Some(row) = tickets::ticket(&tx, id).await? else { return Ok(()) };
    let entries = tickets::outgoing(&tx, id, row.seen_revision).await?;
    if row.outgoing_revision <= row.seen_revision {
        return Ok(());
    }
    let outside_ref = match &row.outside_ref {
        Some(known) => known.clone(),
        None => {
            let body = creation(platform, &tx, &row).await?;
            drop(tx);
            let key = format!("ticket-{id}");
            let created: Created = remote.call(platform, Call::post("tickets", &key, body)).await?;
            seen(platform, tenant, id, &created.id, 1).await?;
            created.id
        }
    };
    for one in &entries {
        let key = format!("entry-{}", one.id);
        if let Some(body) = comment(one) {
            let _: Created = remote.call(platform, Call::post(&format!("tickets/{outside_ref}/comments"), &key, body)).await?;
        } else if let Some((field, value, at)) = written(one) {
            let tx = platform.read(Reach::Tenants(vec![tenant])).await?;
            let value = if field == Field::Status { queries::status_there(&tx, tenant, &value).await? } else { value };
            drop(tx);
            let body = json!({ field.word(): Written::new(value, at) });
            let _: Created = remote.call(platform, Call::patch(&format!("tickets/{outside_ref}"), &key, body)).await?;
        }
        seen(platform, tenant, id, &outside_ref, one.seq).await?;
    }
    if entries.last().is_none_or(|last| last.seq < row.outgoing_revision) {
        seen(platform, tenant, id, &outside_ref, row.outgoing_revision).await?;
    }
    Ok(())
}

async fn seen(platform: &Arc<Platform>, tenant: TenantId, id: TicketId, outside_ref: &str, revision: i64) -> Result<()> {
    let mut work = work(platform, tenant).await?;
    tickets::note_seen(&mut work, id, outside_ref, revision).await?;
    work.commit().await
}

/// The ticket as it is sent first.
async fn creation(platform: &Platform, tx: &Tx, row: &ticket::Model) -> std::result::Result<Value, Stop> {
    let tenant = tenancy::tenant(tx, row.tenant_id).await?.map(|tenant| tenant.slug).unwrap_or_default();
    let Some(company) = queries::company_there(tx, row.tenant_id, row.company_id).await? else {
        let names = tenancy::company_names(tx, [row.company_id]).await?;
        let name = names.get(&row.company_id).map_or("the client", String::as_str);
        return Err(Stop::Unmatched(format!("{name} is not matched with a company of the PSA.")));
    };
    let mut contact = json!({ "name": row.opened_by_name, "email": "" });
    if let Some(id) = row.contact_id
        && let Some(person) = tenancy::contact_in(tx, id).await?
    {
        contact = json!({ "name": person.name, "email": person.email });
        if let Some(theirs) = queries::contact_there(tx, row.tenant_id, id).await? {
            contact["id"] = theirs.into();
        }
    }
    let answers: Vec<(String, String)> = serde_json::from_str(&row.answers).map_err(Error::from)?;
    let status = queries::status_there(tx, row.tenant_id, row.status.word()).await?;
    Ok(json!({
        "external_id": row.id,
        "number": row.number,
        "tenant": tenant,
        "company_id": company,
        "contact": contact,
        "category": row.category.word(),
        "service": row.service_name,
        "answers": answers.iter().map(|(question, answer)| json!({ "question": question, "answer": answer })).collect::<Vec<_>>(),
        "description": row.description,
        "subject": Written::new(&row.subject, row.subject_at),
        "priority": Written::new(row.priority.word(), row.priority_at),
        "status": Written::new(status, row.status_at),
        "url": platform.config.link(&tickets::href_of_staff(row.id)),
    }))
}

/// What was said, and which files were attached; none for what is no words.
fn comment(one: &entry::Model) -> Option<Value> {
    let body = match one.kind {
        EntryKind::Comment | EntryKind::Note => one.body.clone(),
        EntryKind::Change if one.entry_key.starts_with("files:") => format!("{} {}", one.author_name, one.body),
        _ => return None,
    };
    Some(json!({
        "external_id": one.id,
        "author": one.author_name,
        "body": body,
        "internal": one.kind == EntryKind::Note,
        "by_client": one.side == EntrySide::Client,
        "at": one.created_at.rfc3339(),
    }))
}

/// The writing of a field that the entry tells of: `status@MS=open`.
fn written(one: &entry::Model) -> Option<(Field, String, entity::Moment)> {
    let (name, rest) = one.entry_key.split_once('@')?;
    let (at, value) = rest.split_once('=')?;
    let field = Field::ALL.into_iter().find(|field| field.word() == name)?;
    Some((field, value.to_owned(), entity::Moment(at.parse().ok()?)))
}
