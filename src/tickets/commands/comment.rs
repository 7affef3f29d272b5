//! Says something on a ticket: a client, or staff to the client or among themselves. The same key again says nothing twice.

use entity::{
    ids::TicketId,
    tickets::{EntryKind, EntrySide, TicketStatus, ticket},
};

use super::entry::{self, By};
use crate::{
    audit,
    platform::{FieldErrors, Result, Work},
    programs::{May, WriteTickets},
    tickets::{
        ClientTicket, DeskWorker, Field, events,
        ticket::{after_client_wrote, check_text, is_done},
    },
};

#[derive(Clone, Debug)]
pub struct Comment {
    pub body: String,
    /// The writer's own key of this comment.
    pub key: String,
}

impl Comment {
    pub fn check(&self) -> Result<()> {
        let mut errors = FieldErrors::default();
        check_text("body", self.body.trim(), "Write something first.", &mut errors);
        errors.check()
    }
}

/// The client writes; what was done is open again, what waited for them goes on. False where it was said before.
pub async fn comment_as_client(work: &mut Work, who: &ClientTicket, input: &Comment) -> Result<bool> {
    input.check()?;
    let caller = &who.client.caller;
    let by = By { side: EntrySide::Client, account: Some(caller.account), name: &caller.name };
    let key = format!("comment:{}:{}", caller.account, input.key);
    let mut row = entry::hold(work, who.ticket.id).await?;
    if !say(work, &row, EntryKind::Comment, &by, input, &key).await? {
        return Ok(false);
    }
    let was_done = is_done(row.status);
    if let Some(next) = after_client_wrote(row.status, row.assignee_id.is_some()) {
        set_status(work, &mut row, next, &by).await?;
    }
    let about = entry::about(work, &row).await?;
    if was_done {
        work.tell(&events::TicketReopened { about })?
    } else {
        work.tell(&events::TicketWritten { about })?
    }
    Ok(true)
}

/// Staff write: to the client, or, `internal`, among themselves; `then` moves the status along.
pub async fn comment_as_staff(
    work: &mut Work,
    who: &DeskWorker,
    input: &Comment,
    internal: bool,
    then: Option<TicketStatus>,
) -> Result<bool> {
    input.check()?;
    let caller = &who.desk.caller;
    let by = By { side: EntrySide::Staff, account: Some(caller.account), name: &caller.name };
    let kind = if internal { EntryKind::Note } else { EntryKind::Comment };
    let key = format!("comment:{}:{}", caller.account, input.key);
    let mut row = entry::hold(work, who.ticket.id).await?;
    if !say(work, &row, kind, &by, input, &key).await? {
        return Ok(false);
    }
    if let Some(next) = then.filter(|next| *next != row.status) {
        set_status(work, &mut row, next, &by).await?;
    }
    if !internal {
        let about = entry::about(work, &row).await?;
        work.tell(&events::TicketAnswered { about })?;
    }
    Ok(true)
}

async fn say(work: &mut Work, row: &ticket::Model, kind: EntryKind, by: &By<'_>, input: &Comment, key: &str) -> Result<bool> {
    if entry::write(work, row, kind, by, input.body.trim(), key).await?.is_none() {
        work.counts_as_audited("it was said before; nothing changes");
        return Ok(false);
    }
    let action = if kind == EntryKind::Note { "ticket.noted" } else { "ticket.commented" };
    audit::record(work, audit::Line::new(action, format!("ticket:{}", row.id)).tenant(row.tenant_id)).await?;
    entry::tell_outside(work, row).await?;
    Ok(true)
}

/// A further step of the same work: its own revision, so that what goes outside keeps its order.
pub(super) async fn set_status(work: &mut Work, row: &mut ticket::Model, next: TicketStatus, by: &By<'_>) -> Result<()> {
    *row = entry::hold(work, row.id).await?;
    let at = Field::Status.next_at(row, work.now());
    entry::set_field(work, row, Field::Status, next.word(), at, by).await?;
    let line = audit::Line::new("ticket.changed", format!("ticket:{}", row.id)).tenant(row.tenant_id).with("status", next.word());
    audit::record(work, line).await?;
    entry::tell_outside(work, row).await
}

/// A program of the MSP's answers, in its own name.
pub async fn comment_as_program(work: &mut Work, who: &May<WriteTickets>, id: TicketId, input: &Comment) -> Result<bool> {
    input.check()?;
    let by = By { side: EntrySide::Staff, account: None, name: &who.name };
    let key = format!("comment:{}:{}", who.key.map(|key| key.to_string()).unwrap_or_default(), input.key);
    let row = entry::hold(work, id).await?;
    if !say(work, &row, EntryKind::Comment, &by, input, &key).await? {
        return Ok(false);
    }
    let about = entry::about(work, &row).await?;
    work.tell(&events::TicketAnswered { about })?;
    Ok(true)
}
