//! Takes in what another system (the PSA) says of a ticket, and notes what it has seen of ours.
//!
//! Both sides write; nobody waits for the other. Comments are a set: each is known by its writer's id, and none is written twice.
//! Fields are written with a moment; the later writing stands on both sides (at the same moment: theirs), and a writing that came
//! too late is recorded. A snapshot that is older than one we have heard says nothing about fields any more.

use entity::{
    Moment,
    ids::{CompanyId, ContactId, TenantId, TicketEntryId, TicketId},
    tickets::{EntryKind, EntrySide, TicketCategory, TicketPriority, TicketStatus, entry as entries, ticket},
    wall::Walled,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr};

use super::{
    change::tell_client,
    entry::{self, By},
    open::{NewRow, insert},
};
use crate::{
    audit,
    platform::{Error, Refusal, Result, Work},
    tickets::{
        Field, events, queries,
        ticket::{TEXT_LIMIT, clean_subject},
    },
};

/// A field as the other system holds it, in our words.
#[derive(Clone, Debug)]
pub struct Stamped {
    pub field: Field,
    pub value: String,
    pub at: Moment,
}

/// Something said there, or an echo of what was said here.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Theirs.
    pub id: String,
    /// The entry here that it is, where it was said here.
    pub ours: Option<TicketEntryId>,
    pub author: String,
    pub body: String,
    pub internal: bool,
    pub by_client: bool,
}

/// A ticket as the other system has it.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub outside_ref: String,
    /// Grows with every change there.
    pub version: i64,
    pub fields: Vec<Stamped>,
    pub comments: Vec<Comment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Something of it was new.
    News,
    /// All of it was known.
    Known,
}

/// What is new in the snapshot. `name` is what the other system is called.
pub async fn receive(work: &mut Work, id: TicketId, snapshot: &Snapshot, name: &str) -> Result<Heard> {
    let row = queries::ticket(work.read(), id).await?.ok_or(Error::NotFound)?;
    if !has_news(work, &row, snapshot).await? {
        work.counts_as_audited("all of it was known");
        return Ok(Heard::Known);
    }
    let mut row = entry::hold(work, id).await?;
    link(work, &mut row, &snapshot.outside_ref).await?;
    for comment in &snapshot.comments {
        take_comment(work, &row, comment, name).await?;
    }
    if snapshot.version >= row.outside_version {
        let (status, is_newer) = (row.status, snapshot.version > row.outside_version);
        for stamped in &snapshot.fields {
            // Of the same one again: what could not be read before, as a status that is matched now.
            if is_newer || is_later(&row, stamped) {
                take_field(work, &mut row, stamped, name).await?;
            }
        }
        ticket::Entity::update_many()
            .col_expr(ticket::Column::OutsideVersion, Expr::value(snapshot.version))
            .filter(ticket::Column::Id.eq(id))
            .exec(work.write())
            .await?;
        if row.status != status {
            tell_client(work, &row).await?;
        }
    }
    let line = audit::Line::new("ticket.changed_outside", format!("ticket:{id}"))
        .tenant(row.tenant_id)
        .with("outside_ref", snapshot.outside_ref.clone())
        .with("version", snapshot.version);
    audit::record(work, line).await?;
    Ok(Heard::News)
}

