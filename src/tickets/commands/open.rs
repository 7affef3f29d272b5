//! Opens a ticket, with the answers of a service's form where it asks for one. The same opener with the same key gets the same
//! ticket, however often.

use entity::{
    Moment,
    ids::{CompanyId, ContactId, ServiceId, TenantId, TicketId},
    tickets::{TicketCategory, TicketPriority, TicketStatus, counter, ticket},
    wall::Walled,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};

use super::entry;
use crate::{
    audit,
    platform::{Error, FieldErrors, Result, Work},
    programs::{May, WriteTickets},
    tenancy,
    tickets::{
        Requester,
        catalog::Answers,
        events, queries,
        ticket::{check_subject, check_text, clean_subject},
    },
};

#[derive(Clone, Debug)]
pub struct OpenTicket {
    pub subject: String,
    pub category: TicketCategory,
    pub priority: TicketPriority,
    pub description: String,
    /// The service asked for, with the answers to its questions.
    pub service: Option<(ServiceId, Answers)>,
    /// The opener's own key of this opening.
    pub key: String,
}

impl OpenTicket {
    /// What is wrong with it, told before attachments are read.
    pub fn check(&self) -> Result<()> {
        let mut errors = FieldErrors::default();
        check_subject(&clean_subject(&self.subject), &mut errors);
        if self.service.is_none() || !self.description.trim().is_empty() {
            check_text("description", self.description.trim(), "Say what happens, and since when.", &mut errors);
        }
        errors.check()
    }
}

/// A ticket as it is written, from whichever side.
pub(super) struct NewRow {
    pub tenant: TenantId,
    pub company: CompanyId,
    pub contact: Option<ContactId>,
    pub opened_by: Option<entity::ids::AccountId>,
    pub opened_by_name: String,
    pub subject: String,
    pub category: TicketCategory,
    pub priority: TicketPriority,
    pub status: TicketStatus,
    pub description: String,
    pub service: Option<(ServiceId, String, Answers, Option<i32>)>,
    pub key: String,
    pub outside_ref: Option<String>,
    pub outside_version: i64,
    /// When subject, priority and status were written.
    pub at: [Moment; 3],
}

/// The ticket, and whether it is new.
pub async fn open(work: &mut Work, requester: &Requester, input: OpenTicket) -> Result<(TicketId, bool)> {
    let client = &requester.client;
    let key = format!("client:{}:{}", client.caller.account, input.key);
    if let Some(id) = queries::opened_with(work.read(), client.tenant, &key).await? {
        work.counts_as_audited("the ticket was opened before; nothing changes");
        return Ok((id, false));
    }
    input.check()?;
    let service = match input.service {
        None => None,
        Some((id, answers)) => {
            let row = queries::service(work.read(), client.tenant, id).await?.filter(|row| row.offered).ok_or(Error::NotFound)?;
            Some((id, row.name, answers, row.sla_hours))
        }
    };
    let now = work.now();
    let row = insert(
        work,
        NewRow {
            tenant: client.tenant,
            company: client.company,
            contact: Some(client.contact),
            opened_by: Some(client.caller.account),
            opened_by_name: client.caller.name.clone(),
            subject: clean_subject(&input.subject),
            category: input.category,
            priority: input.priority,
            status: TicketStatus::Open,
            description: input.description.trim().to_owned(),
            service,
            key,
            outside_ref: None,
            outside_version: 0,
            at: [now; 3],
        },
    )
    .await?;
    entry::tell_outside(work, &row).await?;
    let about = entry::about(work, &row).await?;
    work.tell(&events::TicketOpened { about })?;
    Ok((row.id, true))
}

