//! The files of a form, streamed into the vault and put on the ticket.

use std::sync::Arc;

use entity::{
    Reach,
    ids::{DocumentId, TicketId},
    tickets::{EntrySide, ticket},
};

use crate::{
    platform::{Actor, Error, Platform, Result, Tx},
    tenancy::Caller,
    tickets::{commands::attach::attach, owner, queries::attachments_of},
    vault::{self, Audience, Category, NewDocument, Upload},
};

/// Files in one form.
const FILES: usize = 20;

/// The files this person has put on the ticket already. A form that comes again after the line was cut in its files brings the rest
/// of them: what is there is passed over.
pub async fn there(tx: &Tx, caller: &Caller, id: TicketId) -> Result<Vec<String>> {
    let mine = attachments_of(tx, caller, id).await?.into_iter().filter(|row| row.created_by == Some(caller.account));
    Ok(mine.map(|row| row.file_name).collect())
}

/// What was taken stays; a sentence where one was not. The names `there` are passed over.
pub async fn take(
    platform: &Arc<Platform>,
    actor: Actor,
    reach: Reach,
    row: &ticket::Model,
    side: EntrySide,
    upload: &mut Upload,
    there: &[String],
) -> Result<Option<String>> {
    let mut documents: Vec<DocumentId> = Vec::new();
    let mut names = Vec::new();
    let mut refused = None;
    let mut audience = vec![Audience::Staff, Audience::Company(row.company_id)];
    audience.extend(row.contact_id.map(Audience::Contact));
    audience.extend(actor.account.map(Audience::Account));
    loop {
        let file = match upload.next_file().await {
            Ok(Some(file)) => file,
            Ok(None) => break,
            Err(error) => {
                refused = Some(why("", error)?);
                break;
            }
        };
        let name = vault::file_name::clean(&file.name);
        if there.contains(&name) {
            continue;
        }
        if names.len() == FILES {
            refused = Some(format!("At most {FILES} files at once; {name} and those after it were left out."));
            break;
        }
        let new = NewDocument {
            tenant: row.tenant_id,
            company: Some(row.company_id),
            category: Category::Correspondence,
            title: name.clone(),
            file_name: file.name.clone(),
            media_type: String::new(),
            owner: owner(row.id),
            audience: audience.clone(),
        };
        match vault::receive(platform, actor.clone(), reach.clone(), new, file).await {
            Ok(id) => {
                documents.push(id);
                names.push(name);
            }
            Err(error) => {
                refused = Some(why(&name, error)?);
                break;
            }
        }
    }
    if refused.is_some() {
        upload.drain().await;
    }
    if !documents.is_empty() {
        let mut work = platform.work(actor, reach).await?;
        attach(&mut work, row, side, &documents, &names).await?;
        work.commit().await?;
    }
    Ok(refused)
}

/// What a person is told about a file that was not taken; our own faults stay faults.
fn why(name: &str, error: Error) -> Result<String> {
    let words = match &error {
        Error::Invalid(_) | Error::Refused(_) => error.detail(),
        _ => return Err(error),
    };
    Ok(if name.is_empty() { words } else { format!("{name}: {words}") })
}