async fn has_news(work: &Work, row: &ticket::Model, snapshot: &Snapshot) -> Result<bool> {
    if row.outside_ref.is_none() || snapshot.version > row.outside_version {
        return Ok(true);
    }
    if snapshot.version == row.outside_version && snapshot.fields.iter().any(|stamped| is_later(row, stamped)) {
        return Ok(true);
    }
    for comment in &snapshot.comments {
        if is_new(work, row, comment).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Theirs stands: it was written later, or at the same moment.
fn is_later(row: &ticket::Model, stamped: &Stamped) -> bool {
    let (stands, since) = stamped.field.of(row);
    stamped.at > since || (stamped.at == since && stands != stamped.value)
}

/// Ties it to their ticket; one of theirs is one of ours.
async fn link(work: &mut Work, row: &mut ticket::Model, outside_ref: &str) -> Result<()> {
    match &row.outside_ref {
        Some(known) if known == outside_ref => Ok(()),
        Some(known) => Err(Refusal::new(
            "linked_elsewhere",
            format!("This ticket is {known} there already."),
            format!("Close {outside_ref} there as a duplicate."),
        )
        .into()),
        None => {
            ticket::Entity::update_many()
                .col_expr(ticket::Column::OutsideRef, Expr::value(outside_ref))
                .filter(ticket::Column::Id.eq(row.id))
                .exec(work.write())
                .await?;
            row.outside_ref = Some(outside_ref.to_owned());
            Ok(())
        }
    }
}

fn comment_key(comment: &Comment) -> String {
    format!("outside:{}", comment.id)
}

async fn is_new(work: &Work, row: &ticket::Model, comment: &Comment) -> Result<bool> {
    if let Some(ours) = comment.ours {
        let tx = work.read();
        let mine =
            entries::Entity::within(tx.reach()).filter(entries::Column::Id.eq(ours)).filter(entries::Column::TicketId.eq(row.id));
        if mine.count(tx).await? > 0 {
            return Ok(false);
        }
    }
    Ok(!entry::is_known(work, row.id, &comment_key(comment)).await?)
}

async fn take_comment(work: &mut Work, row: &ticket::Model, comment: &Comment, name: &str) -> Result<()> {
    if !is_new(work, row, comment).await? {
        return Ok(());
    }
    let author = clean_subject(&comment.author);
    let author = if author.is_empty() { name } else { author.as_str() };
    let author: String = author.chars().take(200).collect();
    let body: String = comment.body.trim().chars().take(TEXT_LIMIT).collect();
    let kind = if comment.internal { EntryKind::Note } else { EntryKind::Comment };
    let by = By { side: EntrySide::Outside, account: None, name: &author };
    entry::write(work, row, kind, &by, &body, &comment_key(comment)).await?;
    if comment.internal {
        return Ok(());
    }
    let about = entry::about(work, row).await?;
    let account = None;
    if comment.by_client {
        work.tell_of(account, &author, &events::TicketWritten { about })
    } else {
        work.tell_of(account, &author, &events::TicketAnswered { about })
    }
}

async fn take_field(work: &mut Work, row: &mut ticket::Model, stamped: &Stamped, name: &str) -> Result<()> {
    let Stamped { field, value, at } = stamped;
    let (stands, since) = field.of(row);
    if stands == *value && since == *at {
        return Ok(());
    }
    let by = By { side: EntrySide::Outside, account: None, name };
    if is_later(row, stamped) {
        return entry::set_field(work, row, *field, value, *at, &by).await;
    }
    // Theirs is older. What they had from the beginning, and what we have heard or said before, is no loss.
    if *at <= row.opened_at || stands == *value {
        return Ok(());
    }
    let words = format!("{}; “{}” was set later and stands", field.words(value), field.label(&stands));
    entry::write(work, row, EntryKind::Overruled, &by, &words, &field.key(value, *at)).await?;
    Ok(())
}

/// A ticket that was opened there.
#[derive(Clone, Debug)]
pub struct Opened {
    pub tenant: TenantId,
    pub company: CompanyId,
    pub contact: Option<ContactId>,
    pub opened_by_name: String,
    pub category: Option<TicketCategory>,
    pub description: String,
}

/// The ticket for theirs; the one there is where it was taken before.
pub async fn receive_new(work: &mut Work, opened: Opened, snapshot: &Snapshot, name: &str) -> Result<TicketId> {
    if let Some(row) = queries::by_outside_ref(work.read(), opened.tenant, &snapshot.outside_ref).await? {
        receive(work, row.id, snapshot, name).await?;
        return Ok(row.id);
    }
    let now = work.now();
    let field = |field: Field| snapshot.fields.iter().find(|stamped| stamped.field == field);
    let at = |wanted: Field| field(wanted).map_or(now, |stamped| stamped.at);
    let value = |wanted: Field| field(wanted).map(|stamped| stamped.value.clone());
    let row = insert(
        work,
        NewRow {
            tenant: opened.tenant,
            company: opened.company,
            contact: opened.contact,
            opened_by: None,
            opened_by_name: if opened.opened_by_name.trim().is_empty() {
                name.to_owned()
            } else {
                clean_subject(&opened.opened_by_name)
            },
            subject: value(Field::Subject).unwrap_or_else(|| "A ticket without a subject".to_owned()),
            category: opened.category.unwrap_or(TicketCategory::Other),
            priority: value(Field::Priority).and_then(|text| text.parse().ok()).unwrap_or(TicketPriority::Normal),
            status: value(Field::Status).and_then(|text| text.parse().ok()).unwrap_or(TicketStatus::Open),
            description: opened.description.trim().chars().take(TEXT_LIMIT).collect(),
            service: None,
            key: format!("outside:{}", snapshot.outside_ref),
            outside_ref: Some(snapshot.outside_ref.clone()),
            outside_version: snapshot.version,
            at: [at(Field::Subject), at(Field::Priority), at(Field::Status)],
        },
    )
    .await?;
    for comment in &snapshot.comments {
        take_comment(work, &row, comment, name).await?;
    }
    Ok(row.id)
}

/// The other system has taken everything up to this revision.
pub async fn note_seen(work: &mut Work, id: TicketId, outside_ref: &str, revision: i64) -> Result<()> {
    let now = work.now();
    let mut row = queries::ticket(work.read(), id).await?.ok_or(Error::NotFound)?;
    link(work, &mut row, outside_ref).await?;
    ticket::Entity::update_many()
        .col_expr(ticket::Column::SeenAt, Expr::value(now.0))
        .col_expr(ticket::Column::SeenRevision, Expr::value(revision.max(row.seen_revision)))
        .col_expr(ticket::Column::Trouble, Expr::value(Option::<String>::None))
        .col_expr(ticket::Column::TroubleAt, Expr::value(Option::<i64>::None))
        .col_expr(ticket::Column::TroubleAway, Expr::value(false))
        .filter(ticket::Column::Id.eq(id))
        .exec(work.write())
        .await?;
    work.counts_as_audited("that the other system has seen it is no deed");
    Ok(())
}

/// Why the other system has not seen it; `away` where it does not answer at all.
pub async fn note_trouble(work: &mut Work, id: TicketId, words: &str, away: bool) -> Result<()> {
    let now = work.now();
    let row = queries::ticket(work.read(), id).await?.ok_or(Error::NotFound)?;
    ticket::Entity::update_many()
        .col_expr(ticket::Column::Trouble, Expr::value(words))
        .col_expr(ticket::Column::TroubleAt, Expr::value(row.trouble_at.unwrap_or(now).0))
        .col_expr(ticket::Column::TroubleAway, Expr::value(away))
        .filter(ticket::Column::Id.eq(id))
        .exec(work.write())
        .await?;
    work.counts_as_audited("that the other system has not seen it is no deed");
    Ok(())
}
