//! What every change of a ticket does: holds its row, writes what happened as an entry, tells of it.

use entity::{
    Moment,
    ids::{AccountId, TicketEntryId, TicketId},
    tenancy::StaffRole,
    tickets::{EntryKind, EntrySide, entry, ticket},
    wall::Walled,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, Set,
    sea_query::{Expr, SimpleExpr},
};

use crate::{
    platform::{Error, Result, Work},
    tenancy,
    tickets::{
        Field,
        events::{About, TicketChanged},
    },
};

/// Holds the ticket until the commit: its revision grows, so that two who change it at once go one after the other.
pub async fn hold(work: &mut Work, id: TicketId) -> Result<ticket::Model> {
    let now = work.now();
    ticket::Entity::update_many()
        .col_expr(ticket::Column::Revision, Expr::col(ticket::Column::Revision).add(1))
        .col_expr(ticket::Column::UpdatedAt, Expr::value(now.0))
        .filter(ticket::Column::Id.eq(id))
        .exec(work.write())
        .await?;
    let tx = work.read();
    ticket::Entity::within(tx.reach()).filter(ticket::Column::Id.eq(id)).one(tx).await?.ok_or(Error::NotFound)
}

/// Who did it.
pub struct By<'a> {
    pub side: EntrySide,
    pub account: Option<AccountId>,
    pub name: &'a str,
}

/// Writes an entry at the ticket's revision; none where its key is known: it was written before.
pub async fn write(
    work: &mut Work,
    row: &ticket::Model,
    kind: EntryKind,
    by: &By<'_>,
    body: &str,
    key: &str,
) -> Result<Option<TicketEntryId>> {
    if is_known(work, row.id, key).await? {
        return Ok(None);
    }
    let id: TicketEntryId = work.id();
    entry::ActiveModel {
        id: Set(id),
        tenant_id: Set(row.tenant_id),
        ticket_id: Set(row.id),
        seq: Set(row.revision),
        kind: Set(kind),
        side: Set(by.side),
        author_id: Set(by.account),
        author_name: Set(by.name.to_owned()),
        body: Set(body.to_owned()),
        entry_key: Set(key.to_owned()),
        created_at: Set(work.now()),
    }
    .insert(work.write())
    .await?;
    Ok(Some(id))
}

/// Whether an entry of this key was written.
pub async fn is_known(work: &Work, id: TicketId, key: &str) -> Result<bool> {
    let tx = work.read();
    let found = entry::Entity::within(tx.reach()).filter(entry::Column::TicketId.eq(id)).filter(entry::Column::EntryKey.eq(key));
    Ok(found.count(tx).await? > 0)
}

/// Writes one field with its moment, and the entry that says so. `row` is changed along.
pub async fn set_field(work: &mut Work, row: &mut ticket::Model, field: Field, value: &str, at: Moment, by: &By<'_>) -> Result<()> {
    let (column, at_column) = match field {
        Field::Subject => (ticket::Column::Subject, ticket::Column::SubjectAt),
        Field::Priority => (ticket::Column::Priority, ticket::Column::PriorityAt),
        Field::Status => (ticket::Column::Status, ticket::Column::StatusAt),
    };
    let mut set: Vec<(ticket::Column, SimpleExpr)> = vec![(column, Expr::value(value.to_owned())), (at_column, Expr::value(at.0))];
    if field == Field::Status {
        let done = value.parse().is_ok_and(crate::tickets::ticket::is_done);
        row.resolved_at = done.then(|| row.resolved_at.unwrap_or(work.now()));
        set.push((ticket::Column::ResolvedAt, Expr::value(row.resolved_at.map(|at| at.0))));
    }
    let mut update = ticket::Entity::update_many().filter(ticket::Column::Id.eq(row.id));
    for (column, value) in set {
        update = update.col_expr(column, value);
    }
    update.exec(work.write()).await?;
    match field {
        Field::Subject => (row.subject, row.subject_at) = (value.to_owned(), at),
        Field::Priority => (row.priority, row.priority_at) = (value.parse().map_err(anyhow::Error::msg)?, at),
        Field::Status => (row.status, row.status_at) = (value.parse().map_err(anyhow::Error::msg)?, at),
    }
    write(work, row, EntryKind::Change, by, &field.words(value), &field.key(value, at)).await?;
    Ok(())
}

/// What this revision holds goes to systems outside, by the outbox.
pub async fn tell_outside(work: &mut Work, row: &ticket::Model) -> Result<()> {
    ticket::Entity::update_many()
        .col_expr(ticket::Column::OutgoingRevision, Expr::value(row.revision))
        .filter(ticket::Column::Id.eq(row.id))
        .exec(work.write())
        .await?;
    work.tell(&TicketChanged { tenant: row.tenant_id, ticket: row.id, revision: row.revision })
}

/// What an event says of the ticket now.
pub async fn about(work: &Work, row: &ticket::Model) -> Result<About> {
    let tx = work.read();
    let requester = match row.contact_id {
        Some(contact) => tenancy::contact_in(tx, contact).await?.and_then(|contact| contact.account_id),
        None => None,
    };
    let desk = match row.assignee_id {
        Some(account) => vec![account],
        None => tenancy::staff_of(tx, row.tenant_id, &[StaffRole::Owner, StaffRole::Admin, StaffRole::Member]).await?,
    };
    Ok(About {
        tenant: row.tenant_id,
        ticket: row.id,
        number: row.number,
        title: row.subject.clone(),
        company: row.company_id,
        status: row.status.label(),
        requester,
        assignee: row.assignee_id,
        desk,
    })
}
