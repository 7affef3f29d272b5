//! A ticket that needs a lawyer becomes a matter; both know of each other. Once.

use entity::{
    ids::MatterId,
    matters::{MatterKind, Urgency},
    tickets::{EntryKind, EntrySide, TicketPriority, ticket},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::entry::{self, By};
use crate::{
    audit,
    matters::{self, MatterOpener, OpenMatter},
    platform::{Result, Work},
    tickets::DeskWorker,
};

/// The matter, and whether it is new.
pub async fn open_matter(work: &mut Work, who: &DeskWorker, opener: &MatterOpener, kind: MatterKind) -> Result<(MatterId, bool)> {
    let row = entry::hold(work, who.ticket.id).await?;
    if let Some(matter) = row.matter_id {
        work.counts_as_audited("the matter is open already; nothing changes");
        return Ok((matter, false));
    }
    let input = OpenMatter {
        id: work.id(),
        tenant: row.tenant_id,
        company: Some(row.company_id),
        title: row.subject.chars().take(200).collect(),
        kind,
        urgency: match row.priority {
            TicketPriority::Urgent => Urgency::Urgent,
            TicketPriority::High => Urgency::High,
            TicketPriority::Normal | TicketPriority::Low => Urgency::Normal,
        },
        description: format!("From ticket #{} of {}.\n\n{}", row.number, row.opened_by_name, said(&row)),
        key: format!("ticket:{}", row.id),
    };
    let (matter, is_new) = matters::open(work, opener, input).await?;
    let caller = &who.desk.caller;
    let by = By { side: EntrySide::Staff, account: Some(caller.account), name: &caller.name };
    link(work, &row, matter, &by).await?;
    Ok((matter, is_new))
}

async fn link(work: &mut Work, row: &ticket::Model, matter: MatterId, by: &By<'_>) -> Result<()> {
    ticket::Entity::update_many()
        .col_expr(ticket::Column::MatterId, Expr::value(Some(matter.0)))
        .filter(ticket::Column::Id.eq(row.id))
        .exec(work.write())
        .await?;
    // That there is a matter is privileged: a note, which no client sees.
    entry::write(work, row, EntryKind::Note, by, "Opened a matter from this ticket.", &format!("matter:{matter}")).await?;
    let line = audit::Line::new("ticket.matter_opened", format!("ticket:{}", row.id))
        .tenant(row.tenant_id)
        .with("matter", matter.to_string());
    audit::record(work, line).await
}

/// What the ticket asks, with its answers.
fn said(row: &ticket::Model) -> String {
    let answers: Vec<(String, String)> = serde_json::from_str(&row.answers).unwrap_or_default();
    let mut text: Vec<String> = answers.into_iter().map(|(question, answer)| format!("{question}: {answer}")).collect();
    if !row.description.is_empty() {
        text.push(row.description.clone());
    }
    if text.is_empty() {
        text.push(row.subject.clone());
    }
    text.join("\n").chars().take(19_000).collect()
}