pub(super) async fn insert(work: &mut Work, new: NewRow) -> Result<ticket::Model> {
    let now = work.now();
    let number = next_number(work, new.tenant).await?;
    let due_at = new.service.as_ref().and_then(|(_, _, _, hours)| *hours).map(|hours| now.plus(i64::from(hours) * Moment::HOUR));
    let answers = match &new.service {
        Some((_, _, answers, _)) => serde_json::to_string(answers)?,
        None => "[]".to_owned(),
    };
    let [subject_at, priority_at, status_at] = new.at;
    let row = ticket::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(new.tenant),
        company_id: Set(new.company),
        number: Set(number),
        subject: Set(new.subject),
        category: Set(new.category),
        priority: Set(new.priority),
        status: Set(new.status),
        description: Set(new.description),
        service_id: Set(new.service.as_ref().map(|(id, ..)| *id)),
        service_name: Set(new.service.map(|(_, name, ..)| name)),
        answers: Set(answers),
        due_at: Set(due_at),
        contact_id: Set(new.contact),
        opened_by: Set(new.opened_by),
        opened_by_name: Set(new.opened_by_name),
        assignee_id: Set(None),
        assignee_name: Set(None),
        matter_id: Set(None),
        opening_key: Set(new.key),
        subject_at: Set(subject_at),
        priority_at: Set(priority_at),
        status_at: Set(status_at),
        revision: Set(1),
        seen_at: Set(new.outside_ref.is_some().then_some(now)),
        seen_revision: Set(i64::from(new.outside_ref.is_some())),
        outgoing_revision: Set(0),
        outside_version: Set(new.outside_version),
        outside_ref: Set(new.outside_ref),
        trouble: Set(None),
        trouble_at: Set(None),
        trouble_away: Set(false),
        opened_at: Set(now),
        updated_at: Set(now),
        resolved_at: Set(crate::tickets::ticket::is_done(new.status).then_some(now)),
    }
    .insert(work.write())
    .await?;
    let line = audit::Line::new("ticket.opened", format!("ticket:{}", row.id))
        .tenant(row.tenant_id)
        .with("number", row.number)
        .with("priority", row.priority.word());
    audit::record(work, line).await?;
    Ok(row)
}

/// The next number of the tenant; two at once go one after the other.
async fn next_number(work: &mut Work, tenant: TenantId) -> Result<i64> {
    let first = counter::ActiveModel { tenant_id: Set(tenant), last: Set(1_000) };
    counter::Entity::insert(first)
        .on_conflict(OnConflict::column(counter::Column::TenantId).do_nothing().to_owned())
        .exec_without_returning(work.write())
        .await?;
    counter::Entity::update_many()
        .col_expr(counter::Column::Last, Expr::col(counter::Column::Last).add(1))
        .filter(counter::Column::TenantId.eq(tenant))
        .exec(work.write())
        .await?;
    let tx = work.read();
    let row = counter::Entity::within(tx.reach()).filter(counter::Column::TenantId.eq(tenant)).one(tx).await?;
    Ok(row.ok_or(Error::NotFound)?.last)
}

/// A program of the MSP's opens a ticket for a client, and for one of its people where it names them.
pub async fn open_as_program(
    work: &mut Work,
    who: &May<WriteTickets>,
    company: CompanyId,
    contact: Option<ContactId>,
    input: OpenTicket,
) -> Result<TicketId> {
    let here = |id: CompanyId| id == company;
    let known = tenancy::company_in(work.read(), company).await?.filter(|row| row.tenant_id == who.tenant);
    let mut errors = FieldErrors::default();
    if known.is_none() {
        errors.add("company_id", "There is no client of this id.");
    }
    if let Some(contact) = contact
        && tenancy::contact_in(work.read(), contact).await?.filter(|row| here(row.company_id)).is_none()
    {
        errors.add("contact_id", "This client has no contact of this id.");
    }
    errors.check()?;
    input.check()?;
    let now = work.now();
    let row = insert(
        work,
        NewRow {
            tenant: who.tenant,
            company,
            contact,
            opened_by: None,
            opened_by_name: who.name.clone(),
            subject: clean_subject(&input.subject),
            category: input.category,
            priority: input.priority,
            status: TicketStatus::Open,
            description: input.description.trim().to_owned(),
            service: None,
            key: format!("program:{}:{}", who.key.map(|key| key.to_string()).unwrap_or_default(), input.key),
            outside_ref: None,
            outside_version: 0,
            at: [now; 3],
        },
    )
    .await?;
    entry::tell_outside(work, &row).await?;
    let about = entry::about(work, &row).await?;
    work.tell(&events::TicketOpened { about })?;
    Ok(row.id)
}
