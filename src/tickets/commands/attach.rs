//! Puts files that came into the vault on a ticket; both sides read them.

use entity::{
    ids::DocumentId,
    tickets::{EntryKind, EntrySide, ticket},
};

use super::entry::{self, By};
use crate::{
    audit,
    platform::{Actor, Result, Work},
};

pub async fn attach(
    work: &mut Work,
    row: &ticket::Model,
    side: EntrySide,
    documents: &[DocumentId],
    names: &[String],
) -> Result<()> {
    let row = entry::hold(work, row.id).await?;
    let actor: Actor = work.actor().clone();
    let by = By { side, account: actor.account, name: &actor.name };
    let words = format!("attached {}", names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", "));
    let key = format!("files:{}", documents.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
    if entry::write(work, &row, EntryKind::Change, &by, &words, &key).await?.is_some() {
        entry::tell_outside(work, &row).await?;
    }
    let line = audit::Line::new("ticket.documents_added", format!("ticket:{}", row.id))
        .tenant(row.tenant_id)
        .with("documents", documents.iter().map(ToString::to_string).collect::<Vec<_>>());
    audit::record(work, line).await
}
