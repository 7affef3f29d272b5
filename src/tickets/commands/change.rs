//! Staff change a ticket: status, priority, subject, and who has it.

use entity::{
    ids::AccountId,
    tickets::{EntryKind, EntrySide, TicketPriority, TicketStatus, ticket},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::entry::{self, By};
use crate::{
    audit, identity,
    platform::{Error, FieldErrors, Result, Work},
    tenancy,
    tickets::{
        DeskWorker, Field, events,
        ticket::{check_subject, clean_subject},
    },
};

/// What shall be otherwise; the rest stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub subject: Option<String>,
    pub priority: Option<TicketPriority>,
    pub status: Option<TicketStatus>,
    /// `Some(None)`: nobody.
    pub assignee: Option<Option<AccountId>>,
}

/// False where all was so already.
pub async fn change(work: &mut Work, who: &DeskWorker, input: &Change) -> Result<bool> {
    let caller = &who.desk.caller;
    let by = By { side: EntrySide::Staff, account: Some(caller.account), name: &caller.name };
    let mut row = entry::hold(work, who.ticket.id).await?;
    let subject = input.subject.as_deref().map(clean_subject);
    if let Some(subject) = &subject {
        let mut errors = FieldErrors::default();
        check_subject(subject, &mut errors);
        errors.check()?;
    }
    let wanted = [
        (Field::Subject, subject),
        (Field::Priority, input.priority.map(|word| word.word().to_owned())),
        (Field::Status, input.status.map(|word| word.word().to_owned())),
    ];
    let mut changed = false;
    for (field, value) in wanted {
        let Some(value) = value.filter(|value| *value != field.of(&row).0) else { continue };
        if changed {
            row = entry::hold(work, row.id).await?;
        }
        let at = field.next_at(&row, work.now());
        entry::set_field(work, &mut row, field, &value, at, &by).await?;
        let line = audit::Line::new("ticket.changed", format!("ticket:{}", row.id)).tenant(row.tenant_id).with(field.word(), value);
        audit::record(work, line).await?;
        entry::tell_outside(work, &row).await?;
        if field == Field::Status {
            tell_client(work, &row).await?;
        }
        changed = true;
    }
    if let Some(assignee) = input.assignee.filter(|assignee| *assignee != row.assignee_id) {
        give(work, &mut row, assignee, &by).await?;
        changed = true;
    }
    if !changed {
        work.counts_as_audited("nothing changes");
    }
    Ok(changed)
}

/// A client hears that it waits for them, and that it is done.
pub(super) async fn tell_client(work: &mut Work, row: &ticket::Model) -> Result<()> {
    match row.status {
        TicketStatus::WaitingOnClient => {
            let about = entry::about(work, row).await?;
            work.tell(&events::TicketAsked { about })
        }
        TicketStatus::Resolved => {
            let about = entry::about(work, row).await?;
            work.tell(&events::TicketResolved { about })
        }
        _ => Ok(()),
    }
}

async fn give(work: &mut Work, row: &mut ticket::Model, assignee: Option<AccountId>, by: &By<'_>) -> Result<()> {
    let name = match assignee {
        None => None,
        Some(account) => {
            if tenancy::staff_by_account(work.read(), row.tenant_id, account).await?.is_none() {
                return Err(Error::invalid("assignee", "Choose somebody of your team."));
            }
            Some(identity::account(work.read(), account).await?.ok_or(Error::NotFound)?.name)
        }
    };
    ticket::Entity::update_many()
        .col_expr(ticket::Column::AssigneeId, Expr::value(assignee.map(|account| account.0)))
        .col_expr(ticket::Column::AssigneeName, Expr::value(name.clone()))
        .filter(ticket::Column::Id.eq(row.id))
        .exec(work.write())
        .await?;
    (row.assignee_id, row.assignee_name) = (assignee, name.clone());
    let words = match &name {
        Some(name) => format!("gave it to {name}"),
        None => "took it from whom had it".to_owned(),
    };
    // Who has it is the MSP's own; the revision is its key.
    let key = format!("assignee@{}", row.revision);
    entry::write(work, row, EntryKind::Change, by, &words, &key).await?;
    let line = audit::Line::new("ticket.assigned", format!("ticket:{}", row.id)).tenant(row.tenant_id).with("to", name);
    audit::record(work, line).await?;
    let about = entry::about(work, row).await?;
    work.tell(&events::TicketAssigned { about })
}
