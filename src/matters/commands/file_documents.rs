//! Files documents that came into the vault for this matter: whoever takes part may read them, and is told in the conversation.

use entity::ids::DocumentId;

use super::step;
use crate::{
    audit,
    matters::{Uploader, queries},
    messaging,
    platform::{Result, Work},
    vault::{self, Audience},
};

/// `names` are the files' names as they are shown.
pub async fn file_documents(work: &mut Work, uploader: &Uploader, documents: &[DocumentId], names: &[String]) -> Result<()> {
    let row = uploader.now(work).await?;
    let name = &uploader.view.caller.name;
    let people = queries::participants(work.read(), row.id).await?;
    for document in documents {
        for person in &people {
            vault::grant(work, *document, Audience::Account(person.account_id)).await?;
        }
    }
    let words = match names {
        [one] => format!("{name} added “{one}”"),
        many => format!("{name} added {} documents: {}", many.len(), many.join(", ")),
    };
    messaging::post_status(work, row.conversation_id, &words).await?;
    step::touch(work, row.id).await?;
    let line = audit::Line::new("matter.documents_added", format!("matter:{}", row.id))
        .tenant(row.tenant_id)
        .with("documents", documents.iter().map(ToString::to_string).collect::<Vec<_>>());
    audit::record(work, line).await
}
